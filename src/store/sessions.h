/* store/sessions.h — sessions of people, kept as hashes of their secrets. One that has ended is not there.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_NOT_FOUND.
 * Tests    tests/unit/store/test_sessions.c, tests/contract
 */
#ifndef STORE_SESSIONS_H
#define STORE_SESSIONS_H

#include "store/store.h"

enum { SESSIONS_MAX = 4096 };

struct session {
    const char *id;
    uint8_t hash[HASH_SIZE];
    const char *person; /* id of the matter of type user */
    const char *post;   /* id of the matter of type post; "" = none */
    const char *address;
    int64_t opened_ms;
    int64_t seen_ms;
    int64_t confirmed_ms; /* when a second factor was shown; 0 = not yet */
    int64_t locked_ms;    /* by the person; 0 = not */
    int64_t failures;     /* logins that failed before this one … */
    int64_t before_ms;    /* … since the last one, then */
    const char *before_from;
};

MUST_USE enum errc sessions_add(struct store *store, const struct session *session, struct err *err);
/* Whoever asks looks at the times. */
MUST_USE enum errc sessions_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                                 struct session *out, struct err *err);
MUST_USE enum errc sessions_get(struct store *store, const char *id, struct arena *arena, struct session *out,
                                struct err *err);
/* hash, post and the times of one that is there. */
MUST_USE enum errc sessions_save(struct store *store, const struct session *session, struct err *err);
MUST_USE enum errc sessions_drop(struct store *store, const char *id, struct err *err);
/* All of a person but one; keep NULL = all. */
MUST_USE enum errc sessions_drop_others(struct store *store, const char *person, const char *keep,
                                        struct err *err);
/* The oldest first; person NULL = everybody's. */
MUST_USE enum errc sessions_list(struct store *store, const char *person, struct arena *arena,
                                 struct session **out, size_t *out_count, struct err *err);

#endif
