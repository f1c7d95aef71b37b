/* desk/restored.h — the first act of a record that was set back: it says so itself, to everybody.
 *
 *   signed until     0 ───────── 41 ┄┄┄┄┄┄┄┄ 57        what peers may have witnessed
 *   the backup       0 ───────── 41
 *   node.restored                 41, numbered 58       no number of an act is used twice
 *
 * Peers that witnessed more than the backup holds raise their alarm all the same: two histories are two
 * histories. This act stands beside it and says how much was lost, why, and who answers for it.
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   those of desk_submit.
 * Tests    tests/unit/desk/test_restored.c
 */
#ifndef DESK_RESTORED_H
#define DESK_RESTORED_H

#include "desk/desk.h"

struct restored {
    const char *person;
    const char *post;
    const char *reason;
    struct merkle_claim backup;     /* where the record ends now */
    struct merkle_claim signed_end; /* what this node had signed before */
};

MUST_USE enum errc desk_tell_restored(struct desk *desk, const struct restored *restored, struct err *err);

#endif
