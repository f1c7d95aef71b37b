/* desk/setup.h — how a node comes to know itself and those above it, before its first act.
 *
 * The ministry founds itself. Every other node is given cards by the tier above when it enrols
 * (link/enrol.h): those of its ancestors and its own. They are the anchors of all trust: kept without an
 * act, and never replaced by a projection.
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   ERR_CONFLICT a different card of that node is an anchor already; those of the store.
 * Tests    tests/unit/desk/test_desk.c
 */
#ifndef DESK_SETUP_H
#define DESK_SETUP_H

#include "desk/desk.h"

MUST_USE enum errc desk_install_cards(struct desk *desk, const struct node_card *cards, size_t count,
                                      struct err *err);

/* All anchors, as they were installed; texts live in the arena. Any thread, with a store of its own. */
MUST_USE enum errc desk_anchors(struct store *store, struct arena *arena, struct node_card **out,
                                size_t *out_count, struct err *err);

#endif
