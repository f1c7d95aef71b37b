#include "sensor/flow_sensor.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "unit/sensor/bytes_fixture.h"

#include <stdio.h>
#include <string.h>

struct told {
    size_t count;
    char kind[32];
    char target[64];
    struct loss lost;
};

static enum errc keep(void *context, const struct detection *detection, struct err *err)
{
    struct told *told = context;
    (void)err;
    told->count++;
    told->lost = detection->lost;
    (void)snprintf(told->kind, sizeof told->kind, "%s", detection->kind);
    (void)snprintf(told->target, sizeof told->target, "%s", detection->target);
    return ERR_OK;
}

static struct flow_sensor *open_sensor(struct told *told, bool packets_only)
{
    struct flow_sensor *sensor = NULL;
    struct err err;
    const struct flow_sensor_options options = {.watch = {.buckets = 1 << 12, .tell = keep, .context = told},
                                                .packets_only = packets_only};
    memset(told, 0, sizeof *told);
    assert_ok(flow_sensor_new(&options, &sensor, &err), &err);
    return sensor;
}

#define V5                                                                                                   \
    "0005 0001 00002710 6553f100 00000000 00000001 0000 0000 c0000201 c6336401 00000000 0003 0004 00007530 " \
    "00000190 00002700 00002700 3039 0050 00 00 11 00 0000 0000 1818 0000"

static void datagrams_in_a_capture_are_read_or_counted(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct bytes payload = bytes_of(V5);
    struct bytes frame = bytes_udp("198.18.0.1", "198.18.0.2", 40000, 2055, &payload);
    const struct frame one = {1, 1700000000000, frame.at, frame.size, frame.size};
    struct flow_sensor *sensor = open_sensor(&told, false);
    assert_ok(flow_sensor_frame(sensor, &one, &err), &err);
    assert_int_equal(flow_sensor_totals(sensor).datagrams, 1);
    assert_int_equal(flow_sensor_totals(sensor).exports.records, 1);
    assert_ok(flow_sensor_end(sensor, &err), &err);
    assert_int_equal(told.count, 1); /* 30,000 packets at once */
    assert_string_equal(told.target, "198.51.100.1");
    flow_sensor_free(sensor);
    sensor = open_sensor(&told, true);
    assert_ok(flow_sensor_frame(sensor, &one, &err), &err);
    assert_int_equal(flow_sensor_totals(sensor).datagrams, 0);
    assert_ok(flow_sensor_end(sensor, &err), &err);
    assert_int_equal(told.count, 0);
    flow_sensor_free(sensor);
}

static void what_was_lost_is_in_the_evidence(void **state)
{
    (void)state;
    struct told told;
    struct err err;
    struct bytes payload = bytes_of(V5);
    struct flow_sensor *sensor = open_sensor(&told, false);
    const struct export_datagram datagram = {ip_of("198.18.0.1"), 1700000000000, payload.at, payload.size};
    assert_ok(flow_sensor_datagram(sensor, &datagram, &err), &err);
    payload.at[19] = 9; /* 2 to 8 are missing */
    assert_ok(flow_sensor_datagram(sensor, &datagram, &err), &err);
    assert_ok(flow_sensor_tick(sensor, 1700000001000, 5, &err), &err);
    assert_ok(flow_sensor_end(sensor, &err), &err);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.lost.kernel, 5);
    assert_int_equal(told.lost.sequence, 7);
    flow_sensor_free(sensor);
}

static void captured_attacks_are_detected(void **state)
{
    static const struct {
        const char *file;
        const char *kind;
    } CASES[] = {
        {"data/pcap/ddos-amp.UDP.snmp.src161.pcapng", "amplification"},
        {"data/pcap/ddos-pkt.TCP.synflood.spoofed.pcap", "syn-flood"},
        {"data/pcap/ddos-amp.dns.RRSIG.fragmented.pcap", "fragment-flood"},
        {"data/pcap/sv-dhcp-request-flood.pcap", "udp-flood"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char path[SHARED_PATH_SIZE];
        struct told told;
        struct err err;
        struct capture *capture = NULL;
        struct frame frame;
        bool more = true;
        if (!shared_find(CASES[i].file, path))
            skip();
        struct flow_sensor *sensor = open_sensor(&told, false);
        assert_ok(capture_open(path, &capture, &err), &err);
        for (;;) {
            assert_ok(capture_next(capture, &frame, &more, &err), &err);
            if (!more)
                break;
            assert_ok(flow_sensor_frame(sensor, &frame, &err), &err);
        }
        assert_ok(flow_sensor_end(sensor, &err), &err);
        assert_int_equal(told.count, 1);
        assert_string_equal(told.kind, CASES[i].kind);
        capture_close(capture);
        flow_sensor_free(sensor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_in_a_capture_are_read_or_counted),
        cmocka_unit_test(what_was_lost_is_in_the_evidence),
        cmocka_unit_test(captured_attacks_are_detected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
