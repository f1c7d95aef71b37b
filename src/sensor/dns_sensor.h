/* sensor/dns_sensor.h — packets with DNS in, detections out.
 *
 *   packet ──► message (UDP, or TCP in order) ──► watch (dns_rules.def), efficiency, hijack, look-alikes
 *
 * Layer    sensor.
 * Owns     its tables; the lists of names belong to the caller.
 * Threads  one sensor, one thread.
 * Errors   those of tell.
 * Tests    tests/unit/sensor/test_dns_sensor.c
 */
#ifndef SENSOR_DNS_SENSOR_H
#define SENSOR_DNS_SENSOR_H

#include "sensor/capture.h"
#include "sensor/detection.h"
#include "sensor/lookalike.h"
#include "sensor/protect.h"

struct dns_message;

struct dns_sensor_options {
    size_t buckets;                    /* a power of two, of counters */
    const struct protect *protect;     /* NULL = none */
    const struct lookalike *lookalike; /* NULL = none */
    bool tell_starts;
    detection_fn *tell;
    void (*record)(void *context, const struct dns_message *message); /* sees every message; may be NULL */
    void *context;
};

struct dns_sensor_totals {
    uint64_t packets;
    uint64_t other; /* that hold no DNS */
    uint64_t messages;
    uint64_t malformed; /* packets and messages */
    uint64_t fragments; /* parts of packets, which are not put together */
    uint64_t holes;     /* in TCP */
    uint64_t detections;
    uint64_t suppressed;
    uint64_t crowded;
};

struct dns_sensor;

MUST_USE enum errc dns_sensor_new(const struct dns_sensor_options *options, struct dns_sensor **out,
                                  struct err *err);
void dns_sensor_free(struct dns_sensor *sensor);

MUST_USE enum errc dns_sensor_frame(struct dns_sensor *sensor, const struct frame *frame, struct err *err);
MUST_USE enum errc dns_sensor_end(struct dns_sensor *sensor, struct err *err);

struct dns_sensor_totals dns_sensor_totals(const struct dns_sensor *sensor);

#endif
