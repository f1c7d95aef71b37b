#include "sensor/flow_watch.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <stdio.h>
#include <string.h>

enum { TOLD_MAX = 32 };

struct told {
    size_t count;
    char kinds[TOLD_MAX][32];
    char targets[TOLD_MAX][64];
    char evidence[TOLD_MAX][1024];
    int64_t first_ms[TOLD_MAX];
    int64_t last_ms[TOLD_MAX];
};

static enum errc keep(void *context, const struct detection *detection, struct err *err)
{
    struct told *told = context;
    (void)err;
    assert_true(told->count < TOLD_MAX);
    size_t i = told->count++;
    (void)snprintf(told->kinds[i], sizeof told->kinds[i], "%s", detection->kind);
    (void)snprintf(told->targets[i], sizeof told->targets[i], "%s", detection->target);
    (void)snprintf(told->evidence[i], sizeof told->evidence[i], "%s", detection->evidence);
    told->first_ms[i] = detection->first_ms;
    told->last_ms[i] = detection->last_ms;
    return ERR_OK;
}

static const struct loss NONE = {0, 0};
static const int64_t T0 = 1700000000000;

static struct flow_watch *open_watch(struct told *told, bool starts)
{
    struct flow_watch *watch = NULL;
    struct err err;
    const struct flow_watch_options options = {
        .buckets = 1 << 10, .tell_starts = starts, .tell = keep, .context = told};
    memset(told, 0, sizeof *told);
    assert_ok(flow_watch_new(&options, &watch, &err), &err);
    return watch;
}

/* packets a second of SYN from many sources, for so long */
static void flood(struct flow_watch *watch, int64_t from_ms, int64_t for_ms, int per_s)
{
    for (int64_t t = 0; t < for_ms * per_s / 1000; t++) {
        char source[32];
        (void)snprintf(source, sizeof source, "10.%d.%d.1", (int)(t / 250 % 250), (int)(t % 250));
        struct flow flow = flow_of(source, "198.51.100.1", from_ms + t * 1000 / per_s);
        flow.protocol = FLOW_TCP;
        flow.tcp_flags = TCP_SYN;
        flow_watch_add(watch, &flow, flow.last_ms);
    }
}

static void a_flood_is_told_once_with_start_peak_and_end(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    flood(watch, T0, 3000, 2000);
    assert_ok(flow_watch_tick(watch, T0 + 3000, &NONE, &err), &err);
    assert_int_equal(told.count, 0);
    assert_ok(flow_watch_tick(watch, T0 + 33000 + 1, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.kinds[0], "syn-flood");
    assert_string_equal(told.targets[0], "198.51.100.1");
    assert_int_equal(told.first_ms[0], T0);
    assert_in_range(told.last_ms[0], T0 + 2990, T0 + 3000);
    assert_non_null(strstr(told.evidence[0], "\"packets\":6000,\"bytes\":600000,\"peak_pps\":2000"));
    assert_non_null(strstr(told.evidence[0], "\"state\":\"ended\""));
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    flow_watch_free(watch);
}

static void it_is_detected_soon_after_its_onset(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, true);
    int64_t onset = T0 + 130; /* anywhere in a window */
    int64_t t = 0;
    for (; told.count == 0 && t < 5000; t += 50) {
        flood(watch, onset + t, 50, 1500);
        assert_ok(flow_watch_tick(watch, onset + t + 50, &NONE, &err), &err);
    }
    assert_true(told.count == 1 && t <= 1500);
    assert_non_null(strstr(told.evidence[0], "\"state\":\"begun\""));
    flow_watch_free(watch);
}

static void less_than_the_start_is_nothing(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    flood(watch, T0, 10000, 900);
    flood(watch, T0 + 20000, 400, 3000); /* loud for less than a window, and no burst */
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 0);
    flow_watch_free(watch);
}

static void between_start_and_half_of_it_goes_on(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    flood(watch, T0, 2000, 2000);
    for (int64_t t = 2000; t < 60000; t += 1000) {
        flood(watch, T0 + t, 1000, 700);
        assert_ok(flow_watch_tick(watch, T0 + t + 1000, &NONE, &err), &err);
    }
    assert_int_equal(told.count, 0);
    for (int64_t t = 60000; t < 95000; t += 1000) {
        flood(watch, T0 + t, 1000, 300);
        assert_ok(flow_watch_tick(watch, T0 + t + 1000, &NONE, &err), &err);
    }
    assert_int_equal(told.count, 1);
    flow_watch_free(watch);
}

static void a_long_record_is_spread_over_its_span(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    struct flow flow = flow_of("10.0.0.1", "198.51.100.1", T0);
    flow.packets = 60000; /* 1,000 a second for a minute: far from 5,000 */
    flow.first_ms = T0 - 60000;
    flow_watch_add(watch, &flow, T0);
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 0);
    flow.first_ms = T0 - 4000; /* 15,000 a second */
    flow_watch_add(watch, &flow, T0);
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.kinds[0], "udp-flood");
    flow_watch_free(watch);
}

static void sampling_counts(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    struct flow flow = flow_of("10.0.0.1", "198.51.100.1", T0);
    flow.packets = 20;
    flow.sampling = 1000;
    flow_watch_add(watch, &flow, T0);
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.evidence[0], "\"packets\":20000,"));
    flow_watch_free(watch);
}

static void a_bombed_prefix_is_seen_where_no_host_is(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    for (int i = 0; i < 40000; i++) {
        char target[32];
        (void)snprintf(target, sizeof target, "198.51.100.%d", i % 256);
        struct flow flow = flow_of("10.0.0.1", target, T0 + i / 20);
        flow_watch_add(watch, &flow, flow.last_ms);
    }
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.kinds[0], "carpet-bombing");
    assert_string_equal(told.targets[0], "198.51.100.0/24");
    flow_watch_free(watch);
}

static void scans_are_seen_and_busy_clients_are_not(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    struct flow flow = flow_of("10.0.0.1", "198.51.100.1", T0);
    flow.protocol = FLOW_TCP;
    flow.tcp_flags = TCP_SYN;
    for (uint16_t port = 1; port <= 200; port++) {
        flow.target_port = port;
        flow_watch_add(watch, &flow, T0);
    }
    for (int i = 0; i < 1000; i++) { /* another, always to one port */
        struct flow client = flow;
        client.source = ip_from_ip4(77);
        client.target_port = 443;
        flow_watch_add(watch, &client, T0);
    }
    for (uint32_t host = 0; host < 400; host++) {
        struct flow scan = flow;
        scan.source = ip_from_ip4(99);
        scan.target = ip_from_ip4(0xC6330000 + host);
        flow_watch_add(watch, &scan, T0);
    }
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    size_t ports = 0;
    size_t hosts = 0;
    for (size_t i = 0; i < told.count; i++) {
        ports += strcmp(told.kinds[i], "port-scan") == 0;
        hosts += strcmp(told.kinds[i], "host-scan") == 0;
    }
    assert_int_equal(ports, 1);
    assert_int_equal(hosts, 1);
    flow_watch_free(watch);
}

static void what_is_usual_is_no_attack(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    struct flow flow = flow_of("10.0.0.1", "198.51.100.1", T0);
    int64_t t = 0;
    for (; t < 200000; t += 500) { /* 4,600 a second for some minutes: a busy server under the floor */
        flow.packets = 2300;
        flow.first_ms = flow.last_ms = T0 + t;
        flow_watch_add(watch, &flow, T0 + t);
    }
    for (; t < 210000; t += 500) { /* over the floor, but not three times what is usual */
        flow.packets = 4000;
        flow.first_ms = flow.last_ms = T0 + t;
        flow_watch_add(watch, &flow, T0 + t);
    }
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 0);
    for (; t < 215000; t += 500) {
        flow.packets = 40000;
        flow.first_ms = flow.last_ms = T0 + t;
        flow_watch_add(watch, &flow, T0 + t);
    }
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    flow_watch_free(watch);
}

static void only_own_targets_are_watched(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = NULL;
    const struct flow_net net = {ip_of("203.0.113.0"), 24};
    const struct flow_watch_options options = {
        .buckets = 16, .nets = &net, .net_count = 1, .tell = keep, .context = &told};
    memset(&told, 0, sizeof told);
    assert_ok(flow_watch_new(&options, &watch, &err), &err);
    flood(watch, T0, 2000, 5000);
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 0);
    flow_watch_free(watch);
}

static void times_that_cannot_be_are_counted_as_now(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct flow_watch *watch = open_watch(&told, false);
    struct flow flow = flow_of("10.0.0.1", "198.51.100.1", INT64_C(9000000000000000));
    flow.packets = 30000;
    flow_watch_add(watch, &flow, T0);
    flow.first_ms = INT64_C(-9000000000000000);
    flow.last_ms = T0;
    flow_watch_add(watch, &flow, T0);
    assert_int_equal(flow_watch_totals(watch).misdated, 2);
    assert_ok(flow_watch_end(watch, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.last_ms[0], T0);
    flow_watch_free(watch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_is_told_once_with_start_peak_and_end),
        cmocka_unit_test(it_is_detected_soon_after_its_onset),
        cmocka_unit_test(less_than_the_start_is_nothing),
        cmocka_unit_test(between_start_and_half_of_it_goes_on),
        cmocka_unit_test(a_long_record_is_spread_over_its_span),
        cmocka_unit_test(sampling_counts),
        cmocka_unit_test(a_bombed_prefix_is_seen_where_no_host_is),
        cmocka_unit_test(scans_are_seen_and_busy_clients_are_not),
        cmocka_unit_test(what_is_usual_is_no_attack),
        cmocka_unit_test(only_own_targets_are_watched),
        cmocka_unit_test(times_that_cannot_be_are_counted_as_now),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
