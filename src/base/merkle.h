/* base/merkle.h — the Merkle tree of RFC 6962 / RFC 9162 over either suite.
 *
 *   leaf  = H(0x00 ‖ bytes)      node = H(0x01 ‖ left ‖ right)      tree of nothing = H("")
 *
 *   level 2 ┌────(2,0)────┐          A *complete subtree* (level, index) covers the leaves
 *   level 1 (1,0)      (1,1)         [index << level, (index + 1) << level). Its hash never changes once
 *   level 0 0   1      2   3   4     its last leaf is there: only such hashes are kept, in a table of the
 *                                    caller. Everything else is computed from them.
 *
 * Layer    base.
 * Owns     nothing: trees and proofs are plain values. A copy of a struct merkle_tree is a snapshot, so a
 *          transaction that is rolled back just drops its copy.
 * Threads  any; one hasher is used by one thread at a time.
 * Errors   verification answers ERR_FORGED for whatever does not hold, including wrong lengths, sizes and
 *          surplus hashes; generation ERR_INVALID for a size or index outside the tree, or what the
 *          table's functions answer.
 * Tests    tests/unit/base/test_merkle.c (vectors, both suites against an independent implementation,
 *          100,000 mutated proofs)
 */
#ifndef BASE_MERKLE_H
#define BASE_MERKLE_H

#include "base/hash.h"

/* Sizes stay exact in every JSON reader. A proof in such a tree has at most 54 hashes. */
#define MERKLE_SIZE_MAX ((UINT64_C(1) << 53) - 1)
enum { MERKLE_LEVELS = 54, MERKLE_PROOF_MAX = 54 };

/* The caller's table of complete-subtree hashes. put is asked once per new hash, level 0 first. */
struct merkle_hashes {
    void *context;
    MUST_USE enum errc (*get)(void *context, unsigned level, uint64_t index, uint8_t out[HASH_SIZE],
                              struct err *err);
    MUST_USE enum errc (*put)(void *context, unsigned level, uint64_t index, const uint8_t hash[HASH_SIZE],
                              struct err *err);
};

/* The growing edge: peak[l] is the hash of the complete subtree for bit l of size. */
struct merkle_tree {
    uint64_t size;
    uint8_t peak[MERKLE_LEVELS][HASH_SIZE];
};

struct merkle_proof {
    size_t count;
    uint8_t hash[MERKLE_PROOF_MAX][HASH_SIZE];
};

MUST_USE enum errc merkle_leaf(struct hasher *hasher, const void *bytes, size_t size_bytes,
                               uint8_t out[HASH_SIZE], struct err *err);
MUST_USE enum errc merkle_node(struct hasher *hasher, const uint8_t left[HASH_SIZE],
                               const uint8_t right[HASH_SIZE], uint8_t out[HASH_SIZE], struct err *err);

/* {.size = 0} is the empty tree; load brings back the edge of a tree of that size. */
MUST_USE enum errc merkle_load(struct merkle_tree *tree, uint64_t size, const struct merkle_hashes *hashes,
                               struct err *err);
/* Appends one leaf hash. hashes may be NULL when nobody keeps them. On error the tree is unchanged. */
MUST_USE enum errc merkle_append(struct merkle_tree *tree, struct hasher *hasher,
                                 const uint8_t leaf[HASH_SIZE], const struct merkle_hashes *hashes,
                                 struct err *err);
MUST_USE enum errc merkle_root(const struct merkle_tree *tree, struct hasher *hasher, uint8_t out[HASH_SIZE],
                               struct err *err);

/* Proof that leaf number index (from 0) is in the tree of that size. */
MUST_USE enum errc merkle_inclusion(struct hasher *hasher, uint64_t index, uint64_t size,
                                    const struct merkle_hashes *hashes, struct merkle_proof *out,
                                    struct err *err);
/* Proof that the tree of size old_size is the beginning of the tree of size new_size; 1 <= old <= new. */
MUST_USE enum errc merkle_consistency(struct hasher *hasher, uint64_t old_size, uint64_t new_size,
                                      const struct merkle_hashes *hashes, struct merkle_proof *out,
                                      struct err *err);

struct merkle_claim {
    uint64_t size;
    uint8_t root[HASH_SIZE];
};

MUST_USE enum errc merkle_verify_inclusion(struct hasher *hasher, const uint8_t leaf[HASH_SIZE],
                                           uint64_t index, const struct merkle_proof *proof,
                                           const struct merkle_claim *claim, struct err *err);
/* Equal sizes need equal roots and an empty proof. Nothing can be said about a tree of size 0: it is refused,
 * and who has seen no head yet has nothing to compare. */
MUST_USE enum errc merkle_verify_consistency(struct hasher *hasher, const struct merkle_claim *old_claim,
                                             const struct merkle_claim *new_claim,
                                             const struct merkle_proof *proof, struct err *err);

#endif
