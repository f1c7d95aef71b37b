/* intel/follow.h — logs that are being written: what is added to them, through rotation and truncation.
 *
 * A file is read from its start, then whenever it has grown. When another file has its name, the old one is
 * read to its end first; when it is shorter than what was read, it is read again from its start. A file
 * that is not there is waited for.
 *
 * Layer    intel.
 * Owns     its feeds.
 * Threads  one.
 * Errors   those of the hunt; ERR_UNSUPPORTED for a packed file.
 * Tests    tests/unit/intel/test_follow.c
 */
#ifndef INTEL_FOLLOW_H
#define INTEL_FOLLOW_H

#include "intel/hunt.h"

struct follow;

/* paths must live until follow_free. format as in feed_init(). */
MUST_USE enum errc follow_new(const char *const *paths, size_t count, int format, struct follow **out,
                              struct err *err);
void follow_free(struct follow *follow);

/* One look at every file. *out_grown tells whether any had something new. */
MUST_USE enum errc follow_step(struct follow *follow, struct hunt *hunt, bool *out_grown, struct err *err);

#endif
