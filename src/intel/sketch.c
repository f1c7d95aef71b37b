#include "intel/sketch.h"

#include <math.h>
#include <string.h>

void sketch_init(struct sketch *sketch)
{
    memset(sketch, 0, sizeof *sketch);
}

void sketch_add(struct sketch *sketch, uint64_t hash)
{
    uint64_t cell = hash >> (64 - SKETCH_BITS);
    uint64_t rest = hash << SKETCH_BITS | UINT64_C(1) << (SKETCH_BITS - 1); /* never zero */
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    if (rank > sketch->rank[cell])
        sketch->rank[cell] = rank;
}

double sketch_count(const struct sketch *sketch)
{
    double sum = 0;
    double empty = 0;
    for (unsigned i = 0; i < SKETCH_SIZE; i++) {
        sum += ldexp(1, -sketch->rank[i]);
        empty += sketch->rank[i] == 0;
    }
    double size = SKETCH_SIZE;
    double raw = 0.7213 / (1 + 1.079 / size) * size * size / sum;
    /* Few values: count the empty cells instead. */
    return raw <= 2.5 * size && empty > 0 ? size * log(size / empty) : raw;
}
