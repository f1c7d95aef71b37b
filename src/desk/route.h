/* desk/route.h — puts an act into the outboxes of the peers through which its addressees are reached.
 *
 * Next hop of a target: the child that it is or below which it stands; the tier above, when the target is
 * it or stands below it too; else the ministry. What cannot be reached is kept as `held`, with the reason.
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   as the store.
 * Tests    tests/unit/desk/test_route.c
 */
#ifndef DESK_ROUTE_H
#define DESK_ROUTE_H

#include "desk/desk.h"

/* Queues the act for the targets; this node and the act's own are passed over. A target that may not know the
 * node that made it gets that node's card first, and those above it. What was queued for a target before is
 * not queued again. */
MUST_USE enum errc route_act(struct desk *desk, const struct act *act, const char *const *targets,
                             size_t target_count, struct arena *arena, struct err *err);

/* The peer to hand it to; NULL when nobody leads there. */
const struct node_card *route_next_hop(const struct directory *dir, const char *self, const char *target);

#endif
