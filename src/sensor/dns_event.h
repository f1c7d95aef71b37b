/* sensor/dns_event.h — a DNS message with who asked whom, and when: what the watches over DNS are given.
 *
 * Layer    sensor.   Threads any.   Owns nothing.
 * Tests    tests/unit/sensor/test_dns_watch.c
 */
#ifndef SENSOR_DNS_EVENT_H
#define SENSOR_DNS_EVENT_H

#include "sensor/dns_message.h"
#include "sensor/dns_zone.h"

struct dns_event {
    const struct dns_message *message;
    struct dns_zone zone; /* of the name */
    struct ip client;
    struct ip server;
    uint16_t client_port;
    int64_t now_ms;
};

#endif
