#include "sensor/flowset.h"

#include "lib/check.h"
#include "unit/sensor/export_fixture.h"

#define HEAD9 "0009 0001 00002710 6553f100 00000001 00000000 "
/* source, target, packets and a field of no meaning */
#define TEMPLATE9 "0000 0018 0100 0004 0008 0004 000c 0004 0002 0002 00ff 0002 "
#define DATA9 "0100 001c c0000201 c6336401 0005 aaaa c0000202 c6336402 0006 bbbb "

static void data_is_read_by_its_template(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD9 DATA9);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.untemplated, 1);
    assert_int_equal(f.count, 0);
    datagram = bytes_of(HEAD9 TEMPLATE9 DATA9);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.count, 2);
    assert_int_equal(ip4_value(&f.flows[1].target), 0xC6336402);
    assert_int_equal(f.flows[1].packets, 6);
    assert_int_equal(f.result.malformed, 0);
    export_fixture_end(&f);
}

static void padding_is_no_record(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD9 TEMPLATE9 "0100 0013 c0000201 c6336401 0005 aaaa 000000");
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.count, 1);
    assert_int_equal(f.result.malformed, 0);
    export_fixture_end(&f);
}

static void sets_that_do_not_fit_are_malformed(void **state)
{
    static const char *const CASES[] = {
        HEAD9 "0100 0003",                                         /* shorter than its head */
        HEAD9 "0100 0040 c0000201",                                /* longer than the datagram */
        HEAD9 "0000 000c 0100 0004 0008 0004",                     /* a template that ends in its fields */
        HEAD9 "0000 000c 0100 0001 0008 0000 0100 0008 0001 0203", /* records of no bytes */
        HEAD9 "0005 0008 0000 0000",                               /* an id of nothing */
        "0009 0001",                                               /* no header */
        "000a 0014 6553f100 00000000 00000000 0002",               /* IPFIX shorter than it says */
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

/* a template with a text of any length and a field of an enterprise between source and packets */
#define IPFIX                                                                                                \
    "000a 004b 6553f100 00000000 00000007 "                                                                  \
    "0002 001c 0100 0004 0008 0004 0060 ffff 8001 0004 00007279 0002 0001 "                                  \
    "0100 001e c0000201 03 616263 00000009 05 c0000202 00 00000000 06 000000 "

static void texts_of_any_length_and_enterprises_are_passed(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(IPFIX);
    datagram.at[3] = (uint8_t)datagram.size;
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.malformed, 0);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.flows[0].packets, 5);
    assert_int_equal(f.flows[0].reverse_bytes, 9);
    assert_int_equal(f.flows[1].packets, 6);
    export_fixture_end(&f);
}

static void a_withdrawn_template_reads_no_more(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD9 TEMPLATE9 "0000 0008 0100 0000" DATA9);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.untemplated, 1);
    assert_int_equal(f.count, 0);
    export_fixture_end(&f);
}

static void options_tell_of_the_exporter(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    /* scope of 4 bytes, options of 4 bytes: system; sampling interval of 4 bytes */
    struct bytes datagram = bytes_of(HEAD9 "0001 0012 0101 0004 0004 0001 0004 0022 0004 "
                                           "0101 000c 00000000 000003e8 " TEMPLATE9 DATA9);
    export_fixture_read(&f, &datagram);
    assert_int_equal(f.result.options, 1);
    assert_int_equal(f.count, 2);
    assert_int_equal(f.flows[0].sampling, 1000);
    export_fixture_end(&f);
}

static void lost_datagrams_are_counted(void **state)
{
    (void)state;
    struct export_fixture f;
    export_fixture_begin(&f);
    struct bytes datagram = bytes_of(HEAD9 TEMPLATE9);
    export_fixture_read(&f, &datagram);
    datagram.at[15] = 5;
    export_fixture_read(&f, &datagram);
    assert_int_equal(exporter_nth(f.book, 0)->lost, 3);
    export_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_is_read_by_its_template),
        cmocka_unit_test(padding_is_no_record),
        cmocka_unit_test(sets_that_do_not_fit_are_malformed),
        cmocka_unit_test(texts_of_any_length_and_enterprises_are_passed),
        cmocka_unit_test(a_withdrawn_template_reads_no_more),
        cmocka_unit_test(options_tell_of_the_exporter),
        cmocka_unit_test(lost_datagrams_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
