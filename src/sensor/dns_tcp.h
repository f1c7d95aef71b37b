/* sensor/dns_tcp.h — DNS messages out of TCP segments (RFC 7766: two bytes of size before each).
 *
 * Segments are taken in order. A hole is counted, and reading goes on at the next segment as if a message
 * began there, which for DNS it mostly does.
 *
 * Layer    sensor.
 * Owns     a fixed number of streams; the one that was quiet longest makes room.
 * Threads  one.
 * Errors   ERR_NOMEM at start.
 * Tests    tests/unit/sensor/test_dns_tcp.c
 */
#ifndef SENSOR_DNS_TCP_H
#define SENSOR_DNS_TCP_H

#include "sensor/packet.h"

enum { DNS_STREAMS = 256, DNS_STREAM_BYTES = 1 << 16 };

struct dns_stream;

struct dns_tcp {
    struct dns_stream *streams;
    uint64_t holes;
};

typedef void dns_tcp_fn(void *context, const uint8_t *bytes, size_t size);

MUST_USE enum errc dns_tcp_init(struct dns_tcp *tcp, struct err *err);
void dns_tcp_done(struct dns_tcp *tcp);

/* Gives every message that the segment completes. */
void dns_tcp_add(struct dns_tcp *tcp, const struct packet *packet, dns_tcp_fn *visit, void *context);

#endif
