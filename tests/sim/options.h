/* sim/options.h — what a seed means: how long, how many people, which faults, how often. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include "sim/dice.h"

#include <stdio.h>

enum { CUTS_MAX = 6 };

struct options {
    uint64_t seed;
    int64_t span_ms;          /* people act during this time; then everything heals */
    unsigned acts;            /* how many things people try */
    unsigned wrong_per_mille; /* of these, how many are wrong on purpose */
    unsigned loss_per_mille;  /* requests and replies that never arrive */
    unsigned twice_per_mille; /* requests that arrive again */
    unsigned slow_per_mille;  /* messages that take long, up to days */
    unsigned cuts;            /* partitions, each in one direction, some of days */
    unsigned power_cuts;
    unsigned full_disks;
    unsigned skew_per_mille; /* nodes whose clock is wrong by more than seconds */
    unsigned hostile_acts;   /* 0: everybody is honest */
};

struct options options_of(uint64_t seed);
/* One line that says all. */
void options_print(const struct options *options, FILE *out);

#endif
