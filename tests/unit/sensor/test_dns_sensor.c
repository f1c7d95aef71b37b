#include "sensor/dns_sensor.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "unit/sensor/dns_fixture.h"

#include <stdio.h>
#include <string.h>

static struct dns_sensor *open_sensor(struct dns_told *told)
{
    struct dns_sensor *sensor = NULL;
    struct err err;
    const struct dns_sensor_options options = {.buckets = 1 << 10, .tell = dns_fixture_keep, .context = told};
    memset(told, 0, sizeof *told);
    assert_ok(dns_sensor_new(&options, &sensor, &err), &err);
    return sensor;
}

static void a_message_in_a_packet_is_read(void **state)
{
    (void)state;
    struct dns_told told;
    struct err err;
    struct bytes message = dns_fixture_message(1, "a.example", DNS_A, -1, NULL);
    struct bytes frame = bytes_udp("192.0.2.1", "192.0.2.2", 40000, 53, &message);
    struct frame one = {1, 1000, frame.at, frame.size, frame.size};
    struct dns_sensor *sensor = open_sensor(&told);
    assert_ok(dns_sensor_frame(sensor, &one, &err), &err);
    frame = bytes_udp("192.0.2.1", "192.0.2.2", 40000, 54, &message);
    assert_ok(dns_sensor_frame(sensor, &one, &err), &err);
    message.size -= 3;
    frame = bytes_udp("192.0.2.1", "192.0.2.2", 40000, 53, &message);
    one.size = frame.size;
    assert_ok(dns_sensor_frame(sensor, &one, &err), &err);
    struct dns_sensor_totals totals = dns_sensor_totals(sensor);
    assert_int_equal(totals.packets, 3);
    assert_int_equal(totals.messages, 1);
    assert_int_equal(totals.other, 1);
    assert_int_equal(totals.malformed, 1);
    dns_sensor_free(sensor);
}

/* messages as tshark counts them, malformed ones, kind of the only detection */
static void captured_dns_is_read_and_tunnels_are_found(void **state)
{
    static const struct {
        const char *file;
        uint64_t messages;
        uint64_t malformed;
        const char *kind;
    } CASES[] = {
        {"data/pcap/ndpi-dns-tunnel-iodine.pcap", 434, 0, "dns-tunnel"},
        {"data/pcap/ndpi-bad-dns-traffic.pcap", 382, 0, "dns-tunnel"},
        {"data/pcap/oarc-dnso1tcp.pcap", 82, 0, NULL},
        {"data/pcap/dns_tcp.pcap", 2, 0, NULL},
        {"data/pcap/dns-badlabel.pcap", 0, 1, NULL},
        {"data/pcap/dns-zlip-1.pcap", 0, 1, NULL},
        {"data/pcap/dns-zlip-2.pcap", 0, 1, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char path[SHARED_PATH_SIZE];
        struct dns_told told;
        struct err err;
        struct capture *capture = NULL;
        struct frame frame;
        bool more = true;
        if (!shared_find(CASES[i].file, path))
            skip();
        struct dns_sensor *sensor = open_sensor(&told);
        assert_ok(capture_open(path, &capture, &err), &err);
        for (;;) {
            assert_ok(capture_next(capture, &frame, &more, &err), &err);
            if (!more)
                break;
            assert_ok(dns_sensor_frame(sensor, &frame, &err), &err);
        }
        assert_ok(dns_sensor_end(sensor, &err), &err);
        assert_int_equal(dns_sensor_totals(sensor).messages, CASES[i].messages);
        assert_int_equal(dns_sensor_totals(sensor).malformed, CASES[i].malformed);
        assert_int_equal(told.count, CASES[i].kind != NULL);
        if (CASES[i].kind)
            assert_string_equal(told.kinds[0], CASES[i].kind);
        capture_close(capture);
        dns_sensor_free(sensor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_in_a_packet_is_read),
        cmocka_unit_test(captured_dns_is_read_and_tunnels_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
