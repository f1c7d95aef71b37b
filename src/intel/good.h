/* intel/good.h — lists of the known good, ready to hold hits back: an index as it is, lists made into one.
 *
 * Layer    intel.
 * Owns     its indexes until good_done.
 * Threads  const once loaded.
 * Errors   those of the index and of the lists.
 * Tests    tests/unit/intel/test_good.c
 */
#ifndef INTEL_GOOD_H
#define INTEL_GOOD_H

#include "base/env.h"
#include "intel/collect.h"
#include "intel/examine.h"

struct good {
    struct good_list lists[EXAMINE_GOOD_MAX];
    struct index *indexes[EXAMINE_GOOD_MAX];
    size_t count;
};

/* Adds what the paths name: files made by 'index build' are used as they are, all others become one index. */
MUST_USE enum errc good_load(struct good *good, const char *const *paths, size_t count,
                             enum good_weight weight, const struct collect_report *report,
                             const struct env *env, struct err *err);
void good_done(struct good *good);

#endif
