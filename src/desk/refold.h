/* desk/refold.h — the projections made again from the acts: state is what the acts say, and nothing else.
 *
 * For store/rebuild.h: refold_act is its fold. The record is taken as it stands; nothing is judged that this
 * node made itself, and an act that passed through waits for its matter as it did the first time.
 *
 * Layer    desk.
 * Owns     refold_new gives an object freed by refold_free; it lends law and clock from the parts;
 *          their store
 *          is not looked at.
 * Threads  one.
 * Errors   as the store; ERR_DAMAGED an act of the record cannot be read or folded.
 * Tests    tests/unit/desk/test_refold.c
 */
#ifndef DESK_REFOLD_H
#define DESK_REFOLD_H

#include "desk/desk.h"
#include "store/acts.h"

struct refold;

MUST_USE enum errc refold_new(const struct desk_parts *parts, struct refold **out, struct err *err);
void refold_free(struct refold *refold); /* takes NULL */

/* Before the first act: every act is judged once more by the law of the parts and fn hears the answer
 * (rc < 0: refused, why tells). Whatever it is, the act is folded: it stands on the record. */
typedef enum errc (*refold_ruled_fn)(void *context, const struct act *act, enum errc rc,
                                     const struct err *why, struct err *err);
void refold_watch(struct refold *refold, refold_ruled_fn fn, void *context);

/* A rebuild_fold_fn; context is the struct refold. */
MUST_USE enum errc refold_act(void *context, struct store *fresh, const struct stored_act *stored,
                              struct err *err);

#endif
