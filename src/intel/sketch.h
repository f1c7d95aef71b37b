/* intel/sketch.h — how many distinct hashes were seen, to about 1 %, in 16 KiB (HyperLogLog).
 *
 * Layer    intel.   Owns nothing.   Threads: one sketch, one thread.
 * Tests    tests/unit/intel/test_sketch.c
 */
#ifndef INTEL_SKETCH_H
#define INTEL_SKETCH_H

#include <stdint.h>

enum { SKETCH_BITS = 14, SKETCH_SIZE = 1 << SKETCH_BITS };

struct sketch {
    uint8_t rank[SKETCH_SIZE];
};

void sketch_init(struct sketch *sketch);
void sketch_add(struct sketch *sketch, uint64_t hash);
double sketch_count(const struct sketch *sketch);

#endif
