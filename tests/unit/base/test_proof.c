#include "base/proof.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

/* A small ledger of two acts with its heads and proofs, signed by its own key. */
struct ledger {
    struct hasher *hasher;
    struct sign_key *key;
    struct sign_key *witness_key;
    struct tree_head one;
    struct tree_head two;
    struct act_proof proof; /* of "act 0" in two */
    struct growth_proof growth;
    struct cosignature cosignature; /* of two */
};

static struct tree_head head_of(const struct merkle_tree *tree, struct ledger *ledger)
{
    struct err err;
    struct tree_head head = {.node = "demo-telecom-zj", .universe = "real", .time_ms = 1242741000123};
    head.tree.size = tree->size;
    assert_ok(merkle_root(tree, ledger->hasher, head.tree.root, &err), &err);
    assert_ok(proof_head_sign(&head, ledger->key, &err), &err);
    return head;
}

static void ledger_init(struct ledger *ledger, enum suite suite)
{
    struct err err;
    struct merkle_tree tree = {0};
    uint8_t leaf[2][HASH_SIZE];
    *ledger = (struct ledger){0};
    assert_ok(hasher_new(suite, &ledger->hasher, &err), &err);
    assert_ok(sign_key_generate(suite, &ledger->key, &err), &err);
    assert_ok(sign_key_generate(SUITE_COUNT - 1 - suite, &ledger->witness_key, &err), &err);
    assert_ok(merkle_leaf(ledger->hasher, "act 0", 5, leaf[0], &err), &err);
    assert_ok(merkle_leaf(ledger->hasher, "act 1", 5, leaf[1], &err), &err);
    assert_ok(merkle_append(&tree, ledger->hasher, leaf[0], NULL, &err), &err);
    ledger->one = head_of(&tree, ledger);
    assert_ok(merkle_append(&tree, ledger->hasher, leaf[1], NULL, &err), &err);
    ledger->two = head_of(&tree, ledger);
    ledger->proof = (struct act_proof){.head = ledger->two, .path.count = 1};
    memcpy(ledger->proof.path.hash[0], leaf[1], HASH_SIZE);
    ledger->growth = (struct growth_proof){.from = 1, .to = 2, .path = ledger->proof.path};
    ledger->cosignature = (struct cosignature){.witness = "miit", .time_ms = 1242741000456};
    assert_ok(proof_cosignature_sign(&ledger->cosignature, &ledger->two, ledger->witness_key, &err), &err);
}

static void ledger_done(struct ledger *ledger)
{
    hasher_free(ledger->hasher);
    sign_key_free(ledger->key);
    sign_key_free(ledger->witness_key);
}

static void what_is_true_is_accepted_in_both_suites(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct ledger l;
        ledger_init(&l, suite);
        assert_ok(proof_head_verify(&l.one, l.key, &err), &err);
        assert_ok(proof_act_verify(&l.proof, "act 0", 5, l.hasher, &err), &err);
        assert_ok(proof_growth_verify(&l.growth, &l.one, &l.two, l.hasher, &err), &err);
        assert_ok(proof_cosignature_verify(&l.cosignature, &l.two, l.witness_key, &err), &err);
        ledger_done(&l);
    }
}

static void the_signed_text_is_as_documented(void **state)
{
    (void)state;
    struct tree_head head = {.node = "miit",
                             .universe = "real",
                             .suite = SUITE_SM2_SM3,
                             .tree = {.size = 7, .root = {0xAB}},
                             .time_ms = 1242741000123};
    struct cosignature made = {.witness = "pca-330000", .suite = SUITE_P256_SHA256, .time_ms = 5};
    char text[PROOF_SIGNED_MAX];
    static const char WANT[] = "fengsui tree head v1\nmiit\nreal\nsm2-sm3\n7\n1242741000123\n"
                               "ab00000000000000000000000000000000000000000000000000000000000000\n";
    assert_int_equal(proof_head_text(&head, text), sizeof WANT - 1);
    assert_memory_equal(text, WANT, sizeof WANT - 1);
    size_t size = proof_cosignature_text(&made, &head, text);
    text[size] = '\0';
    assert_memory_equal(text, "fengsui cosignature v1\npca-330000\np256-sha256\n5\nfengsui tree head v1\n",
                        66);
    memset(head.node, 'n', PROOF_NAME_MAX);
    memset(head.universe, 'u', PROOF_NAME_MAX);
    memset(made.witness, 'w', PROOF_NAME_MAX);
    head.tree.size = MERKLE_SIZE_MAX;
    head.time_ms = made.time_ms = INT64_MIN;
    assert_true(proof_cosignature_text(&made, &head, text) < PROOF_SIGNED_MAX);
}

static void a_changed_head_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct ledger l;
    ledger_init(&l, SUITE_P256_SHA256);
    struct tree_head head = l.two;
    head.tree.size++;
    assert_code(proof_head_verify(&head, l.key, &err), ERR_FORGED);
    head = l.two;
    head.tree.root[31] ^= 1;
    assert_code(proof_head_verify(&head, l.key, &err), ERR_FORGED);
    head = l.two;
    head.time_ms++;
    assert_code(proof_head_verify(&head, l.key, &err), ERR_FORGED);
    head = l.two;
    (void)snprintf(head.universe, sizeof head.universe, "drill-1");
    assert_code(proof_head_verify(&head, l.key, &err), ERR_FORGED);
    head = l.two;
    head.suite = SUITE_SM2_SM3;
    assert_code(proof_head_verify(&head, l.key, &err), ERR_FORGED);
    assert_string_equal(err.field, "suite");
    assert_code(proof_head_verify(&l.two, l.witness_key, &err), ERR_FORGED);
    struct cosignature made = l.cosignature;
    made.time_ms++;
    assert_code(proof_cosignature_verify(&made, &l.two, l.witness_key, &err), ERR_FORGED);
    assert_code(proof_cosignature_verify(&l.cosignature, &l.one, l.witness_key, &err), ERR_FORGED);
    ledger_done(&l);
}

/* A signature over a head never passes for a cosignature, even by the same key. */
static void one_purpose_never_serves_another(void **state)
{
    (void)state;
    struct err err;
    struct ledger l;
    ledger_init(&l, SUITE_P256_SHA256);
    struct cosignature made = {
        .witness = "demo-telecom-zj", .suite = l.two.suite, .time_ms = l.two.time_ms, .sig = l.two.sig};
    assert_code(proof_cosignature_verify(&made, &l.two, l.key, &err), ERR_FORGED);
    ledger_done(&l);
}

static void proofs_bind_what_they_are_about(void **state)
{
    (void)state;
    struct err err;
    struct ledger l;
    struct hasher *other = NULL;
    ledger_init(&l, SUITE_SM2_SM3);
    assert_ok(hasher_new(SUITE_P256_SHA256, &other, &err), &err);
    assert_code(proof_act_verify(&l.proof, "act 1", 5, l.hasher, &err), ERR_FORGED);
    assert_code(proof_act_verify(&l.proof, "act 0", 4, l.hasher, &err), ERR_FORGED);
    assert_code(proof_act_verify(&l.proof, "act 0", 5, other, &err), ERR_INTERNAL);
    struct act_proof moved = l.proof;
    moved.pos = 1;
    assert_code(proof_act_verify(&moved, "act 0", 5, l.hasher, &err), ERR_FORGED);
    assert_code(proof_growth_verify(&l.growth, &l.two, &l.one, l.hasher, &err), ERR_FORGED);
    struct growth_proof growth = l.growth;
    growth.from = 2;
    assert_code(proof_growth_verify(&growth, &l.one, &l.two, l.hasher, &err), ERR_FORGED);
    struct tree_head stranger = l.one;
    (void)snprintf(stranger.node, sizeof stranger.node, "miit");
    assert_code(proof_growth_verify(&l.growth, &stranger, &l.two, l.hasher, &err), ERR_FORGED);
    /* Split view: another root for the size that was seen. */
    struct tree_head split = l.two;
    split.tree.root[0] ^= 1;
    growth = (struct growth_proof){.from = 2, .to = 2};
    assert_ok(proof_growth_verify(&growth, &l.two, &l.two, l.hasher, &err), &err);
    assert_code(proof_growth_verify(&growth, &l.two, &split, l.hasher, &err), ERR_FORGED);
    hasher_free(other);
    ledger_done(&l);
}

static void json_goes_both_ways(void **state)
{
    (void)state;
    struct err err;
    struct ledger l;
    ledger_init(&l, SUITE_SM2_SM3);
    struct act_proof proof;
    struct growth_proof growth;
    struct cosignature made;
    json_t *doc = proof_act_write(&l.proof);
    assert_ok(proof_act_read(doc, &proof, &err), &err);
    assert_ok(proof_head_verify(&proof.head, l.key, &err), &err);
    assert_ok(proof_act_verify(&proof, "act 0", 5, l.hasher, &err), &err);
    json_decref(doc);
    doc = proof_growth_write(&l.growth);
    assert_ok(proof_growth_read(doc, &growth, &err), &err);
    assert_ok(proof_growth_verify(&growth, &l.one, &l.two, l.hasher, &err), &err);
    json_decref(doc);
    doc = proof_cosignature_write(&l.cosignature);
    assert_ok(proof_cosignature_read(doc, &made, &err), &err);
    assert_ok(proof_cosignature_verify(&made, &l.two, l.witness_key, &err), &err);
    json_decref(doc);
    ledger_done(&l);
}

#define HEAD(extra)                                                                                          \
    "{\"node\":\"miit\",\"universe\":\"real\",\"suite\":\"sm2-sm3\",\"size\":7,\"root\":"                    \
    "\"ab00000000000000000000000000000000000000000000000000000000000000\","                                  \
    "\"time\":\"2009-05-19T21:50:00.123+08:00\",\"sig\":\"MAYCAQECAQE=\"" extra "}"

static void reading_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        const char *field;
    } CASES[] = {
        {"\"miit\"", "\"MIIT\"", "node"},
        {"\"miit\"", "\"\"", "node"},
        {"\"miit\"", "\"mi\\nit\"", "node"},
        {"\"miit\"", "null", "node"},
        {"\"real\"", "\"-real\"", "universe"},
        {"sm2-sm3", "sm2", "suite"},
        {":7,", ":-1,", "size"},
        {":7,", ":9007199254740992,", "size"},
        {":7,", ":7.0,", "size"},
        {"\"ab0", "\"AB0", "root"},
        {"\"ab0", "\"ab", "root"},
        {"05-19T", "02-30T", "time"},
        {"+08:00", "", "time"},
        {"MAYCAQECAQE=", "MAYCAQECAQF=", "sig"},
        {"MAYCAQECAQE=", "", "sig"},
        {"\"size\"", "\"sise\"", "sise"},
        {"\"real\",", "\"real\",\"extra\":1,", "extra"},
    };
    struct err err;
    struct tree_head head;
    json_t *doc = json_loads(HEAD(""), 0, NULL);
    assert_ok(proof_head_read(doc, &head, &err), &err);
    json_decref(doc);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[600];
        const char *at = strstr(HEAD(""), CASES[i].from);
        assert_non_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - HEAD("")), HEAD(""), CASES[i].to,
                       at + strlen(CASES[i].from));
        doc = json_loads(text, 0, NULL);
        assert_non_null(doc);
        err_clear(&err);
        assert_code(proof_head_read(doc, &head, &err), ERR_INVALID);
        assert_string_equal(err.field, CASES[i].field);
        json_decref(doc);
    }
    struct growth_proof growth;
    doc = json_loads("{\"from\":1,\"to\":2,\"path\":[\"00\"]}", 0, NULL);
    assert_code(proof_growth_read(doc, &growth, &err), ERR_INVALID);
    assert_string_equal(err.field, "path[0]");
    json_decref(doc);
    struct act_proof proof;
    doc = json_loads("{\"pos\":1,\"path\":[],\"head\":" HEAD(",\"x\":1") "}", 0, NULL);
    assert_code(proof_act_read(doc, &proof, &err), ERR_INVALID);
    assert_string_equal(err.field, "head.x");
    json_decref(doc);
}

static void names_are_narrow(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",    "-a",  ".a", "A",      "a b",
        "a/b", "a\n", "烽", "x:NCEO", "01234567890123456789012345678901234567890123456789012345678901234"};
    static const char *const GOOD[] = {"miit", "pca-330000", "0", "a.b-c",
                                       "0190b1c2-7e3f-7000-8000-000000000001"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(proof_name_valid(BAD[i]));
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        assert_true(proof_name_valid(GOOD[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_true_is_accepted_in_both_suites),
        cmocka_unit_test(the_signed_text_is_as_documented),
        cmocka_unit_test(a_changed_head_is_refused),
        cmocka_unit_test(one_purpose_never_serves_another),
        cmocka_unit_test(proofs_bind_what_they_are_about),
        cmocka_unit_test(json_goes_both_ways),
        cmocka_unit_test(reading_is_strict),
        cmocka_unit_test(names_are_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
