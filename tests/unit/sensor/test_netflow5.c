#include "sensor/netflow5.h"

#include "lib/check.h"
#include "unit/sensor/export_fixture.h"

/* count, uptime 10 s, 2023-11-14T22:13:20.5Z, sequence 1, sampling 1 in 100 */
#define HEAD "0005 0001 00002710 6553f100 1dcd6500 00000001 0102 4064 "
#define RECORD                                                                                               \
    "c0000201 c6336401 00000000 0003 0004 00000005 00000190 00001388 00001770 3039 0050 00 12 06 00 fde8 "   \
    "fde9 "                                                                                                  \
    "18 18 0000"

static void a_record_is_read_whole(void **state)
{
    (void)state;
    struct export_fixture f;
    struct bytes datagram = bytes_of(HEAD RECORD);
    export_fixture_begin(&f);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.records, 1);
    assert_int_equal(f.count, 1);
    const struct flow *flow = &f.flows[0];
    assert_int_equal(ip4_value(&flow->source), 0xC0000201);
    assert_int_equal(ip4_value(&flow->target), 0xC6336401);
    assert_int_equal(flow->input, 3);
    assert_int_equal(flow->output, 4);
    assert_int_equal(flow->packets, 5);
    assert_int_equal(flow->bytes, 400);
    assert_int_equal(flow->first_ms, 1700000000500 - 5000);
    assert_int_equal(flow->last_ms, 1700000000500 - 4000);
    assert_int_equal(flow->source_port, 12345);
    assert_int_equal(flow->target_port, 80);
    assert_int_equal(flow->tcp_flags, 0x12);
    assert_int_equal(flow->protocol, 6);
    assert_int_equal(flow->source_as, 65000);
    assert_int_equal(flow->target_as, 65001);
    assert_int_equal(flow->sampling, 100);
    export_fixture_end(&f);
}

static void what_does_not_fit_its_count_is_malformed(void **state)
{
    (void)state;
    struct export_fixture f;
    struct bytes datagram = bytes_of(HEAD RECORD);
    export_fixture_begin(&f);
    datagram.size--;
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.malformed, 1);
    assert_int_equal(f.count, 0);
    datagram = bytes_of(HEAD RECORD "00");
    export_fixture_read(&f, &datagram); /* the record is there; what is behind it is not one */
    assert_int_equal(f.result.malformed, 2);
    assert_int_equal(f.count, 1);
    datagram = bytes_of("0005 0000 00002710 6553f100 1dcd6500 00000001 0102 0000");
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.malformed, 3);
    export_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_read_whole),
        cmocka_unit_test(what_does_not_fit_its_count_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
