#include "sensor/packet.h"

#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

#include <string.h>

static enum packet_result read_hex(int link, const char *hex, struct packet *out)
{
    struct bytes bytes = bytes_of(hex);
    memset(out, 0, sizeof *out);
    return packet_read(link, bytes.at, bytes.size, 7, out);
}

#define MACS "010203040506 0a0b0c0d0e0f "
#define IP4_UDP "45000020 0001 0000 40 11 0000 c0000201 c6336401 "
#define UDP_ABCD "3039 0035 000c 0000 61626364"

static void an_ethernet_frame_with_udp_is_read(void **state)
{
    struct packet p;
    (void)state;
    assert_int_equal(read_hex(LINK_ETHERNET, MACS "0800" IP4_UDP UDP_ABCD, &p), PACKET_OK);
    assert_int_equal(p.flow.protocol, FLOW_UDP);
    assert_int_equal(ip4_value(&p.flow.source), 0xC0000201);
    assert_int_equal(ip4_value(&p.flow.target), 0xC6336401);
    assert_int_equal(p.flow.source_port, 12345);
    assert_int_equal(p.flow.target_port, 53);
    assert_int_equal(p.flow.bytes, 32);
    assert_int_equal(p.flow.packets, 1);
    assert_int_equal(p.flow.first_ms, 7);
    assert_int_equal(p.payload.n, 4);
    assert_memory_equal(p.payload.p, "abcd", 4);
}

static void tags_and_tunnels_are_passed(void **state)
{
    static const struct {
        int link;
        const char *before;
    } CASES[] = {
        {LINK_ETHERNET, MACS "8100 0001 0800"},
        {LINK_ETHERNET, MACS "88a8 0001 8100 0002 0800"},
        {LINK_ETHERNET, MACS "8847 00001140"},
        {LINK_ETHERNET, MACS "8847 00001040 00001140"},
        {LINK_ETHERNET, MACS "8864 11000001 0022 0021"},
        {LINK_RAW, ""},
        {LINK_NULL, "02000000"},
        {LINK_COOKED, "0000 0001 0006 010203040506 0000 0800"},
        {LINK_COOKED2, "0800 0000 00000001 0001 00 06 0102030405060000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct packet p;
        struct bytes bytes = bytes_of(CASES[i].before);
        bytes_add(&bytes, IP4_UDP UDP_ABCD);
        assert_true(packet_link_known(CASES[i].link));
        assert_int_equal(packet_read(CASES[i].link, bytes.at, bytes.size, 0, &p), PACKET_OK);
        assert_int_equal(p.flow.target_port, 53);
    }
    assert_false(packet_link_known(127));
}

static void padding_of_short_frames_is_no_payload(void **state)
{
    struct packet p;
    (void)state;
    assert_int_equal(read_hex(LINK_RAW,
                              "45000020 0001 0000 40 11 0000 c0000201 c6336401 3039 0035 0000 0000 "
                              "61626364 0000000000",
                              &p),
                     PACKET_OK);
    assert_int_equal(p.payload.n, 0); /* a length of zero is none */
    assert_int_equal(read_hex(LINK_RAW, IP4_UDP UDP_ABCD "0000000000", &p), PACKET_OK);
    assert_int_equal(p.payload.n, 4);
}

static void a_later_fragment_has_no_ports(void **state)
{
    struct packet p;
    (void)state;
    assert_int_equal(read_hex(LINK_RAW,
                              "45000020 0001 00b9 40 11 0000 c0000201 c6336401 3039 0035 000c 0000 61626364",
                              &p),
                     PACKET_OK);
    assert_true(p.flow.fragment);
    assert_int_equal(p.fragment_offset, 0xB9 * 8);
    assert_int_equal(p.flow.source_port, 0);
    assert_int_equal(read_hex(LINK_RAW, "45000020 0001 2000 40 11 0000 c0000201 c6336401" UDP_ABCD, &p),
                     PACKET_OK);
    assert_true(p.flow.fragment && p.more_fragments);
    assert_int_equal(p.flow.source_port, 12345);
}

static void ipv6_headers_are_passed(void **state)
{
    struct packet p;
    (void)state;
    /* hop-by-hop, then a first fragment, then TCP with SYN */
    assert_int_equal(
        read_hex(LINK_RAW,
                 "60000000 0024 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002"
                 "2c00 000000000000  0600 0001 00000009"
                 "1234 0050 00000001 00000000 50 02 0000 0000 0000",
                 &p),
        PACKET_OK);
    assert_int_equal(p.flow.protocol, FLOW_TCP);
    assert_int_equal(p.flow.tcp_flags, TCP_SYN);
    assert_int_equal(p.flow.target_port, 80);
    assert_true(p.flow.fragment);
    assert_int_equal(p.flow.source.bits, 128);
    assert_int_equal(p.flow.bytes, 0x24 + 40);
}

static void what_is_cut_or_wrong_is_malformed(void **state)
{
    struct packet p;
    (void)state;
    assert_int_equal(read_hex(LINK_ETHERNET, MACS, &p), PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_ETHERNET, MACS "0800 45", &p), PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_RAW, "44000020 0001 0000 40 11 0000 c0000201 c6336401", &p),
                     PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_RAW, "45000010 0001 0000 40 11 0000 c0000201 c6336401", &p),
                     PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_COOKED2, "0800", &p), PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_ETHERNET, MACS "8847 00001040", &p), PACKET_MALFORMED);
    assert_int_equal(read_hex(LINK_ETHERNET, MACS "0806 0001", &p), PACKET_OTHER);
    assert_int_equal(read_hex(LINK_RAW, "70", &p), PACKET_OTHER);
    /* a header of transport that the capture cut: it counts, without ports */
    assert_int_equal(read_hex(LINK_RAW, IP4_UDP "30", &p), PACKET_OK);
    assert_int_equal(p.flow.target_port, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ethernet_frame_with_udp_is_read),
        cmocka_unit_test(tags_and_tunnels_are_passed),
        cmocka_unit_test(padding_of_short_frames_is_no_payload),
        cmocka_unit_test(a_later_fragment_has_no_ports),
        cmocka_unit_test(ipv6_headers_are_passed),
        cmocka_unit_test(what_is_cut_or_wrong_is_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
