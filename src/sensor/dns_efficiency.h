/* sensor/dns_efficiency.h — whether questions are answered: per top-level domain, against what was usual.
 *
 *   query ──► waits for its answer ──► window of its top-level domain: asked, answered, failed, how long
 *   window over ──► worse than before, twice in a row ──► dns-efficiency
 *
 * Where answers are not captured at all there is no usual share of them, and no alarm.
 *
 * Layer    sensor.
 * Owns     its tables, taken at start.
 * Threads  one.
 * Tests    tests/unit/sensor/test_dns_efficiency.c
 */
#ifndef SENSOR_DNS_EFFICIENCY_H
#define SENSOR_DNS_EFFICIENCY_H

#include "sensor/dns_event.h"
#include "sensor/dns_open.h"

enum { EFFICIENCY_TLDS = 1024, EFFICIENCY_WAITING = 1 << 15, EFFICIENCY_WINDOW_MS = 10000, TLD_SIZE = 64 };

struct dns_tld {
    char name[TLD_SIZE]; /* "" = free */
    int64_t start_ms;    /* of the window at hand */
    uint64_t asked;
    uint64_t answered;
    uint64_t failed;
    uint64_t waited_ms;
    unsigned windows;      /* that were learnt from */
    unsigned worse;        /* in a row */
    double usual_answered; /* shares */
    double usual_failed;
    double usual_wait_ms;
    double usual_asked;
};

struct dns_waiting {
    uint64_t key;
    int64_t asked_ms;
    uint16_t tld;
};

struct dns_efficiency {
    struct dns_tld *tlds;
    struct dns_waiting *waiting;
    struct dns_open_list *list;
};

MUST_USE enum errc dns_efficiency_init(struct dns_efficiency *efficiency, struct dns_open_list *list,
                                       struct err *err);
void dns_efficiency_done(struct dns_efficiency *efficiency);

void dns_efficiency_add(struct dns_efficiency *efficiency, const struct dns_event *event);
/* Judges windows that are over. */
void dns_efficiency_tick(struct dns_efficiency *efficiency, int64_t now_ms);

#endif
