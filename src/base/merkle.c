#include "base/merkle.h"

#include <string.h>

enum errc merkle_leaf(struct hasher *hasher, const void *bytes, size_t size_bytes, uint8_t out[HASH_SIZE],
                      struct err *err)
{
    hash_begin(hasher);
    hash_add(hasher, "\x00", 1);
    hash_add(hasher, bytes, size_bytes);
    return hash_end(hasher, out, err);
}

enum errc merkle_node(struct hasher *hasher, const uint8_t left[HASH_SIZE], const uint8_t right[HASH_SIZE],
                      uint8_t out[HASH_SIZE], struct err *err)
{
    hash_begin(hasher);
    hash_add(hasher, "\x01", 1);
    hash_add(hasher, left, HASH_SIZE);
    hash_add(hasher, right, HASH_SIZE);
    return hash_end(hasher, out, err);
}

static enum errc check_size(uint64_t size, struct err *err)
{
    if (size > MERKLE_SIZE_MAX)
        return err_set(err, ERR_LIMIT, "a tree of %llu leaves is too large", (unsigned long long)size);
    return ERR_OK;
}

/* Fetches the peaks for the wanted bits of size. Bit l of size stands for the complete subtree that ends
 * where size, cut below bit l, ends. */
static enum errc load_peaks(struct merkle_tree *tree, uint64_t size, uint64_t bits,
                            const struct merkle_hashes *hashes, struct err *err)
{
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if ((size & bits) >> level & 1) {
            enum errc rc = hashes->get(hashes->context, level, (size >> level) - 1, tree->peak[level], err);
            if (rc < 0)
                return rc;
        }
    }
    tree->size = size;
    return ERR_OK;
}

/* Joins the peaks of the wanted bits, smallest first: the root of the last `bits` leaves. */
static enum errc join_peaks(const struct merkle_tree *tree, uint64_t bits, struct hasher *hasher,
                            uint8_t out[HASH_SIZE], struct err *err)
{
    uint8_t joined[HASH_SIZE];
    bool any = false;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!((tree->size & bits) >> level & 1))
            continue;
        if (any) {
            enum errc rc = merkle_node(hasher, tree->peak[level], joined, joined, err);
            if (rc < 0)
                return rc;
        } else {
            memcpy(joined, tree->peak[level], HASH_SIZE);
        }
        any = true;
    }
    if (!any)
        return hash_once(hasher, "", 0, out, err);
    memcpy(out, joined, HASH_SIZE);
    return ERR_OK;
}

enum errc merkle_load(struct merkle_tree *tree, uint64_t size, const struct merkle_hashes *hashes,
                      struct err *err)
{
    struct merkle_tree loaded = {0};
    enum errc rc = check_size(size, err);
    if (rc == ERR_OK)
        rc = load_peaks(&loaded, size, UINT64_MAX, hashes, err);
    if (rc == ERR_OK)
        *tree = loaded;
    return rc;
}

enum errc merkle_append(struct merkle_tree *tree, struct hasher *hasher, const uint8_t leaf[HASH_SIZE],
                        const struct merkle_hashes *hashes, struct err *err)
{
    uint8_t hash[HASH_SIZE];
    enum errc rc = check_size(tree->size + 1, err);
    if (rc < 0)
        return rc;
    memcpy(hash, leaf, HASH_SIZE);
    unsigned level = 0;
    for (;; level++) {
        if (hashes)
            rc = hashes->put(hashes->context, level, tree->size >> level, hash, err);
        if (rc < 0 || !(tree->size >> level & 1))
            break;
        rc = merkle_node(hasher, tree->peak[level], hash, hash, err);
        if (rc < 0)
            break;
    }
    if (rc < 0)
        return rc;
    /* Peaks below this level are no longer part of size, so nothing else needs to be written. */
    memcpy(tree->peak[level], hash, HASH_SIZE);
    tree->size++;
    return ERR_OK;
}

enum errc merkle_root(const struct merkle_tree *tree, struct hasher *hasher, uint8_t out[HASH_SIZE],
                      struct err *err)
{
    return join_peaks(tree, UINT64_MAX, hasher, out, err);
}

/* The hash of node (level, index) in a tree of that size, complete or at the right edge. */
static enum errc node_at(struct hasher *hasher, unsigned level, uint64_t index, uint64_t size,
                         const struct merkle_hashes *hashes, uint8_t out[HASH_SIZE], struct err *err)
{
    if (index + 1 <= size >> level)
        return hashes->get(hashes->context, level, index, out, err);
    uint64_t bits = size - (index << level);
    struct merkle_tree edge;
    enum errc rc = load_peaks(&edge, size, bits, hashes, err);
    if (rc < 0)
        return rc;
    return join_peaks(&edge, bits, hasher, out, err);
}

/* Appends to the proof the siblings on the way from node (level, index) to the root. */
static enum errc climb(struct hasher *hasher, unsigned level, uint64_t index, uint64_t size,
                       const struct merkle_hashes *hashes, struct merkle_proof *proof, struct err *err)
{
    for (uint64_t last = (size - 1) >> level; last > 0; level++, index >>= 1, last >>= 1) {
        if (!(index & 1) && index == last)
            continue; /* the right edge has no sibling here */
        enum errc rc = node_at(hasher, level, index ^ 1, size, hashes, proof->hash[proof->count], err);
        if (rc < 0)
            return rc;
        proof->count++;
    }
    return ERR_OK;
}

enum errc merkle_inclusion(struct hasher *hasher, uint64_t index, uint64_t size,
                           const struct merkle_hashes *hashes, struct merkle_proof *out, struct err *err)
{
    struct merkle_proof proof = {0};
    enum errc rc = check_size(size, err);
    if (rc < 0)
        return rc;
    if (index >= size)
        return err_set(err, ERR_INVALID, "leaf %llu is not in a tree of %llu leaves",
                       (unsigned long long)index, (unsigned long long)size);
    rc = climb(hasher, 0, index, size, hashes, &proof, err);
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}

enum errc merkle_consistency(struct hasher *hasher, uint64_t old_size, uint64_t new_size,
                             const struct merkle_hashes *hashes, struct merkle_proof *out, struct err *err)
{
    struct merkle_proof proof = {0};
    enum errc rc = check_size(new_size, err);
    if (rc < 0)
        return rc;
    if (old_size < 1 || old_size > new_size)
        return err_set(err, ERR_INVALID, "a tree of %llu leaves is not the beginning of one of %llu",
                       (unsigned long long)old_size, (unsigned long long)new_size);
    /* Start at the smallest peak of the old tree. */
    unsigned level = 0;
    while (!(old_size >> level & 1))
        level++;
    uint64_t index = (old_size >> level) - 1;
    if (old_size == new_size)
        goto out;
    /* When that peak is the whole old tree, the verifier already has it: it is the old root. */
    if (index > 0) {
        rc = hashes->get(hashes->context, level, index, proof.hash[0], err);
        proof.count = 1;
    }
    if (rc == ERR_OK)
        rc = climb(hasher, level, index, new_size, hashes, &proof, err);
out:
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}

static enum errc forged(struct err *err, const char *what)
{
    return err_set(err, ERR_FORGED, "the Merkle proof does not hold: %s", what);
}

enum errc merkle_verify_inclusion(struct hasher *hasher, const uint8_t leaf[HASH_SIZE], uint64_t index,
                                  const struct merkle_proof *proof, const struct merkle_claim *claim,
                                  struct err *err)
{
    uint8_t hash[HASH_SIZE];
    if (claim->size > MERKLE_SIZE_MAX || index >= claim->size || proof->count > MERKLE_PROOF_MAX)
        return forged(err, "a number is out of range");
    memcpy(hash, leaf, HASH_SIZE);
    uint64_t at = index;
    uint64_t last = claim->size - 1;
    for (size_t i = 0; i < proof->count; i++, at >>= 1, last >>= 1) {
        if (last == 0)
            return forged(err, "it has too many hashes");
        enum errc rc;
        if (at & 1 || at == last) {
            rc = merkle_node(hasher, proof->hash[i], hash, hash, err);
            /* On the right edge, levels without a sibling are skipped. */
            for (; !(at & 1) && at > 0; at >>= 1)
                last >>= 1;
        } else {
            rc = merkle_node(hasher, hash, proof->hash[i], hash, err);
        }
        if (rc < 0)
            return rc;
    }
    if (last != 0)
        return forged(err, "it has too few hashes");
    if (memcmp(hash, claim->root, HASH_SIZE) != 0)
        return forged(err, "it leads to another root");
    return ERR_OK;
}

/* One step of both climbs: p is a left sibling of old and new at once, or a right sibling of new only. */
static enum errc consistency_step(struct hasher *hasher, const uint8_t p[HASH_SIZE], bool left,
                                  uint8_t old_hash[HASH_SIZE], uint8_t new_hash[HASH_SIZE], struct err *err)
{
    if (!left)
        return merkle_node(hasher, new_hash, p, new_hash, err);
    enum errc rc = merkle_node(hasher, p, old_hash, old_hash, err);
    if (rc < 0)
        return rc;
    return merkle_node(hasher, p, new_hash, new_hash, err);
}

static enum errc consistency_climb(struct hasher *hasher, const struct merkle_claim *old_claim,
                                   const struct merkle_claim *new_claim, const struct merkle_proof *proof,
                                   struct err *err)
{
    uint8_t old_hash[HASH_SIZE];
    uint8_t new_hash[HASH_SIZE];
    uint64_t at = old_claim->size - 1;
    uint64_t last = new_claim->size - 1;
    for (; at & 1; at >>= 1)
        last >>= 1;
    size_t i = 0;
    /* at == 0: the old tree is one complete subtree, whose hash is the old root itself. */
    memcpy(old_hash, at == 0 ? old_claim->root : proof->hash[i++], HASH_SIZE);
    memcpy(new_hash, old_hash, HASH_SIZE);
    for (; i < proof->count; i++, at >>= 1, last >>= 1) {
        if (last == 0)
            return forged(err, "it has too many hashes");
        bool left = at & 1 || at == last;
        enum errc rc = consistency_step(hasher, proof->hash[i], left, old_hash, new_hash, err);
        if (rc < 0)
            return rc;
        for (; left && !(at & 1) && at > 0; at >>= 1)
            last >>= 1;
    }
    if (last != 0)
        return forged(err, "it has too few hashes");
    if (memcmp(old_hash, old_claim->root, HASH_SIZE) != 0)
        return forged(err, "it does not lead to the old root");
    if (memcmp(new_hash, new_claim->root, HASH_SIZE) != 0)
        return forged(err, "it does not lead to the new root");
    return ERR_OK;
}

enum errc merkle_verify_consistency(struct hasher *hasher, const struct merkle_claim *old_claim,
                                    const struct merkle_claim *new_claim, const struct merkle_proof *proof,
                                    struct err *err)
{
    if (old_claim->size < 1 || new_claim->size > MERKLE_SIZE_MAX || proof->count > MERKLE_PROOF_MAX)
        return forged(err, "a number is out of range");
    if (old_claim->size > new_claim->size)
        return forged(err, "the tree became smaller");
    if (old_claim->size < new_claim->size) {
        if (proof->count == 0)
            return forged(err, "it is empty");
        return consistency_climb(hasher, old_claim, new_claim, proof, err);
    }
    if (proof->count != 0)
        return forged(err, "equal sizes need no hashes");
    if (memcmp(old_claim->root, new_claim->root, HASH_SIZE) != 0)
        return forged(err, "two roots for one size");
    return ERR_OK;
}
