/* desk/witness.h — nodes watch each other's ledgers: the newest head is shown on every contact, and is
 * co-signed when it continues what was seen before.
 *
 *   ours:    last signed head, and the proof that it grew from the size that the peer has witnessed
 *   theirs:  signed by the peer's known key? ─► continues what we witnessed? ─► co-signed and kept
 *                                                 └─ contradicts it: an alarm with both heads goes on record
 *
 * Layer    desk.   Owns nothing.
 * Threads  witness_ours reads any store; the others are the writer's.
 * Errors   ERR_FORGED the head is not the peer's, or contradicts what it showed before; ERR_BUSY it may be
 *          right, but was not proven from what we witnessed (witness_seen tells from where).
 * Tests    tests/unit/desk/test_witness.c, tests/sim
 */
#ifndef DESK_WITNESS_H
#define DESK_WITNESS_H

#include "desk/desk.h"

struct witness_claim {
    bool has_head;
    struct tree_head head;
    bool has_growth;
    struct growth_proof growth;
};

/* What to show a peer that has witnessed our ledger at that size (0 = never). */
MUST_USE enum errc witness_ours(struct store *store, uint64_t seen_size, struct witness_claim *out,
                                struct err *err);

/* Size of the peer's ledger as last co-signed here. */
MUST_USE enum errc witness_seen(struct desk *desk, const char *peer, uint64_t *out_size, struct err *err);

/* Checks, co-signs and keeps what a peer shows. */
MUST_USE enum errc witness_theirs(struct desk *desk, const char *peer, const struct witness_claim *claim,
                                  struct cosignature *out, struct err *err);

/* A peer's signature under our head of that size: checked and kept. ERR_NOT_FOUND there is no such head. */
MUST_USE enum errc witness_keep(struct desk *desk, const char *peer, uint64_t size,
                                const struct cosignature *cosignature, struct err *err);

#endif
