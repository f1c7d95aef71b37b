/* sensor/flow.h — traffic between two addresses, whoever saw it: an exporter's record, a sample, one packet.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_flow.c
 */
#ifndef SENSOR_FLOW_H
#define SENSOR_FLOW_H

#include "base/buf.h"
#include "intel/ip.h"

enum { FLOW_ICMP = 1, FLOW_TCP = 6, FLOW_UDP = 17, FLOW_ICMP6 = 58 };
enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

struct flow {
    struct ip source; /* bits = 0: the record has none */
    struct ip target;
    uint16_t source_port;
    uint16_t target_port; /* of ICMP: type * 256 + code, as in NetFlow */
    uint8_t protocol;
    uint8_t tcp_flags; /* of all its packets */
    bool fragment;     /* some of it was not whole */
    uint64_t packets;  /* as reported; sampling tells what they stand for */
    uint64_t bytes;    /* of the network layer */
    uint64_t reverse_packets;
    uint64_t reverse_bytes;
    uint32_t sampling; /* one packet of so many was looked at; 1 = all, or not told */
    uint32_t input;    /* interfaces, 0 = not told */
    uint32_t output;
    uint32_t source_as;
    uint32_t target_as;
    int64_t first_ms;
    int64_t last_ms;
};
typedef void flow_visit_fn(void *context, const struct flow *flow);

/* One line of JSON. */
void flow_write(const struct flow *flow, struct buf *out);

#endif
