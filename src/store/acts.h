/* store/acts.h — the record itself: every act, own and received, as its exact bytes, in order of recording.
 *
 * Appending gives the act the next leaf of the ledger (ledger.h) in the same transaction. An act is never
 * changed or deleted; only its annex, which the ledger does not cover, can be set later.
 *
 * Layer    store.
 * Owns     nothing; what is read lives in the caller's arena. In struct act only the members that have a
 *          column are filled, and bytes; act_read (domain/act.h) gives the rest.
 * Threads  as the store.
 * Errors   ERR_CONFLICT field "id": that act is there; field "seq": that node made another act with this
 *          number, which is an attempt to have two histories.
 * Tests    tests/unit/store/test_acts.c, tests/contract
 */
#ifndef STORE_ACTS_H
#define STORE_ACTS_H

#include "domain/model.h"
#include "store/store.h"

enum { ACTS_LIMIT_MAX = 1000 };

struct stored_act {
    struct act act; /* id, universe, node, seq, kind, subject, root, recorded_ms, bytes, size_bytes */
    int64_t pos;    /* leaf number in this node's ledger, from 0 */
    int64_t received_ms;
    const char *from_node; /* who brought it; "" = made here */
    const char *annex;     /* secret values that travel beside; "" = none */
    size_t annex_bytes;
    const char *proof; /* its origin's proof, as received; "" = made here */
    size_t proof_bytes;
};

/* Sets stored->pos. bytes are stored as they are. */
MUST_USE enum errc acts_append(struct store *store, struct stored_act *stored, struct err *err);

MUST_USE enum errc acts_get(struct store *store, const char *id, struct arena *arena, struct stored_act *out,
                            struct err *err);
MUST_USE enum errc acts_at(struct store *store, int64_t pos, struct arena *arena, struct stored_act *out,
                           struct err *err);
MUST_USE enum errc acts_by_seq(struct store *store, const char *node, int64_t seq, struct arena *arena,
                               struct stored_act *out, struct err *err);
MUST_USE enum errc acts_exists(struct store *store, const char *id, bool *out, struct err *err);

/* The number that node's next act gets: one more than its last known. */
MUST_USE enum errc acts_next_seq(struct store *store, const char *node, int64_t *out, struct err *err);

/* Number of acts, those of an open transaction included. */
int64_t acts_count(const struct store *store);

/* NULL or 0 = any. In order of recording. The next page starts after the pos of the last. */
struct act_filter {
    const char *subject;
    const char *root;
    const char *kind;
    const char *node;
    int64_t after_pos; /* only acts with a greater pos; -1 = from the first */
    bool newest_first; /* then after_pos means: only acts with a smaller pos; -1 = from the last */
    size_t limit;      /* 1 … ACTS_LIMIT_MAX */
};

struct act_page {
    struct stored_act *items;
    size_t count;
};

MUST_USE enum errc acts_list(struct store *store, const struct act_filter *filter, struct arena *arena,
                             struct act_page *out, struct err *err);

/* Every act in order, one at a time, for rebuild, export and verification: fn sees an act that lives until
 * it returns; an error from it ends the walk and is passed on. */
typedef enum errc (*act_fn)(void *context, const struct stored_act *stored, struct err *err);
MUST_USE enum errc acts_walk(struct store *store, int64_t from_pos, act_fn fn, void *context,
                             struct err *err);

MUST_USE enum errc acts_set_annex(struct store *store, const char *id, const char *annex, size_t annex_bytes,
                                  struct err *err);

#endif
