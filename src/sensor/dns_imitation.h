/* sensor/dns_imitation.h — names that are asked for and imitate a protected one.
 *
 * Layer    sensor.   Owns nothing.   Threads one.
 * Tests    tests/unit/sensor/test_dns_imitation.c
 */
#ifndef SENSOR_DNS_IMITATION_H
#define SENSOR_DNS_IMITATION_H

#include "sensor/dns_event.h"
#include "sensor/dns_open.h"
#include "sensor/lookalike.h"

/* The target of the detection is the protected name; the imitation is among its examples. */
void dns_imitation_look(const struct lookalike *lookalike, struct dns_open_list *list,
                        const struct dns_event *event);

#endif
