/* sensor/learnt.h — what a target is used to: the mean of its busy windows, once enough of them were seen.
 *
 * Layer    sensor; private to flow_watch.c.
 * Owns     a table of fixed size; the target that was quiet longest makes room.
 * Threads  one.
 * Tests    tests/unit/sensor/test_learnt.c
 */
#ifndef SENSOR_LEARNT_H
#define SENSOR_LEARNT_H

#include "sensor/cells.h"

enum { LEARNT_BUCKETS = 4096, LEARNT_WAYS = 4, LEARNT_WINDOWS_MIN = 240 };

struct learnt_entry {
    uint64_t hash; /* of the key without its time; 0 = free */
    int64_t seen_ms;
    double mean;
    uint32_t windows;
};

struct learnt {
    struct learnt_entry *entries;
};

MUST_USE enum errc learnt_init(struct learnt *learnt, struct err *err);
void learnt_done(struct learnt *learnt);

void learnt_add(struct learnt *learnt, const struct cell_key *key, uint64_t packets);
/* Packets a window; 0 while too little is known. */
uint64_t learnt_of(const struct learnt *learnt, const struct cell_key *key);

#endif
