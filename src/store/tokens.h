/* store/tokens.h — API tokens, kept as hashes, and answers kept for repeated requests.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_NOT_FOUND; ERR_REPLAYED the same idempotency key came with another request.
 * Tests    tests/unit/store/test_tokens.c, tests/contract
 */
#ifndef STORE_TOKENS_H
#define STORE_TOKENS_H

#include "store/store.h"

enum { TOKENS_MAX = 4096 };

struct token {
    const char *id;
    uint8_t hash[HASH_SIZE];
    const char *role;
    const char *person;
    const char *post;
    int64_t created_ms;
    int64_t expires_ms;  /* 0 = never */
    int64_t revoked_ms;  /* 0 = not */
    const char *post_id; /* id of the matter of type post whose limits hold; "" = none */
    const char *address; /* the only one it is good from; "" = any */
    bool marked;         /* may do acts that ask a person for a second factor */
};

MUST_USE enum errc tokens_add(struct store *store, const struct token *token, struct err *err);
/* Whoever asks looks at expires_ms and revoked_ms. */
MUST_USE enum errc tokens_find(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                               struct token *out, struct err *err);
MUST_USE enum errc tokens_list(struct store *store, struct arena *arena, struct token **out,
                               size_t *out_count, struct err *err);
/* ERR_NOT_FOUND when there is no such token, or it was revoked already. */
MUST_USE enum errc tokens_revoke(struct store *store, const char *id, int64_t now_ms, struct err *err);

/* scope separates clients, so that one's keys are not another's. */
struct idempotency_key {
    const char *scope;
    const char *key;
    uint8_t request_hash[HASH_SIZE];
};

struct kept_answer {
    int64_t status;
    const char *bytes;
    size_t size_bytes;
};

/* The answer already given to this request; ERR_NOT_FOUND = it is new. */
MUST_USE enum errc idempotency_get(struct store *store, const struct idempotency_key *key,
                                   struct arena *arena, struct kept_answer *out, struct err *err);
MUST_USE enum errc idempotency_save(struct store *store, const struct idempotency_key *key,
                                    const struct kept_answer *answer, int64_t now_ms, struct err *err);
MUST_USE enum errc idempotency_purge(struct store *store, int64_t before_ms, struct err *err);

#endif
