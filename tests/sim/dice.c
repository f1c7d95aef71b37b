#include "sim/dice.h"

#include <string.h>

/* splitmix64: every seed, also 0 and its neighbours, gives a good stream. */
uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void dice_init(struct dice *dice, uint64_t seed)
{
    dice->state = seed;
}

struct dice dice_fork(uint64_t seed, const char *name)
{
    struct dice dice = {seed};
    for (; *name; name++)
        dice.state = dice_next(&dice) ^ (unsigned char)*name;
    return dice;
}

void dice_fill(struct dice *dice, void *out, size_t size_bytes)
{
    unsigned char *at = out;
    while (size_bytes > 0) {
        uint64_t word = dice_next(dice);
        size_t n = size_bytes < sizeof word ? size_bytes : sizeof word;
        memcpy(at, &word, n);
        at += n;
        size_bytes -= n;
    }
}

size_t dice_below(struct dice *dice, size_t n)
{
    return n > 0 ? (size_t)(dice_next(dice) % n) : 0;
}

bool dice_chance(struct dice *dice, unsigned per_mille)
{
    return dice_next(dice) % 1000 < per_mille;
}

int64_t dice_between(struct dice *dice, int64_t from, int64_t until)
{
    return until > from ? from + (int64_t)(dice_next(dice) % (uint64_t)(until - from + 1)) : from;
}

int64_t dice_spread(struct dice *dice, int64_t max)
{
    int digits = 1;
    int64_t top = 1;
    for (; top < max / 10; digits++)
        top *= 10;
    int64_t until = 10;
    for (size_t i = dice_below(dice, (size_t)digits); i > 0; i--)
        until *= 10;
    return dice_between(dice, 1, until < max ? until : max);
}
