/* sensor/dns_hijack.h — answers for protected names that are not among the known ones.
 *
 * Layer    sensor.   Owns nothing.   Threads one.
 * Tests    tests/unit/sensor/test_dns_hijack.c
 */
#ifndef SENSOR_DNS_HIJACK_H
#define SENSOR_DNS_HIJACK_H

#include "sensor/dns_event.h"
#include "sensor/dns_open.h"
#include "sensor/protect.h"

/* A response that says nothing wrong is nothing. */
void dns_hijack_look(const struct protect *protect, struct dns_open_list *list,
                     const struct dns_event *event);

#endif
