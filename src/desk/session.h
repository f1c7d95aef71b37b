/* desk/session.h — a person's session: who sits here, at which post, and what may be asked of it now.
 *
 * The secret is "fss_" and 64 hexadecimal digits, told once; only its hash is kept. It changes whenever the
 * rights of the session do (another post, another password, unlocking), so one that was caught before is
 * worth nothing. The CSRF token is a hash of the secret: whoever has the cookie can be shown it, and nobody
 * else can guess it.
 *
 *            idle_lock_ms, or by the person
 *   open ───────────────────────────────────► locked ──unlock──► open, with a new secret
 *     └── idle_end_ms, session_ms, left, another password, reset, disabled ──► gone
 *
 * Layer    desk.
 * Owns     nothing; texts of a seat live in the caller's arena.
 * Threads  session_check: any, with a store of its own. The rest: the writer's, a transaction each.
 * Errors   ERR_AUTH for whatever is wrong with a session; ERR_INVALID naming the field.
 * Tests    tests/unit/desk/test_session.c
 */
#ifndef DESK_SESSION_H
#define DESK_SESSION_H

#include "desk/access.h"
#include "desk/policy.h"
#include "desk/standing.h"
#include "store/sessions.h"

enum { SESSION_SECRET_SIZE = 4 + 2 * 32 + 1, SESSION_CSRF_SIZE = HASH_TEXT_SIZE, SESSION_POSTS_MAX = 20 };

struct session_made {
    char id[UUID_TEXT_SIZE];
    char secret[SESSION_SECRET_SIZE];
};

enum seat_state { SEAT_OPEN, SEAT_LOCKED, SEAT_MUST_CHANGE };

struct seat_post {
    const char *id;
    const char *title;
    const struct access_role *role;
};

/* Who sits here. */
struct seat {
    struct session session;
    struct account account;
    const char *person; /* 张三 */
    enum seat_state state;
    struct seat_post post; /* role: of someone without a post, that of a viewer */
    const char *region;    /* "" = as far as the node's own */
    const char **powers;
    size_t power_count;
    struct seat_post posts[SESSION_POSTS_MAX];
    size_t post_count;
    struct standing standing;
    int64_t ends_ms;
    int64_t locks_ms;
    int64_t confirmed_until_ms; /* 0 = not confirmed now */
};

/* Whether its post holds every power. */
bool seat_has_all_powers(const struct seat *seat);

/* Who sits behind this secret. */
MUST_USE enum errc session_check(struct store *store, const struct access_policy *policy, const char *secret,
                                 int64_t now_ms, struct arena *arena, struct seat *out, struct err *err);
MUST_USE enum errc session_csrf(const char *secret, char out[SESSION_CSRF_SIZE], struct err *err);

/* Within an open batch: a new secret and its hash. */
MUST_USE enum errc session_secret(const struct env *env, char out[SESSION_SECRET_SIZE],
                                  uint8_t out_hash[HASH_SIZE], struct err *err);
/* The limits of a post; ERR_AUTH when there is none in force. */
MUST_USE enum errc session_post(struct store *store, const char *id, struct arena *arena, struct seat *out,
                                struct err *err);

MUST_USE enum errc session_touch(struct desk *desk, const struct seat *seat, struct err *err);
MUST_USE enum errc session_lock(struct desk *desk, const struct seat *seat, struct err *err);
/* The password has been checked. */
MUST_USE enum errc session_unlock(struct desk *desk, const struct seat *seat, char out[SESSION_SECRET_SIZE],
                                  struct err *err);
MUST_USE enum errc session_take_post(struct desk *desk, const struct seat *seat, const char *post,
                                     char out[SESSION_SECRET_SIZE], struct err *err);
/* password: argon2id text of the new one. The person's other sessions end. */
MUST_USE enum errc session_rekey(struct desk *desk, const struct seat *seat, const char *password,
                                 char out[SESSION_SECRET_SIZE], struct err *err);
/* A code of the authenticator in force. */
MUST_USE enum errc session_confirm(struct desk *desk, const struct seat *seat, const char *code,
                                   struct err *err);
/* A new seed; it waits for its first code. */
MUST_USE enum errc session_seed(struct desk *desk, const struct access_policy *policy,
                                const struct seat *seat, uint8_t out[OTP_SECRET_BYTES], struct err *err);
MUST_USE enum errc session_enrol(struct desk *desk, const struct seat *seat, const char *code,
                                 struct err *err);

/* how: "logout", "ended" (by an administrator), "replaced". */
MUST_USE enum errc session_leave(struct desk *desk, const char *id, const char *how, struct err *err);

#endif
