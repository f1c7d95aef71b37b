/* desk/access.h — API tokens and their roles: made once, kept as a hash, checked at every request.
 *
 *   viewer    观察员  reads
 *   officer   值班员  reads, acts in the name of the token's person and post
 *   operator  系统管理员  reads, adds users, makes tokens and enrolment codes, backs up
 *   security  安全管理员  reads, sets up posts and assigns them, lifts locks, ends sessions
 *   auditor   审计管理员  reads, exports the ledger and its proofs
 *   wall      大屏        reads, on one screen: only for tokens, bound to an address
 *
 * The first five are roles of posts too (desk/people.h). A token's text is "fst_" and 64 hexadecimal digits
 * of randomness. It is told once, when it is made.
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

enum access_permit {
    ACCESS_READ = 1,
    ACCESS_ACT = 2,
    ACCESS_AUDIT = 4,
    ACCESS_OPERATE = 8,
    ACCESS_SECURE = 16,
    ACCESS_SELF = 32, /* a person about his own session; no role has it, no token either */
    ACCESS_OPEN = 64  /* whoever knows a secret that the request itself carries */
};

struct access_role {
    const char *name;
    const char *zh;
    unsigned permits; /* of enum access_permit */
};

/* NULL for an unknown name; the index-th, NULL behind the last. */
const struct access_role *access_role(const char *name);
const struct access_role *access_role_at(size_t index);

enum { ACCESS_TEXT_SIZE = 4 + 2 * 32 + 1, ACCESS_NAME_MAX = 100, ACCESS_ADDRESS_MAX = 63 };

struct access_request {
    const char *role;
    const char *person;
    const char *post;
    int64_t expires_ms;  /* 0 = never */
    const char *post_id; /* NULL; or the post of this node whose role, title and limits are the token's */
    const char *address; /* NULL; or the only one it is good from: a wall screen must have one */
    bool marked;         /* may do acts that ask a person for a second factor */
};

struct access_made {
    char id[UUID_TEXT_SIZE];
    char text[ACCESS_TEXT_SIZE];
};

MUST_USE enum errc access_create(struct desk *desk, const struct access_request *request,
                                 struct access_made *out, struct err *err);
MUST_USE enum errc access_revoke(struct desk *desk, const char *id, struct err *err);

/* Who has this token, used from that address; its role is one that access_role() knows. */
MUST_USE enum errc access_check(struct store *store, const char *text, const char *address, int64_t now_ms,
                                struct arena *arena, struct token *out, struct err *err);

#endif
