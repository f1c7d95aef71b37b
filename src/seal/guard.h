/* seal/guard.h — what the signer remembers, and the rule it signs by: one ledger, one history.
 *
 * A row a ledger: the node's own (one a universe) and those it has witnessed. A head is allowed only when it
 * continues what the row says, so two heads that contradict each other never both carry this node's
 * signature, whoever is asking.
 *
 *     size > kept    only with the proof that the tree grew from there
 *     size = kept    only with the same root
 *     size < kept    never
 *
 * Layer    seal.
 * Owns     guard_new gives an object freed by guard_free; rows are lent until the next guard_add.
 * Threads  one at a time.
 * Errors   ERR_FORGED the head contradicts the row; ERR_LIMIT too many ledgers.
 * Tests    tests/unit/seal/test_guard.c
 */
#ifndef SEAL_GUARD_H
#define SEAL_GUARD_H

#include "base/proof.h"

enum { GUARD_ROWS_MAX = 16384 };

struct guard_row {
    char node[PROOF_NAME_MAX + 1];
    char universe[PROOF_NAME_MAX + 1];
    struct merkle_claim kept; /* size 0 = nothing yet */
    struct merkle_claim open; /* signed before its commit, and not yet kept (seal.h); never in the journal */
    uint32_t slot;            /* order of arrival: the row's place in the journal */
    uint64_t writes;          /* how often the journal wrote it */
};

struct guard;

MUST_USE enum errc guard_new(struct guard **out, struct err *err);
void guard_free(struct guard *guard);

/* Rows in the order of their slots. */
size_t guard_count(const struct guard *guard);
/* NULL when nothing is known of that ledger. */
struct guard_row *guard_find(const struct guard *guard, const char *node, const char *universe);
/* A new row of size 0 with the next slot; ERR_CONFLICT when it is there. */
MUST_USE enum errc guard_add(struct guard *guard, const char *node, const char *universe,
                             struct guard_row **out, struct err *err);

/* The rule. row may be NULL: nothing known, anything goes. growth may be NULL when nothing is known or the
 * head has the kept size. */
MUST_USE enum errc guard_allow(const struct guard_row *row, const struct tree_head *head,
                               const struct growth_proof *growth, struct err *err);

#endif
