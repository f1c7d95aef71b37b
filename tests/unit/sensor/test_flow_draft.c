#include "sensor/flow_draft.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static const struct flow_clock CLOCK = {1700000000000, 10000};

static void add(struct flow_draft *draft, enum flow_meaning meaning, const char *hex)
{
    static struct bytes kept[16];
    static size_t next;
    struct bytes *bytes = &kept[next++ % 16];
    *bytes = bytes_of(hex);
    flow_draft_add(draft, meaning, bytes->at, bytes->size);
}

static struct flow finish(const struct flow_draft *draft, const struct exporter *exporter)
{
    struct flow flow;
    flow_draft_finish(draft, &CLOCK, exporter, &flow);
    return flow;
}

static void a_zero_gives_way_to_a_value(void **state)
{
    (void)state;
    struct flow_draft draft = {.told = 0};
    struct exporter exporter = {.used = true};
    add(&draft, MEANING_BYTES, "05");
    add(&draft, MEANING_BYTES, "00");
    add(&draft, MEANING_PACKETS, "00");
    add(&draft, MEANING_TOTAL_PACKETS, "0003");
    add(&draft, MEANING_SOURCE_PORT, "000000000000000000"); /* nine bytes are no number */
    struct flow flow = finish(&draft, &exporter);
    assert_int_equal(flow.bytes, 5);
    assert_int_equal(flow.packets, 3);
    assert_int_equal(flow.source_port, 0);
    assert_int_equal(flow.sampling, 1);
}

static void the_family_that_is_not_empty_is_the_address(void **state)
{
    (void)state;
    struct flow_draft draft = {.told = 0};
    struct exporter exporter = {.used = true};
    add(&draft, MEANING_SOURCE_IP4, "c0000201");
    add(&draft, MEANING_SOURCE_IP6, "00000000000000000000000000000000");
    add(&draft, MEANING_TARGET_IP4, "00000000");
    add(&draft, MEANING_TARGET_IP6, "20010db8000000000000000000000001");
    struct flow flow = finish(&draft, &exporter);
    assert_int_equal(flow.source.bits, 32);
    assert_int_equal(flow.target.bits, 128);
    draft = (struct flow_draft){.told = 0};
    add(&draft, MEANING_SOURCE_IP4, "c000");
    assert_int_equal(finish(&draft, &exporter).source.bits, 0);
}

static void times_of_every_unit_are_milliseconds(void **state)
{
    static const struct {
        enum flow_meaning meaning;
        const char *hex;
        int64_t want;
    } CASES[] = {
        {MEANING_LAST_MS, "0000018bcfe567f4", 1699999999988 + 0},
        {MEANING_LAST_S, "6553f0ff", 1699999999000},
        {MEANING_LAST_NTP, "e8fe6f80 80000000", 1699995000000 + 0},
        {MEANING_LAST_UPTIME, "00002328", 1699999999000},
        {MEANING_LAST_AGO_US, "000f4240", 1699999999000},
        {MEANING_EVENT_MS, "0000018bcfe567f4", 1699999999988},
        {MEANING_DURATION_MS, "05", 1700000000000},
    };
    (void)state;
    struct exporter exporter = {.used = true};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct flow_draft draft = {.told = 0};
        add(&draft, CASES[i].meaning, CASES[i].hex);
        struct flow flow = finish(&draft, &exporter);
        if (CASES[i].meaning == MEANING_LAST_NTP)
            assert_int_equal(flow.last_ms, (int64_t)0xe8fe6f80 * 1000 - 2208988800000 + 500);
        else
            assert_int_equal(flow.last_ms, CASES[i].want);
        assert_true(flow.first_ms <= flow.last_ms);
    }
}

static void sampling_is_told_by_options(void **state)
{
    (void)state;
    struct flow_draft options = {.told = 0};
    struct flow_draft draft = {.told = 0};
    struct exporter exporter = {.used = true};
    add(&options, MEANING_SAMPLING, "0001");
    add(&options, MEANING_SAMPLING_SPACE, "03e7");
    flow_draft_options(&options, &exporter);
    assert_int_equal(finish(&draft, &exporter).sampling, 1000);
    add(&options, MEANING_SAMPLER, "07");
    add(&options, MEANING_SAMPLING_SPACE, "0001");
    flow_draft_options(&options, &exporter);
    add(&draft, MEANING_SAMPLER, "07");
    assert_int_equal(finish(&draft, &exporter).sampling, 2);
    add(&draft, MEANING_SAMPLING, "0a");
    assert_int_equal(finish(&draft, &exporter).sampling, 10);
}

static void the_kind_of_icmp_is_its_port(void **state)
{
    (void)state;
    struct flow_draft draft = {.told = 0};
    struct exporter exporter = {.used = true};
    add(&draft, MEANING_PROTOCOL, "01");
    add(&draft, MEANING_ICMP_TYPE, "08");
    add(&draft, MEANING_ICMP_CODE, "01");
    assert_int_equal(finish(&draft, &exporter).target_port, 0x801);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zero_gives_way_to_a_value),
        cmocka_unit_test(the_family_that_is_not_empty_is_the_address),
        cmocka_unit_test(times_of_every_unit_are_milliseconds),
        cmocka_unit_test(sampling_is_told_by_options),
        cmocka_unit_test(the_kind_of_icmp_is_its_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
