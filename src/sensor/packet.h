/* sensor/packet.h — one captured frame as a flow of one packet, and what it carries.
 *
 * Understood: Ethernet (VLAN and QinQ tags, MPLS, PPPoE), raw IP, Linux cooked captures, loopback; IPv4,
 * IPv6 with extension headers, fragments, one layer of IP in IP or GRE is left as it is.
 *
 * Layer    sensor.
 * Owns     nothing; the payload lies in the frame.
 * Threads  any.
 * Errors   PACKET_MALFORMED; *out is then untouched.
 * Tests    tests/unit/sensor/test_packet.c, tests/fuzz/fuzz_packet.c
 */
#ifndef SENSOR_PACKET_H
#define SENSOR_PACKET_H

#include "sensor/flow.h"
#include "sensor/wire.h"

/* The numbers of libpcap's link types that are understood. */
enum packet_link {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_RAW_OLD = 12,
    LINK_RAW = 101,
    LINK_LOOP = 108,
    LINK_COOKED = 113,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_COOKED2 = 276
};

enum packet_result { PACKET_OK, PACKET_OTHER, PACKET_MALFORMED };

struct packet {
    struct flow flow;
    struct wire payload; /* of UDP or TCP; cut where the capture cut the frame */
    uint32_t tcp_sequence;
    uint32_t fragment_id;
    uint16_t fragment_offset; /* in bytes */
    bool more_fragments;
};

bool packet_link_known(int link);

/* The frame without its link header is IP or it is PACKET_OTHER. */
enum packet_result packet_read(int link, const uint8_t *bytes, size_t size, int64_t time_ms,
                               struct packet *out);

#endif
