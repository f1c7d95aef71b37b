/* store/inbox.h — what came from peers: how far each one is, what waits for its matter, and who has
 * acknowledged what.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_CONFLICT the peer's number is not the next.
 * Tests    tests/unit/store/test_inbox.c, tests/contract
 */
#ifndef STORE_INBOX_H
#define STORE_INBOX_H

#include "store/store.h"

enum { INBOX_LIMIT_MAX = 1000 };

/* The last number taken from that peer; 0 = none yet. */
MUST_USE enum errc inbox_last(struct store *store, const char *peer, int64_t *out_n, struct err *err);
/* Takes n, which must be the last + 1. */
MUST_USE enum errc inbox_advance(struct store *store, const char *peer, int64_t n, int64_t now_ms,
                                 struct err *err);

/* An act of a peer whose matter is not known here yet. */
struct waiting_act {
    const char *act;
    const char *waits_for; /* id of the matter */
    const char *peer;
    int64_t parked_ms;
    const char *bytes;
    size_t size_bytes;
    const char *annex;
    size_t annex_bytes;
    const char *proof;
    size_t proof_bytes;
};

/* Parking the same act twice is nothing new. */
MUST_USE enum errc waiting_park(struct store *store, const struct waiting_act *waiting, struct err *err);
/* First those that are on the record, in its order: a rebuild, which knows the record alone, folds them so.
 * Then the others in the order of their ids, which is that of their making. */
MUST_USE enum errc waiting_for(struct store *store, const char *matter, size_t limit, struct arena *arena,
                               struct waiting_act **out, size_t *out_count, struct err *err);
/* It waits no longer. *out_waited: it did until now. */
MUST_USE enum errc waiting_end(struct store *store, const char *act, bool *out_waited, struct err *err);
MUST_USE enum errc waiting_count(struct store *store, int64_t *out, struct err *err);

/* That a node has an act: read from its receipt.given. A projection. */
struct receipt {
    const char *act;
    const char *node;
    const char *receipt_act;
    int64_t received_ms; /* by the receiver's clock */
    const char *state;   /* accepted, duplicate, refused, waiting */
    const char *reason;
    const char *clause;
};

/* Replaces an earlier one of the same node for the same act. */
MUST_USE enum errc receipts_save(struct store *store, const struct receipt *receipt, struct err *err);
/* All of one act, by node. */
MUST_USE enum errc receipts_list(struct store *store, const char *act, struct arena *arena,
                                 struct receipt **out, size_t *out_count, struct err *err);

#endif
