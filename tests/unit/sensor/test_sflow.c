#include "sensor/sflow.h"

#include "lib/check.h"
#include "unit/sensor/export_fixture.h"

#define HEAD "00000005 00000001 c6120001 00000000 00000009 00000001 00000001 "
/* a sample: sequence, source, 1 in 512, pool, drops, input, output, one record */
#define SAMPLE "00000001 00000001 00000200 00001000 00000000 00000003 00000004 00000001 "
#define FRAME                                                                                                \
    "010203040506 0a0b0c0d0e0f 0800 4500 0020 0001 0000 40 11 0000 c0000201 c6336401 3039 0035 000c 0000 "   \
    "61626364"
#define RAW_RECORD "00000001 00000040 00000001 00000032 00000004 0000002e " FRAME "0000 "

static void a_sample_is_a_flow_of_one_packet(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD "00000001 00000068" SAMPLE RAW_RECORD);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.malformed, 0);
    assert_int_equal(f.count, 1);
    assert_int_equal(f.flows[0].sampling, 512);
    assert_int_equal(f.flows[0].packets, 1);
    assert_int_equal(f.flows[0].bytes, 32);
    assert_int_equal(f.flows[0].target_port, 53);
    assert_int_equal(f.flows[0].input, 3);
    assert_int_equal(f.flows[0].output, 4);
    assert_int_equal(exporter_nth(f.book, 0)->next_sequence, 10);
    export_fixture_end(&f);
}

static void what_the_agent_made_of_it_is_read_too(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(
        HEAD "00000001 00000048" SAMPLE
             "00000003 00000020 00000064 00000006 c0000201 c6336401 00003039 00000050 "
             "00000002 00000000");
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.count, 1);
    assert_int_equal(f.flows[0].bytes, 100);
    assert_int_equal(f.flows[0].tcp_flags, TCP_SYN);
    export_fixture_end(&f);
}

static void counters_are_no_traffic(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD "00000002 00000004 00000000");
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.options, 1);
    assert_int_equal(f.count, 0);
    export_fixture_end(&f);
}

static void what_is_cut_is_malformed(void **state)
{
    static const char *const CASES[] = {
        "00000004 00000001 c6120001 00000000 00000009 00000001 00000001",
        "00000005 00000003 c6120001 00000000 00000009 00000001 00000001",
        "00000005 00000001 c6120001 00000000",
        HEAD "00000001 000000ff 00",
        HEAD "00000001 00000008 00000001 00000001",
        "00000005 00000001 c6120001 00000000 00000009 00000001 ffffffff",
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct export_fixture f;
        export_fixture_begin(&f);
        struct bytes datagram = bytes_of(CASES[i]);
        export_fixture_read(&f, &datagram);
        assert_int_equal(f.count, 0);
        assert_int_equal(f.result.malformed, 1);
        export_fixture_end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_is_a_flow_of_one_packet),
        cmocka_unit_test(what_the_agent_made_of_it_is_read_too),
        cmocka_unit_test(counters_are_no_traffic),
        cmocka_unit_test(what_is_cut_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
