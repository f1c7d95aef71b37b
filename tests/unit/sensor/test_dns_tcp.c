#include "sensor/dns_tcp.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

struct seen {
    size_t count;
    size_t bytes;
    uint8_t first;
};

static void keep(void *context, const uint8_t *bytes, size_t size)
{
    struct seen *seen = context;
    seen->count++;
    seen->bytes += size;
    seen->first = size ? bytes[0] : 0;
}

static struct dns_tcp tcp;
static struct seen seen;

static void segment(const char *hex, uint32_t sequence, uint8_t flags)
{
    struct bytes bytes = bytes_of(hex);
    struct packet packet = {.flow = flow_of("192.0.2.1", "192.0.2.2", 1000), .tcp_sequence = sequence};
    packet.flow.protocol = FLOW_TCP;
    packet.flow.tcp_flags = flags;
    packet.payload = wire_of(bytes.at, bytes.size);
    dns_tcp_add(&tcp, &packet, keep, &seen);
}

static int begin(void **state)
{
    (void)state;
    struct err err;
    memset(&seen, 0, sizeof seen);
    assert_ok(dns_tcp_init(&tcp, &err), &err);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dns_tcp_done(&tcp);
    return 0;
}

static void messages_are_put_together(void **state)
{
    (void)state;
    segment("", 99, TCP_SYN);
    segment("00 03 01 02", 100, TCP_ACK);
    assert_int_equal(seen.count, 0);
    segment("03 00 01 09 00", 104, TCP_ACK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.bytes, 4);
    assert_int_equal(seen.first, 9);
    segment("02 0707", 109, TCP_ACK);
    assert_int_equal(seen.count, 3);
    assert_int_equal(tcp.holes, 0);
}

static void what_comes_again_is_taken_once(void **state)
{
    (void)state;
    segment("00 01 05 00", 100, TCP_ACK);
    segment("00 01 05 00", 100, TCP_ACK);
    assert_int_equal(seen.count, 1);
    segment("05 00 01 06", 102, TCP_ACK); /* half of it again */
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.first, 6);
}

static void a_hole_is_counted_and_reading_goes_on(void **state)
{
    (void)state;
    segment("00 05 01", 100, TCP_ACK);
    segment("00 01 07", 1000, TCP_ACK);
    assert_int_equal(tcp.holes, 1);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.first, 7);
}

static void streams_are_few_and_apart(void **state)
{
    (void)state;
    struct bytes bytes = bytes_of("0001");
    for (uint32_t i = 0; i < 3 * DNS_STREAMS; i++) {
        struct packet packet = {.flow = flow_of("192.0.2.1", "192.0.2.2", i), .tcp_sequence = 5};
        packet.flow.source = ip_from_ip4(i);
        packet.payload = wire_of(bytes.at, bytes.size);
        dns_tcp_add(&tcp, &packet, keep, &seen);
    }
    assert_int_equal(seen.count, 0);
    assert_int_equal(tcp.holes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_are_put_together, begin, end),
        cmocka_unit_test_setup_teardown(what_comes_again_is_taken_once, begin, end),
        cmocka_unit_test_setup_teardown(a_hole_is_counted_and_reading_goes_on, begin, end),
        cmocka_unit_test_setup_teardown(streams_are_few_and_apart, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
