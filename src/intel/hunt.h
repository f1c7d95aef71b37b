/* intel/hunt.h — logs against an index, on every core, with the hits in the order of the logs.
 *
 *   feed ──► ring of blocks ──► sweeps, a thread each ──► lines of JSON, block by block ──► write
 *
 * Memory is bounded by the ring: a block of hits that grows over HUNT_OUT_BYTES waits for its turn and is
 * written as it grows. With one thread everything runs in the caller's.
 *
 * Layer    intel.
 * Owns     its threads, blocks and work space. The index (live) and good lists belong to the caller.
 * Threads  hunt_* from one thread; write is called by one thread at a time, not always the same.
 * Errors   the first in the order of the log ends the hunt.
 * Tests    tests/unit/intel/test_hunt.c
 */
#ifndef INTEL_HUNT_H
#define INTEL_HUNT_H

#include "base/env.h"
#include "intel/examine.h"
#include "intel/feed.h"
#include "intel/live.h"

enum { HUNT_THREADS_MAX = LIVE_SLOTS_MAX - 1, HUNT_OUT_BYTES = 1 << 20, HUNT_OUT_MAX_BYTES = 4 << 20 };

typedef enum errc hunt_write_fn(void *context, const char *bytes, size_t size, struct err *err);

struct hunt_options {
    struct live *live;
    const struct good_list *good;
    size_t good_count;
    size_t threads;  /* 1 … HUNT_THREADS_MAX */
    bool count_only; /* nothing is written */
    bool show_held;  /* hits that are held back are written too */
    const struct env *env;
    hunt_write_fn *write;
    void *context;
    /* Now and then, between blocks; may be NULL. */
    void (*progress)(void *context, const struct feed *feed);
};

struct hunt_totals {
    uint64_t hits[KIND_COUNT];
    uint64_t held;
    uint64_t lines;
    uint64_t bytes;
    uint64_t too_long; /* records passed over */
};

struct hunt;

MUST_USE enum errc hunt_new(const struct hunt_options *options, struct hunt **out, struct err *err);
void hunt_free(struct hunt *hunt);

/* Reads the feed to its end. live = to what is its end now; more may come later. */
MUST_USE enum errc hunt_run(struct hunt *hunt, struct feed *feed, bool live, struct err *err);

const struct hunt_totals *hunt_totals(const struct hunt *hunt);

#endif
