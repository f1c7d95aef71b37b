#include "lib/toy_ledger.h"

#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum errc get(void *context, unsigned level, uint64_t index, uint8_t out[HASH_SIZE], struct err *err)
{
    struct toy_ledger *toy = context;
    if (level >= TOY_LEVELS || index >= TOY_LEAVES_MAX)
        return err_set(err, ERR_NOT_FOUND, "no hash (%u,%llu)", level, (unsigned long long)index);
    memcpy(out, toy->hash[level][index], HASH_SIZE);
    return ERR_OK;
}

static enum errc put(void *context, unsigned level, uint64_t index, const uint8_t hash[HASH_SIZE],
                     struct err *err)
{
    struct toy_ledger *toy = context;
    if (level >= TOY_LEVELS || index >= TOY_LEAVES_MAX)
        return err_set(err, ERR_LIMIT, "the toy holds %d leaves", TOY_LEAVES_MAX);
    memcpy(toy->hash[level][index], hash, HASH_SIZE);
    return ERR_OK;
}

static struct merkle_hashes hashes(struct toy_ledger *toy)
{
    return (struct merkle_hashes){toy, get, put};
}

struct toy_ledger *toy_new(const char *node, const char *universe, enum suite suite, struct sign_key *key)
{
    struct err err;
    struct toy_ledger *toy = calloc(1, sizeof *toy);
    assert_non_null(toy);
    (void)snprintf(toy->node, sizeof toy->node, "%s", node);
    (void)snprintf(toy->universe, sizeof toy->universe, "%s", universe);
    assert_ok(hasher_new(suite, &toy->hasher, &err), &err);
    toy->key = key;
    if (!key)
        assert_ok(sign_key_generate(suite, &toy->key, &err), &err);
    return toy;
}

void toy_free(struct toy_ledger *toy)
{
    hasher_free(toy->hasher);
    sign_key_free(toy->key);
    free(toy);
}

void toy_append(struct toy_ledger *toy, const char *act)
{
    struct err err;
    uint8_t leaf[HASH_SIZE];
    struct merkle_hashes table = hashes(toy);
    assert_ok(merkle_leaf(toy->hasher, act, strlen(act), leaf, &err), &err);
    assert_ok(merkle_append(&toy->tree, toy->hasher, leaf, &table, &err), &err);
}

struct tree_head toy_head(struct toy_ledger *toy, uint64_t size, int64_t time_ms)
{
    struct err err;
    struct merkle_tree tree;
    struct merkle_hashes table = hashes(toy);
    struct tree_head head = {.time_ms = time_ms, .tree = {.size = size}};
    memcpy(head.node, toy->node, sizeof head.node);
    memcpy(head.universe, toy->universe, sizeof head.universe);
    assert_ok(merkle_load(&tree, size, &table, &err), &err);
    assert_ok(merkle_root(&tree, toy->hasher, head.tree.root, &err), &err);
    assert_ok(proof_head_sign(&head, toy->key, &err), &err);
    return head;
}

struct growth_proof toy_growth(struct toy_ledger *toy, uint64_t from, uint64_t to)
{
    struct err err;
    struct merkle_hashes table = hashes(toy);
    struct growth_proof proof = {.from = from, .to = to};
    assert_ok(merkle_consistency(toy->hasher, from, to, &table, &proof.path, &err), &err);
    return proof;
}

struct act_proof toy_proof(struct toy_ledger *toy, uint64_t pos, uint64_t size, int64_t time_ms)
{
    struct err err;
    struct merkle_hashes table = hashes(toy);
    struct act_proof proof = {.head = toy_head(toy, size, time_ms), .pos = pos};
    assert_ok(merkle_inclusion(toy->hasher, pos, size, &table, &proof.path, &err), &err);
    return proof;
}
