/* base/password.h — passwords (口令) kept as argon2id, in the PHC text form that names its own cost.
 *
 * Layer    base.
 * Owns     nothing; a check takes memory_kib for as long as it runs.
 * Threads  any; whoever lets many run at once needs that much memory at once.
 * Errors   ERR_NOMEM, ERR_CRYPTO; ERR_DAMAGED for a stored text that is no argon2id.
 * Tests    tests/unit/base/test_password.c
 */
#ifndef BASE_PASSWORD_H
#define BASE_PASSWORD_H

#include "base/env.h"

enum { PASSWORD_TEXT_SIZE = 160, PASSWORD_BYTES_MAX = 512 };

/* RFC 9106, 4: the more of both, the dearer a guess. Only tests take less than PASSWORD_COST. */
struct password_cost {
    uint32_t memory_kib;
    uint32_t passes;
};

extern const struct password_cost PASSWORD_COST;

MUST_USE enum errc password_hash(const char *password, const struct password_cost *cost,
                                 const struct env *env, char out[PASSWORD_TEXT_SIZE], struct err *err);
/* Whether it is the one. The time it takes depends on the cost in `hash` alone. */
MUST_USE enum errc password_check(const char *hash, const char *password, bool *out_same, struct err *err);

#endif
