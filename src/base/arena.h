/* base/arena.h — memory of one request, job or message: many allocations, one release, one cap.
 *
 * Layer    base.
 * Owns     its blocks; what it hands out lives until arena_reset or arena_done.
 * Threads  one arena, one thread.
 * Errors   allocation returns NULL when the cap or the system's memory is exhausted; the arena
 *          then stays "exhausted" until reset, so a caller may test once at the end.
 * Tests    tests/unit/base/test_arena.c
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"

struct arena_block;
struct arena_release;

struct arena {
    struct arena_block *head;
    struct arena_release *releases;
    size_t used_bytes;
    size_t cap_bytes;
    bool exhausted;
};

void arena_init(struct arena *arena, size_t cap_bytes);
void arena_done(struct arena *arena);
void arena_reset(struct arena *arena);

/* Zeroed memory, aligned for any type. size 0 gives a valid pointer. */
MUST_USE void *arena_alloc(struct arena *arena, size_t size_bytes);

/* count × size, refusing overflow. */
MUST_USE void *arena_array(struct arena *arena, size_t count, size_t size_bytes);

/* Copies with a terminating NUL. NULL text gives NULL. */
MUST_USE char *arena_strdup(struct arena *arena, const char *text);
MUST_USE char *arena_strndup(struct arena *arena, const char *text, size_t size_bytes);
MUST_USE char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Ties an object that lives elsewhere (a json_t, say) to the arena: release(object) is called by
 * arena_reset or arena_done, last tied first. False when the arena is exhausted; then release has been
 * called already, so that the caller need not. */
MUST_USE bool arena_tie(struct arena *arena, void (*release)(void *object), void *object);

#endif
