/* sensor/top.h — the most frequent few of many values, in a few hundred bytes (Space-Saving).
 *
 * A value that is more than an eighth of all is always in it. A count is at most too large by its doubt: what
 * the value had whose place it took.
 *
 * Layer    sensor.   Threads: one list, one thread.   Owns nothing.
 * Tests    tests/unit/sensor/test_top.c
 */
#ifndef SENSOR_TOP_H
#define SENSOR_TOP_H

#include "intel/ip.h"

enum { TOP_MAX = 8 };

struct top_entry {
    struct ip address; /* or a number in its first bytes, bits = 0 */
    uint64_t count;
    uint64_t doubt;
};

struct top {
    size_t used;
    struct top_entry entries[TOP_MAX];
};

void top_add(struct top *top, const struct ip *value, uint64_t count);
void top_add_number(struct top *top, uint32_t number, uint64_t count);
uint32_t top_number(const struct top_entry *entry);
void top_sort(struct top *top); /* most frequent first */

#endif
