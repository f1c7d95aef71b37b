/* sim/dice.h — all chance of a simulation: a seed gives one stream, a stream gives named others.
 *
 * Acts, network, disk and hostile peer draw from streams of their own, so that switching one kind of fault
 * off leaves the others as they were.
 */
#ifndef SIM_DICE_H
#define SIM_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

void dice_init(struct dice *dice, uint64_t seed);
/* Another stream, the same for the same seed and name. */
struct dice dice_fork(uint64_t seed, const char *name);

uint64_t dice_next(struct dice *dice);
void dice_fill(struct dice *dice, void *out, size_t size_bytes);
/* 0 … n - 1; 0 when n is 0. */
size_t dice_below(struct dice *dice, size_t n);
bool dice_chance(struct dice *dice, unsigned per_mille);
/* from … until, both included. */
int64_t dice_between(struct dice *dice, int64_t from, int64_t until);
/* As often in each order of magnitude from 1 to max: mostly short, sometimes very long. */
int64_t dice_spread(struct dice *dice, int64_t max);

#endif
