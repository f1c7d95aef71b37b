#include "sensor/flow_open.h"

#include "intel/hash64.h"
#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static const struct flow_rule RULE = {.kind = "amplification/ntp",
                                      .key = FLOW_KEY_TARGET,
                                      .window_ms = 500,
                                      .start_pps = 100,
                                      .start_kbps = 80,
                                      .burst = 4,
                                      .distinct = 2,
                                      .bytes_avg = 50,
                                      .end_ms = 30000};

static struct cell cell_with(uint64_t packets, uint64_t bytes, uint64_t sources)
{
    struct cell cell = {.packets = packets, .bytes = bytes};
    for (uint64_t i = 0; i < sources; i++)
        cell_see(&cell, hash64(&i, sizeof i, 1));
    return cell;
}

static void a_limit_asks_for_volume_sources_and_size(void **state)
{
    static const struct {
        uint64_t packets;
        uint64_t bytes;
        uint64_t sources;
        uint64_t factor;
        uint64_t usual;
        bool passed;
    } CASES[] = {
        {50, 2500, 2, 1, 0, true},   {49, 2450, 2, 1, 0, false},  {49, 5000, 2, 1, 0, true},
        {50, 2499, 2, 1, 0, false},  {50, 2500, 1, 1, 0, false},  {50, 2500, 2, 4, 0, false},
        {200, 10000, 2, 4, 0, true}, {50, 2500, 2, 1, 51, false},
    };
    struct flow_limit limit;
    (void)state;
    flow_limit_init(&limit, &RULE, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct cell cell = cell_with(CASES[i].packets, CASES[i].bytes, CASES[i].sources);
        assert_int_equal(flow_limit_passed(&limit, &cell, CASES[i].factor, CASES[i].usual), CASES[i].passed);
    }
    struct cell half = cell_with(25, 1, 1);
    struct cell less = cell_with(24, 1, 1);
    assert_true(flow_limit_near(&limit, &half));
    assert_false(flow_limit_near(&limit, &less));
    flow_limit_init(&limit, &RULE, 1000);
    assert_int_equal(limit.packets, 500);
}

static void the_evidence_has_the_numbers(void **state)
{
    (void)state;
    struct flow_limit limit;
    struct flow_open open;
    struct buf out;
    char target[128];
    struct flow flow = flow_of("192.0.2.1", "198.51.100.1", 900);
    struct cell_key key = {.address = flow.target, .start_ms = 500};
    struct cell cell = cell_with(100, 9000, 2);
    flow_limit_init(&limit, &RULE, 0);
    flow_open_begin(&open, &key, &limit, &flow, 950);
    flow_open_take(&open, &cell);
    flow_open_see(&open, &flow, 1, 60);
    flow_open_peak(&open, &cell, 950);
    assert_true(flow_open_is(&open, &key));
    key.extra = 1;
    assert_false(flow_open_is(&open, &key));
    flow_open_target(&open, target, sizeof target);
    assert_string_equal(target, "198.51.100.1");
    assert_string_equal(open.kind, "amplification");
    buf_init(&out, 4096);
    flow_open_evidence(&open, "open", &out);
    assert_non_null(strstr(out.data, "{\"state\":\"open\",\"service\":\"ntp\",\"packets\":100,\"bytes\":9000,"
                                     "\"peak_pps\":200,\"peak_bps\":144000,"));
    assert_non_null(strstr(out.data, "\"sources\":1,\"sampling\":1,\"top_sources\":[[\"192.0.2.1\",60]]"));
    buf_done(&out);
}

static void the_target_of_a_scan_is_what_its_targets_share(void **state)
{
    static const struct flow_rule SCAN = {
        .kind = "host-scan", .key = FLOW_KEY_SOURCE, .window_ms = 1000, .distinct = 3};
    (void)state;
    struct flow_limit limit;
    struct flow_open open;
    char target[128];
    struct flow flow = flow_of("192.0.2.1", "198.51.100.1", 0);
    struct cell_key key = {.address = flow.source};
    flow_limit_init(&limit, &SCAN, 0);
    flow_open_begin(&open, &key, &limit, &flow, 0);
    flow = flow_of("192.0.2.1", "198.51.100.200", 0);
    flow_open_see(&open, &flow, 1, 1);
    flow_open_target(&open, target, sizeof target);
    assert_string_equal(target, "198.51.100.0/24");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_asks_for_volume_sources_and_size),
        cmocka_unit_test(the_evidence_has_the_numbers),
        cmocka_unit_test(the_target_of_a_scan_is_what_its_targets_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
