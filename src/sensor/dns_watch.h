/* sensor/dns_watch.h — DNS messages under the rules of dns_rules.def: counted per registered name, client and
 * server in windows, as flows are.
 *
 * Layer    sensor.
 * Owns     its counters; detections go to the list it is given.
 * Threads  one watch, one thread.
 * Tests    tests/unit/sensor/test_dns_watch.c
 */
#ifndef SENSOR_DNS_WATCH_H
#define SENSOR_DNS_WATCH_H

#include "sensor/cells.h"
#include "sensor/dns_event.h"
#include "sensor/dns_open.h"

struct dns_watch {
    struct cells cells;
    struct dns_open_list *list;
};

/* buckets is a power of two. */
MUST_USE enum errc dns_watch_init(struct dns_watch *watch, size_t buckets, struct dns_open_list *list,
                                  struct err *err);
void dns_watch_done(struct dns_watch *watch);

void dns_watch_add(struct dns_watch *watch, const struct dns_event *event);

#endif
