#include "sim/options.h"

#define HOUR_MS INT64_C(3600000)

/* Most seeds have a few kinds of faults, some have none, some have all. */
static unsigned sometimes(struct dice *dice, unsigned per_mille, unsigned max)
{
    return dice_chance(dice, per_mille) ? 1 + (unsigned)dice_below(dice, max) : 0;
}

struct options options_of(uint64_t seed)
{
    struct dice dice = dice_fork(seed, "options");
    struct options options = {.seed = seed};
    options.span_ms = dice_between(&dice, 2, 240) * HOUR_MS;
    options.acts = 6 + (unsigned)dice_below(&dice, 18);
    options.wrong_per_mille = sometimes(&dice, 500, 200);
    options.loss_per_mille = sometimes(&dice, 600, 300);
    options.twice_per_mille = sometimes(&dice, 600, 300);
    options.slow_per_mille = sometimes(&dice, 600, 300);
    options.cuts = sometimes(&dice, 400, CUTS_MAX);
    options.power_cuts = sometimes(&dice, 500, 4);
    options.full_disks = sometimes(&dice, 200, 2);
    options.skew_per_mille = sometimes(&dice, 300, 400);
    options.hostile_acts = sometimes(&dice, 400, 6);
    return options;
}

void options_print(const struct options *o, FILE *out)
{
    (void)fprintf(
        out,
        "seed %llu: %lld h, %u acts, wrong %u‰, loss %u‰, twice %u‰, slow %u‰, %u cuts, %u power cuts, "
        "%u full disks, skew %u‰, %u hostile acts\n",
        (unsigned long long)o->seed, (long long)(o->span_ms / HOUR_MS), o->acts, o->wrong_per_mille,
        o->loss_per_mille, o->twice_per_mille, o->slow_per_mille, o->cuts, o->power_cuts, o->full_disks,
        o->skew_per_mille, o->hostile_acts);
}
