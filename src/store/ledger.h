/* store/ledger.h — the Merkle tree over the acts of this record, and its signed heads.
 *
 * acts_append adds the leaf. Before a commit the ledger wants a head:
 *
 *     ledger_prepare_head   reads the transaction's acts back, hashes them again and compares, checks that
 *                           the tree still continues the last signed head, and fills in what to sign
 *     proof_head_sign       by the signer (base/proof.h)
 *     ledger_save_head      keeps it; only the head just prepared is taken
 *
 * so no head is ever signed over a tree that is not what the store holds.
 *
 * Layer    store.   Owns nothing.   Threads as the store.
 * Errors   ERR_DAMAGED what is stored does not match the ledger: nothing may be signed.
 * Tests    tests/unit/store/test_ledger.c, tests/faults/test_flips.c
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/proof.h"
#include "store/store.h"

enum { WITNESSES_LIMIT_MAX = 1000 };

/* Number of leaves, those of the open transaction included. */
uint64_t ledger_size(const struct store *store);
/* Root of the tree as it is now. */
MUST_USE enum errc ledger_root(struct store *store, struct merkle_claim *out, struct err *err);
/* Root as it was at a smaller size. */
MUST_USE enum errc ledger_root_at(struct store *store, uint64_t size, struct merkle_claim *out,
                                  struct err *err);

/* Everything of *out but the signature. */
MUST_USE enum errc ledger_prepare_head(struct store *store, int64_t time_ms, struct tree_head *out,
                                       struct err *err);
MUST_USE enum errc ledger_save_head(struct store *store, const struct tree_head *head, struct err *err);

/* ERR_NOT_FOUND before the first head, or when there is none of that size. */
MUST_USE enum errc ledger_last_head(struct store *store, struct tree_head *out, struct err *err);
MUST_USE enum errc ledger_head_at(struct store *store, uint64_t size, struct tree_head *out, struct err *err);

/* Leaf pos under the first head that covers it, or under the newest. */
enum ledger_cover { LEDGER_FIRST, LEDGER_NEWEST };
MUST_USE enum errc ledger_prove_act(struct store *store, int64_t pos, enum ledger_cover cover,
                                    struct act_proof *out, struct err *err);
/* 1 <= from <= to <= size. */
MUST_USE enum errc ledger_prove_growth(struct store *store, uint64_t from, uint64_t to,
                                       struct growth_proof *out, struct err *err);

/* What peers signed under our heads. The second save of the same is nothing new. */
MUST_USE enum errc ledger_save_cosignature(struct store *store, uint64_t size,
                                           const struct cosignature *cosig, struct err *err);
struct ledger_witness {
    uint64_t size; /* of our head */
    struct cosignature cosig;
};
/* Those for heads of that size and more, in order of size. */
MUST_USE enum errc ledger_witnesses(struct store *store, uint64_t from_size, size_t limit,
                                    struct arena *arena, struct ledger_witness **out, size_t *out_count,
                                    struct err *err);

/* The last head we hold of a peer; the caller has verified that it continues the one before. */
MUST_USE enum errc ledger_save_peer_head(struct store *store, const struct tree_head *head, int64_t seen_ms,
                                         struct err *err);
MUST_USE enum errc ledger_peer_head(struct store *store, const char *node, struct tree_head *out,
                                    struct err *err);

#endif
