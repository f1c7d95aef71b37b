/* desk/login.h — coming in: a name, a password, perhaps a code; counted before it is tried.
 *
 *   login_gate   reader   locked already? refused without work                                  429
 *   login_count  writer   one more try of this name and this address, whether they exist or not 429
 *   login_prove  reader   argon2id, for an unknown name too; then the code                      401
 *   login_open   writer   the session; the count of the name begins anew
 *   login_lock   writer   instead, when the last try that is free was wrong: an act tells it
 *
 * The try is counted before the password is looked at, so a thousand at once are a thousand counted. An
 * unknown name, a wrong password, a wrong code and a closed account have one answer, after the same work.
 *
 * Layer    desk.
 * Owns     nothing; texts live in the caller's arena.
 * Threads  as drawn: reader = any, with a store of its own.
 * Errors   ERR_AUTH, ERR_TOO_MANY; those of the store.
 * Tests    tests/unit/desk/test_login.c
 */
#ifndef DESK_LOGIN_H
#define DESK_LOGIN_H

#include "desk/desk.h"
#include "desk/policy.h"
#include "desk/session.h"

struct login {
    const char *name;
    const char *password;
    const char *code; /* NULL = none was given */
    const char *post; /* id; NULL = the first */
    const char *address;
};

/* *out_wait_ms: until when, with ERR_TOO_MANY. */
MUST_USE enum errc login_gate(struct store *store, const struct login *login, int64_t now_ms,
                              int64_t *out_wait_ms, struct err *err);
/* The same by the writer; *out_last: there is no free try behind this one. */
MUST_USE enum errc login_count(struct desk *desk, const struct access_policy *policy,
                               const struct login *login, bool *out_last, int64_t *out_wait_ms,
                               struct err *err);
/* Tries refused at the gate, written down together. */
MUST_USE enum errc login_tally(struct desk *desk, const char *key, int64_t refused, struct err *err);
MUST_USE enum errc login_lock(struct desk *desk, const struct login *login, struct err *err);
/* The name's count begins anew: what was tried was right. */
MUST_USE enum errc login_clear(struct desk *desk, const struct login *login, struct err *err);

struct login_proof {
    const char *person; /* id of the matter of type user */
    const char *name;   /* 张三 */
    int64_t totp_step;  /* of the code that was shown; 0 = none */
};

MUST_USE enum errc login_prove(struct store *store, const struct access_policy *policy,
                               const struct login *login, int64_t now_ms, struct arena *arena,
                               struct login_proof *out, struct err *err);
MUST_USE enum errc login_open(struct desk *desk, const struct login *login, const struct login_proof *proof,
                              struct session_made *out, struct err *err);

#endif
