/* intel/live.h — an index that is replaced while others look things up in it.
 *
 * A reader has a slot of its own: it says which index it is using, and checks that this is still the
 * current one. The writer puts the new index in place at once and closes the old one when no slot names it
 * any more. Nobody waits: a reader never, the writer only when it asks to.
 *
 * Layer    intel.
 * Owns     the current index and those that are not closed yet.
 * Threads  live_use and live_leave: one thread a slot. The rest: one writer at a time.
 * Errors   those of index_open: then the old index stays.
 * Tests    tests/unit/intel/test_live.c
 */
#ifndef INTEL_LIVE_H
#define INTEL_LIVE_H

#include "intel/index.h"

enum { LIVE_SLOTS_MAX = 64, LIVE_OLD_MAX = 16 };

struct live;

MUST_USE enum errc live_open(const char *path, struct live **out, struct err *err);
/* No slot may be in use. */
void live_close(struct live *live);

/* The index to use until live_leave; never NULL. */
const struct index *live_use(struct live *live, size_t slot);
void live_leave(struct live *live, size_t slot);

/* Opens and checks all of the file at the path, then puts it in the place of the old one. ERR_BUSY when
 * LIVE_OLD_MAX replaced ones are still in use. */
MUST_USE enum errc live_replace(struct live *live, struct err *err);
/* The same, when the file is another one than the one in use. *out_replaced tells. */
MUST_USE enum errc live_refresh(struct live *live, bool *out_replaced, struct err *err);

#endif
