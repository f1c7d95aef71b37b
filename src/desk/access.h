/* desk/access.h — API tokens and their roles: made once, kept as a hash, checked at every request.
 *
 *   viewer    观察员  reads
 *   officer   值班员  reads, acts in the name of the token's person and post
 *   auditor   审计员  reads, exports the ledger and its proofs
 *   operator  运维员  reads, makes tokens and enrolment codes, backs up; makes no acts
 *
 * A token's text is "fst_" and 64 hexadecimal digits of randomness. It is told once, when it is made.
 *
 * Layer    desk.
 * Owns     nothing; texts of a check live in the caller's arena.
 * Threads  access_create and access_revoke: the writer's, they are a transaction each. access_check: any,
 *          with a store of its own.
 * Errors   ERR_AUTH for whatever is wrong with a token: unknown, expired, revoked; ERR_INVALID naming the
 *          field; ERR_NOT_FOUND no such token, or revoked already; those of the store.
 * Tests    tests/unit/desk/test_access.c
 */
#ifndef DESK_ACCESS_H
#define DESK_ACCESS_H

#include "desk/desk.h"
#include "store/tokens.h"

enum access_permit { ACCESS_READ = 1, ACCESS_ACT = 2, ACCESS_AUDIT = 4, ACCESS_OPERATE = 8 };

struct access_role {
    const char *name;
    const char *zh;
    unsigned permits; /* of enum access_permit */
};

/* NULL for an unknown name; the index-th, NULL behind the last. */
const struct access_role *access_role(const char *name);
const struct access_role *access_role_at(size_t index);

enum { ACCESS_TEXT_SIZE = 4 + 2 * 32 + 1, ACCESS_NAME_MAX = 100 };

struct access_request {
    const char *role;
    const char *person;
    const char *post;
    int64_t expires_ms; /* 0 = never */
};

struct access_made {
    char id[UUID_TEXT_SIZE];
    char text[ACCESS_TEXT_SIZE];
};

MUST_USE enum errc access_create(struct desk *desk, const struct access_request *request,
                                 struct access_made *out, struct err *err);
MUST_USE enum errc access_revoke(struct desk *desk, const char *id, struct err *err);

/* Who has this token; *out_role is a constant. */
MUST_USE enum errc access_check(struct store *store, const char *text, int64_t now_ms, struct arena *arena,
                                struct token *out, const struct access_role **out_role, struct err *err);

#endif
