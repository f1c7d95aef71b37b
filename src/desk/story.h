/* desk/story.h — the story so far, for nodes that are told of a matter for the first time.
 *
 * An order under a response means nothing to a unit that has never heard of the response or the incident. So
 * before an act goes to a newcomer, the earlier acts of its matter, of the parent and of the root go there:
 * the same bytes with their proofs, without the secret values.
 *
 * Layer    desk.   Owns nothing; lists live in the arena.   Threads the writer's.
 * Errors   as the store.
 * Tests    tests/unit/desk/test_submit.c, tests/e2e/test_demo.py
 */
#ifndef DESK_STORY_H
#define DESK_STORY_H

#include "desk/desk_internal.h"

enum { STORY_LEVELS = 3 };

struct story {
    const char *subjects[STORY_LEVELS]; /* root first */
    struct node_list newcomers[STORY_LEVELS];
    size_t count;
};

/* Before the act is folded: whom of `to` each of the matter's levels is new to. */
MUST_USE enum errc story_newcomers(const struct loaded *loaded, const struct node_list *to,
                                   struct arena *arena, struct story *out, struct err *err);
/* After it is recorded, and before it is routed itself. */
MUST_USE enum errc story_tell(struct desk *desk, const struct story *story, int64_t before_pos,
                              struct arena *arena, struct err *err);

#endif
