/* sensor/flow_watch.h — flows become detections: counted per key and window, begun and ended with hysteresis.
 *
 *   flow ──► its rules ──► the cells of its time (a long one is spread over its span)
 *              cell over the start, twice in a row or by a burst ──► open ──► quiet for end_ms ──► told
 *
 * Counting is exact. What a target is used to is learnt while nothing is open for it: a busy server needs
 * FLOW_LEARNT_FACTOR times its usual rate on top of the rule's floor.
 *
 * Layer    sensor.
 * Owns     its tables, taken at start.
 * Threads  one watch, one thread.
 * Errors   those of tell. Detections over FLOW_OPEN_MAX at once are counted as suppressed.
 * Tests    tests/unit/sensor/test_flow_watch.c
 */
#ifndef SENSOR_FLOW_WATCH_H
#define SENSOR_FLOW_WATCH_H

#include "sensor/detection.h"
#include "sensor/flow_rule.h"

enum { FLOW_OPEN_MAX = 512, FLOW_LEARNT_FACTOR = 3, FLOW_NETS_MAX = 256, FLOW_SPREAD_MAX = 128 };

struct flow_net {
    struct ip address;
    uint8_t length;
};

struct flow_watch_options {
    size_t buckets;                 /* a power of two; each holds eight counters of 80 bytes */
    uint64_t start_pps[FLOW_RULES]; /* 0 = the rule's own */
    const struct flow_net *nets;    /* whose targets count; none = all */
    size_t net_count;
    bool tell_starts; /* a detection is told when it begins, too */
    detection_fn *tell;
    void *context;
};

struct flow_watch;

MUST_USE enum errc flow_watch_new(const struct flow_watch_options *options, struct flow_watch **out,
                                  struct err *err);
void flow_watch_free(struct flow_watch *watch);

void flow_watch_add(struct flow_watch *watch, const struct flow *flow, int64_t now_ms);

/* Tells what began or ended; to be called some times a second. lost is put into the evidence. */
MUST_USE enum errc flow_watch_tick(struct flow_watch *watch, int64_t now_ms, const struct loss *lost,
                                   struct err *err);
/* Ends and tells all that is open. */
MUST_USE enum errc flow_watch_end(struct flow_watch *watch, const struct loss *lost, struct err *err);

struct flow_watch_totals {
    uint64_t detections;
    uint64_t suppressed; /* detections for which there was no room */
    uint64_t crowded;    /* counters given up early */
    uint64_t misdated;   /* records whose times cannot be: their arrival counts */
};
struct flow_watch_totals flow_watch_totals(const struct flow_watch *watch);

#endif
