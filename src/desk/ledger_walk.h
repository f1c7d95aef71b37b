/* desk/ledger_walk.h — a node's ledger from its beginning, piece by piece, for whoever checks or copies it.
 *
 *   anchor … anchor   act 0 … act n   head   witness …   act n+1 …   head   witness …
 *
 * Layer    desk.
 * Owns     what a function of the sink is shown lives until it returns.
 * Threads  one, with a store of its own.
 * Errors   those of the store and of the sink, which end the walk.
 * Tests    tests/unit/desk/test_ledger_walk.c
 */
#ifndef DESK_LEDGER_WALK_H
#define DESK_LEDGER_WALK_H

#include "base/proof.h"
#include "domain/model.h"
#include "store/acts.h"

struct ledger_sink {
    void *context;
    MUST_USE enum errc (*anchor)(void *context, const struct node_card *card, struct err *err);
    MUST_USE enum errc (*act)(void *context, const struct stored_act *stored, struct err *err);
    MUST_USE enum errc (*head)(void *context, const struct tree_head *head, struct err *err);
    MUST_USE enum errc (*witness)(void *context, const struct cosignature *cosignature, struct err *err);
};

MUST_USE enum errc ledger_walk(struct store *store, const struct ledger_sink *sink, struct err *err);

/* A sink that has everything checked by an audit (audit.h). */
struct audit;
struct ledger_sink ledger_audit_sink(struct audit *audit);

#endif
