/* desk/replay.h — what another version of the law would have made of the same acts.
 *
 *   the record ─► a copy ─► every act judged and folded again under the other law (replay_act)
 *                                      │
 *   as it was decided ─────────────────┴──► replay_end: acts it would refuse, levels it would propose
 *                                           otherwise, duties opened, gone, or due at another time
 *
 * Nothing is changed: what was decided stands as it was decided. An act that was refused at the time left
 * no contents behind, so whether it would be allowed today cannot be told.
 *
 * Layer    desk.
 * Owns     replay_new gives an object freed by replay_free; it lends law and clock from the parts.
 * Threads  one.
 * Errors   as desk/refold.h.
 * Tests    tests/unit/desk/test_replay.c
 */
#ifndef DESK_REPLAY_H
#define DESK_REPLAY_H

#include "desk/desk.h"
#include "store/acts.h"

enum { REPLAY_LISTED_MAX = 1000 }; /* differences of one kind that are listed; all are counted */

struct replay;

/* parts: with the other law; their store is not looked at. */
MUST_USE enum errc replay_new(const struct desk_parts *parts, struct replay **out, struct err *err);
void replay_free(struct replay *replay); /* takes NULL */

/* A rebuild_fold_fn (store/rebuild.h); context is the struct replay. */
MUST_USE enum errc replay_act(void *context, struct store *fresh, const struct stored_act *stored,
                              struct err *err);

/* before: the record as it is; after: the one that was folded. *out is a new reference:
 * {acts, same, refused: {count, items}, gradings, due, opened, gone}. */
MUST_USE enum errc replay_end(struct replay *replay, struct store *before, struct store *after, json_t **out,
                              struct err *err);

#endif
