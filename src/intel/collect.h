/* intel/collect.h — reads lists into an index that is being built, each under its name.
 *
 * Layer    intel.
 * Owns     nothing after it returns.
 * Threads  one call, one thread.
 * Errors   those of intel/list.h and intel/index_build.h, naming the file.
 * Tests    tests/unit/intel/test_collect.c
 */
#ifndef INTEL_COLLECT_H
#define INTEL_COLLECT_H

#include "intel/index_build.h"
#include "intel/list.h"

struct collect_report {
    void *context;
    void (*bad_line)(void *context, const char *list, uint64_t number, struct str text);
    /* Every COLLECT_STEP indicators; done and total are of the file, total 0 when not known. */
    void (*progress)(void *context, const char *list, uint64_t indicators, uint64_t done_bytes,
                     uint64_t total_bytes);
};

enum { COLLECT_STEP = 1 << 16 };

/* options->label.source is the name of the list, unless it names itself. */
MUST_USE enum errc collect_list(struct index_build *build, struct input *input,
                                const struct list_options *options, const struct collect_report *report,
                                struct list_counts *out, struct err *err);

/* "b.txt" of "/a/b.txt"; the whole path when another one of count paths ends in the same. */
const char *collect_name(const char *const *paths, size_t count, size_t which);

#endif
