#include "base/merkle.h"
#include "base/str.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <ftw.h>
#include <jansson.h>
#include <string.h>

enum { LEAVES_MAX = 520, ROUNDS_LEVELS = 12 };

/* A table of hashes as the store keeps it, and a repeatable source of choices. */
struct table {
    uint8_t hash[ROUNDS_LEVELS][LEAVES_MAX][HASH_SIZE];
    bool known[ROUNDS_LEVELS][LEAVES_MAX];
};

struct bench {
    struct hasher *hasher;
    struct table table;
    struct merkle_hashes hashes;
    struct merkle_tree tree;
    uint8_t leaves[LEAVES_MAX][HASH_SIZE];
    uint64_t seed;
};

static uint64_t choose(struct bench *bench, uint64_t below)
{
    bench->seed ^= bench->seed << 13;
    bench->seed ^= bench->seed >> 7;
    bench->seed ^= bench->seed << 17;
    return bench->seed % below;
}

static enum errc get(void *context, unsigned level, uint64_t index, uint8_t out[HASH_SIZE], struct err *err)
{
    const struct table *table = context;
    if (level >= ROUNDS_LEVELS || index >= LEAVES_MAX || !table->known[level][index])
        return err_set(err, ERR_NOT_FOUND, "no hash (%u,%llu)", level, (unsigned long long)index);
    memcpy(out, table->hash[level][index], HASH_SIZE);
    return ERR_OK;
}

static enum errc put(void *context, unsigned level, uint64_t index, const uint8_t hash[HASH_SIZE],
                     struct err *err)
{
    struct table *table = context;
    if (level >= ROUNDS_LEVELS || index >= LEAVES_MAX || table->known[level][index])
        return err_set(err, ERR_CONFLICT, "hash (%u,%llu) put twice", level, (unsigned long long)index);
    memcpy(table->hash[level][index], hash, HASH_SIZE);
    table->known[level][index] = true;
    return ERR_OK;
}

static struct bench *bench_new(enum suite suite, size_t leaf_count)
{
    struct err err;
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->seed = 88172645463325252u + suite;
    bench->hashes = (struct merkle_hashes){&bench->table, get, put};
    assert_ok(hasher_new(suite, &bench->hasher, &err), &err);
    for (size_t i = 0; i < leaf_count; i++) {
        assert_ok(merkle_leaf(bench->hasher, &i, i % (sizeof i + 1), bench->leaves[i], &err), &err);
        assert_ok(merkle_append(&bench->tree, bench->hasher, bench->leaves[i], &bench->hashes, &err), &err);
    }
    return bench;
}

static void bench_free(struct bench *bench)
{
    hasher_free(bench->hasher);
    free(bench);
}

/* RFC 6962, 2.1, word for word: the independent implementation that the tree is held against. */
static void naive_root(struct hasher *hasher, uint8_t (*leaves)[HASH_SIZE], size_t n, uint8_t out[HASH_SIZE])
{
    struct err err;
    uint8_t pair[1 + 2 * HASH_SIZE] = {1};
    if (n == 0) {
        assert_ok(hash_once(hasher, "", 0, out, &err), &err);
    } else if (n == 1) {
        memcpy(out, leaves[0], HASH_SIZE);
    } else {
        size_t k = 1;
        while (2 * k < n)
            k *= 2;
        naive_root(hasher, leaves, k, pair + 1);
        naive_root(hasher, leaves + k, n - k, pair + 1 + HASH_SIZE);
        assert_ok(hash_once(hasher, pair, sizeof pair, out, &err), &err);
    }
}

/* RFC 6962, 2.1.1: PATH(m, D[n]). */
static void naive_path(struct hasher *hasher, size_t m, uint8_t (*leaves)[HASH_SIZE], size_t n,
                       struct merkle_proof *out)
{
    if (n <= 1)
        return;
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    if (m < k) {
        naive_path(hasher, m, leaves, k, out);
        naive_root(hasher, leaves + k, n - k, out->hash[out->count++]);
    } else {
        naive_path(hasher, m - k, leaves + k, n - k, out);
        naive_root(hasher, leaves, k, out->hash[out->count++]);
    }
}

/* RFC 6962, 2.1.2: SUBPROOF(m, D[n], b). */
static void naive_subproof(struct hasher *hasher, size_t m, uint8_t (*leaves)[HASH_SIZE], size_t n, bool b,
                           struct merkle_proof *out)
{
    if (m == n) {
        if (!b)
            naive_root(hasher, leaves, n, out->hash[out->count++]);
        return;
    }
    size_t k = 1;
    while (2 * k < n)
        k *= 2;
    if (m <= k) {
        naive_subproof(hasher, m, leaves, k, b, out);
        naive_root(hasher, leaves + k, n - k, out->hash[out->count++]);
    } else {
        naive_subproof(hasher, m - k, leaves + k, n - k, false, out);
        naive_root(hasher, leaves, k, out->hash[out->count++]);
    }
}

static struct merkle_claim claim_at(struct bench *bench, uint64_t size)
{
    struct err err;
    struct merkle_tree tree;
    struct merkle_claim claim = {.size = size};
    assert_ok(merkle_load(&tree, size, &bench->hashes, &err), &err);
    assert_ok(merkle_root(&tree, bench->hasher, claim.root, &err), &err);
    return claim;
}

static void assert_same_proof(const struct merkle_proof *a, const struct merkle_proof *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->hash, b->hash, a->count * HASH_SIZE);
}

static void agrees_at(struct bench *bench, uint64_t size)
{
    struct err err;
    uint8_t root[HASH_SIZE];
    struct merkle_claim claim = claim_at(bench, size);
    naive_root(bench->hasher, bench->leaves, size, root);
    assert_memory_equal(claim.root, root, HASH_SIZE);
    for (uint64_t m = 0; m < size; m += 1 + size / 40) {
        struct merkle_proof proof;
        struct merkle_proof naive = {0};
        assert_ok(merkle_inclusion(bench->hasher, m, size, &bench->hashes, &proof, &err), &err);
        naive_path(bench->hasher, m, bench->leaves, size, &naive);
        assert_same_proof(&proof, &naive);
        naive = (struct merkle_proof){0};
        assert_ok(merkle_consistency(bench->hasher, m + 1, size, &bench->hashes, &proof, &err), &err);
        naive_subproof(bench->hasher, m + 1, bench->leaves, size, true, &naive);
        assert_same_proof(&proof, &naive);
    }
}

static void agrees_with_the_recursive_definition(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct bench *bench = bench_new(suite, 130);
        for (uint64_t size = 0; size <= 130; size++)
            agrees_at(bench, size);
        bench_free(bench);
    }
}

static void flip(uint8_t *bytes, uint64_t bit)
{
    bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* Every proof of random sizes holds, and no single flipped bit of leaf, root or proof goes through. */
static void single_bit_mutations_are_refused(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct bench *bench = bench_new(suite, 500);
        for (int round = 0; round < 12; round++) {
            struct merkle_proof proof;
            struct merkle_claim claim = claim_at(bench, 1 + choose(bench, 500));
            struct merkle_claim old = claim_at(bench, 1 + choose(bench, claim.size));
            uint64_t index = choose(bench, claim.size);
            uint8_t leaf[HASH_SIZE];
            memcpy(leaf, bench->leaves[index], HASH_SIZE);
            assert_ok(merkle_inclusion(bench->hasher, index, claim.size, &bench->hashes, &proof, &err), &err);
            assert_ok(merkle_verify_inclusion(bench->hasher, leaf, index, &proof, &claim, &err), &err);
            uint8_t *parts[] = {leaf, claim.root, proof.hash[0]};
            size_t bits[] = {8 * HASH_SIZE, 8 * HASH_SIZE, 8 * HASH_SIZE * proof.count};
            for (size_t part = 0; part < 3; part++) {
                for (size_t bit = 0; bit < bits[part]; bit++) {
                    flip(parts[part], bit);
                    assert_code(merkle_verify_inclusion(bench->hasher, leaf, index, &proof, &claim, &err),
                                ERR_FORGED);
                    flip(parts[part], bit);
                }
            }
            assert_ok(merkle_consistency(bench->hasher, old.size, claim.size, &bench->hashes, &proof, &err),
                      &err);
            assert_ok(merkle_verify_consistency(bench->hasher, &old, &claim, &proof, &err), &err);
            parts[0] = old.root;
            bits[2] = 8 * HASH_SIZE * proof.count;
            for (size_t part = 0; part < 3; part++) {
                for (size_t bit = 0; bit < bits[part]; bit++) {
                    flip(parts[part], bit);
                    assert_code(merkle_verify_consistency(bench->hasher, &old, &claim, &proof, &err),
                                ERR_FORGED);
                    flip(parts[part], bit);
                }
            }
        }
        bench_free(bench);
    }
}

/* Changes one thing about a proof; false when this choice changes nothing. */
static bool mutate(struct bench *bench, struct merkle_proof *proof, uint64_t *a, uint64_t *b, uint8_t *root)
{
    uint64_t old_a = *a;
    uint64_t old_b = *b;
    switch (choose(bench, 8)) {
    case 0: *a = choose(bench, 520); return *a != old_a;
    case 1: *b = choose(bench, 520); return *b != old_b;
    case 2: flip(root, choose(bench, 8 * HASH_SIZE)); return true;
    case 3: proof->count += 1 + choose(bench, MERKLE_PROOF_MAX + 1); return true;
    case 4:
        if (proof->count == 0)
            return false;
        proof->count--;
        return true;
    case 5:
        if (proof->count < 2)
            return false;
        memmove(proof->hash[0], proof->hash[1], (--proof->count) * HASH_SIZE);
        return true;
    case 6:
        if (proof->count == 0)
            return false;
        flip(proof->hash[0], choose(bench, 8 * HASH_SIZE * proof->count));
        return true;
    default:
        if (proof->count < 2 || memcmp(proof->hash[0], proof->hash[1], HASH_SIZE) == 0)
            return false;
        memcpy(proof->hash[MERKLE_PROOF_MAX - 1], proof->hash[0], HASH_SIZE);
        memcpy(proof->hash[0], proof->hash[1], HASH_SIZE);
        memcpy(proof->hash[1], proof->hash[MERKLE_PROOF_MAX - 1], HASH_SIZE);
        return true;
    }
}

/* A changed size alone may leave the shape of the path as it was: then only the signed head, which binds
 * size and root, can tell. Such cases are not counted; every other acceptance is a failure. */
static void a_hundred_thousand_mutated_proofs_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct bench *bench = bench_new(SUITE_P256_SHA256, 500);
    size_t refused = 0;
    size_t accepted = 0;
    while (refused < 100000) {
        struct merkle_proof proof;
        struct merkle_claim claim = claim_at(bench, 1 + choose(bench, 500));
        struct merkle_claim old = claim_at(bench, 1 + choose(bench, claim.size));
        uint64_t index = choose(bench, claim.size);
        const uint8_t *leaf = bench->leaves[index];
        assert_ok(merkle_inclusion(bench->hasher, index, claim.size, &bench->hashes, &proof, &err), &err);
        struct merkle_claim changed = claim;
        if (mutate(bench, &proof, &index, &changed.size, changed.root)) {
            bool took = merkle_verify_inclusion(bench->hasher, leaf, index, &proof, &changed, NULL) == ERR_OK;
            refused += !took;
            accepted += took && changed.size == claim.size;
        }
        assert_ok(merkle_consistency(bench->hasher, old.size, claim.size, &bench->hashes, &proof, &err),
                  &err);
        changed = claim;
        if (mutate(bench, &proof, &old.size, &changed.size, changed.root)) {
            bool took = merkle_verify_consistency(bench->hasher, &old, &changed, &proof, NULL) == ERR_OK;
            refused += !took;
            accepted += took && changed.size == claim.size;
        }
    }
    assert_int_equal(accepted, 0);
    bench_free(bench);
}

static void refuses_sizes_outside_the_tree(void **state)
{
    (void)state;
    struct err err;
    struct bench *bench = bench_new(SUITE_P256_SHA256, 5);
    struct merkle_proof proof;
    struct merkle_tree tree;
    assert_code(merkle_inclusion(bench->hasher, 5, 5, &bench->hashes, &proof, &err), ERR_INVALID);
    assert_code(merkle_inclusion(bench->hasher, 0, 0, &bench->hashes, &proof, &err), ERR_INVALID);
    assert_code(merkle_inclusion(bench->hasher, 0, 7, &bench->hashes, &proof, &err), ERR_NOT_FOUND);
    assert_code(merkle_consistency(bench->hasher, 0, 5, &bench->hashes, &proof, &err), ERR_INVALID);
    assert_code(merkle_consistency(bench->hasher, 5, 4, &bench->hashes, &proof, &err), ERR_INVALID);
    assert_code(merkle_load(&tree, MERKLE_SIZE_MAX + 1, &bench->hashes, &err), ERR_LIMIT);
    assert_code(merkle_load(&tree, 6, &bench->hashes, &err), ERR_NOT_FOUND);
    bench->tree.size = MERKLE_SIZE_MAX;
    assert_code(merkle_append(&bench->tree, bench->hasher, bench->leaves[0], NULL, &err), ERR_LIMIT);
    bench_free(bench);
}

/* ---- vectors ---- */

/* The case's number; anything that is no exact size becomes one that cannot be. */
static uint64_t number(json_t *test, const char *name)
{
    double value = json_number_value(json_object_get(test, name));
    return value >= 0 && value < 9007199254740992.0 ? (uint64_t)value : UINT64_MAX;
}

/* Some vectors write a word where a hash belongs: it stands for any value equal to itself. */
static bool hash_of(json_t *value, uint8_t out[HASH_SIZE])
{
    struct arena arena;
    size_t size = 0;
    arena_init(&arena, 1 << 16);
    const char *text = json_string_value(value);
    const void *bytes = text ? base64_decode(&arena, text, strlen(text), &size) : NULL;
    bool usable = bytes && size > 0 && size <= HASH_SIZE;
    memset(out, 0, HASH_SIZE);
    if (usable)
        memcpy(out, bytes, size);
    arena_done(&arena);
    return usable;
}

static bool holds(struct hasher *hasher, json_t *test)
{
    struct merkle_proof proof = {0};
    struct merkle_claim old = {number(test, "size1"), {0}};
    struct merkle_claim claim = {0};
    uint8_t leaf[HASH_SIZE];
    size_t i;
    json_t *hash;
    json_array_foreach(json_object_get(test, "proof"), i, hash)
    {
        if (proof.count == MERKLE_PROOF_MAX || !hash_of(hash, proof.hash[proof.count++]))
            return false;
    }
    if (json_object_get(test, "leafHash")) {
        claim.size = number(test, "treeSize");
        return hash_of(json_object_get(test, "leafHash"), leaf) &&
               hash_of(json_object_get(test, "root"), claim.root) &&
               merkle_verify_inclusion(hasher, leaf, number(test, "leafIdx"), &proof, &claim, NULL) == ERR_OK;
    }
    claim.size = number(test, "size2");
    return hash_of(json_object_get(test, "root1"), old.root) &&
           hash_of(json_object_get(test, "root2"), claim.root) &&
           merkle_verify_consistency(hasher, &old, &claim, &proof, NULL) == ERR_OK;
}

static struct hasher *vector_hasher; /* nftw passes no context */
static size_t vector_count[2];

static int check_vector(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)at;
    bool inclusion = strstr(path, "/inclusion/") != NULL;
    if (kind != FTW_F || (!inclusion && !strstr(path, "/consistency/")))
        return 0;
    json_t *test = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
    assert_non_null(test);
    bool wanted = !json_is_true(json_object_get(test, "wantErr"));
    if (holds(vector_hasher, test) != wanted)
        fail_msg("%s should be %s", path, wanted ? "accepted" : "refused");
    vector_count[inclusion]++;
    json_decref(test);
    return 0;
}

static void published_vectors_hold(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    struct err err;
    if (!shared_find("data/merkle/transparency-merkle-vectors.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    assert_ok(hasher_new(SUITE_P256_SHA256, &vector_hasher, &err), &err);
    assert_int_equal(nftw(folder, check_vector, 8, FTW_PHYS), 0);
    shared_remove(folder);
    hasher_free(vector_hasher);
    assert_int_equal(vector_count[0], 98);
    assert_int_equal(vector_count[1], 98);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_recursive_definition),
        cmocka_unit_test(single_bit_mutations_are_refused),
        cmocka_unit_test(a_hundred_thousand_mutated_proofs_are_refused),
        cmocka_unit_test(refuses_sizes_outside_the_tree),
        cmocka_unit_test(published_vectors_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
