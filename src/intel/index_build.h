/* intel/index_build.h — makes an index file from the indicators of many lists.
 *
 * An indicator that several lists name is kept once, with what each list says about it. The file is written
 * beside its place under another name, flushed to the disk, then renamed: readers see the old one or the
 * new one, whole.
 *
 * Layer    intel.
 * Owns     everything added, until index_build_free.
 * Threads  one builder, one thread.
 * Errors   ERR_NOMEM, ERR_LIMIT; ERR_IO and ERR_FULL when the file cannot be written: nothing is then left
 *          of it.
 * Tests    tests/unit/intel/test_index_build.c
 */
#ifndef INTEL_INDEX_BUILD_H
#define INTEL_INDEX_BUILD_H

#include "base/env.h"
#include "intel/index.h"
#include "intel/indicator.h"

struct index_build;

MUST_USE enum errc index_build_new(const struct env *env, struct index_build **out, struct err *err);
void index_build_free(struct index_build *build);

/* Equal labels get one number. */
MUST_USE enum errc index_build_label(struct index_build *build, const struct label *label, uint32_t *out,
                                     struct err *err);
MUST_USE enum errc index_build_add(struct index_build *build, const struct indicator *indicator,
                                   uint32_t label, struct err *err);
/* For index_source(): what became of a list. */
MUST_USE enum errc index_build_source(struct index_build *build, const struct index_source_info *source,
                                      struct err *err);

/* Uses the builder up: only index_build_free may follow. */
MUST_USE enum errc index_build_write(struct index_build *build, const char *path, struct err *err);

#endif
