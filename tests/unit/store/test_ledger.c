#include "store/ledger.h"
#include "lib/check.h"
#include "lib/record.h"

#include <string.h>

static void every_act_is_proven_by_its_first_head_and_by_the_newest(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct record record;
        struct hasher *hasher = NULL;
        record_open(&record, suite);
        assert_ok(hasher_new(suite, &hasher, &record.err), &record.err);
        for (int batch = 0; batch < 7; batch++) {
            record_begin(&record);
            for (int i = 0; i <= batch; i++)
                (void)record_act(&record, "incident.followed", "m-1", "x");
            record_commit(&record);
        }
        for (int64_t pos = 0; pos < acts_count(record.store); pos++) {
            struct stored_act stored;
            struct act_proof proof;
            assert_ok(acts_at(record.store, pos, &record.arena, &stored, &record.err), &record.err);
            for (enum ledger_cover cover = LEDGER_FIRST; cover <= LEDGER_NEWEST; cover++) {
                assert_ok(ledger_prove_act(record.store, pos, cover, &proof, &record.err), &record.err);
                assert_ok(proof_head_verify(&proof.head, record.key, &record.err), &record.err);
                assert_ok(
                    proof_act_verify(&proof, stored.act.bytes, stored.act.size_bytes, hasher, &record.err),
                    &record.err);
                if (cover == LEDGER_NEWEST)
                    assert_int_equal(proof.head.tree.size, 28);
            }
        }
        struct act_proof none;
        assert_true(ledger_prove_act(record.store, 28, LEDGER_NEWEST, &none, &record.err) < 0);
        assert_true(ledger_prove_act(record.store, 28, LEDGER_FIRST, &none, &record.err) < 0);
        hasher_free(hasher);
        record_done(&record);
    }
}

static void growth_is_proven_between_any_two_heads(void **state)
{
    (void)state;
    struct record record;
    struct hasher *hasher = NULL;
    struct tree_head older, newer;
    struct growth_proof proof;
    record_open(&record, SUITE_SM2_SM3);
    assert_ok(hasher_new(SUITE_SM2_SM3, &hasher, &record.err), &record.err);
    for (int i = 0; i < 12; i++)
        record_one(&record, "incident.followed", "m-1", "x");
    for (uint64_t from = 1; from <= 12; from++)
        for (uint64_t to = from; to <= 12; to++) {
            assert_ok(ledger_head_at(record.store, from, &older, &record.err), &record.err);
            assert_ok(ledger_head_at(record.store, to, &newer, &record.err), &record.err);
            assert_ok(ledger_prove_growth(record.store, from, to, &proof, &record.err), &record.err);
            assert_ok(proof_growth_verify(&proof, &older, &newer, hasher, &record.err), &record.err);
        }
    assert_code(ledger_prove_growth(record.store, 5, 13, &proof, &record.err), ERR_NOT_FOUND);
    assert_true(ledger_prove_growth(record.store, 0, 5, &proof, &record.err) < 0);
    assert_true(ledger_prove_growth(record.store, 6, 5, &proof, &record.err) < 0);
    struct merkle_claim claim;
    assert_ok(ledger_root_at(record.store, 12, &claim, &record.err), &record.err);
    assert_memory_equal(claim.root, newer.tree.root, HASH_SIZE);
    assert_code(ledger_root_at(record.store, 13, &claim, &record.err), ERR_NOT_FOUND);
    hasher_free(hasher);
    record_done(&record);
}

static void only_the_tree_as_it_is_can_be_sealed(void **state)
{
    (void)state;
    struct record record;
    struct tree_head early, head;
    record_open(&record, SUITE_P256_SHA256);
    assert_code(ledger_last_head(record.store, &head, &record.err), ERR_NOT_FOUND);
    record_begin(&record);
    (void)record_act(&record, "incident.reported", "m-1", "x");
    assert_ok(ledger_prepare_head(record.store, 1, &early, &record.err), &record.err);
    (void)record_act(&record, "incident.followed", "m-1", "x");
    assert_code(ledger_save_head(record.store, &early, &record.err), ERR_INTERNAL);
    assert_ok(ledger_prepare_head(record.store, 2, &head, &record.err), &record.err);
    head.tree.root[0] ^= 1;
    assert_code(ledger_save_head(record.store, &head, &record.err), ERR_INTERNAL);
    assert_code(store_commit(record.store, &record.err), ERR_INTERNAL);
    store_rollback(record.store);
    record_done(&record);
}

static void heads_of_peers_and_cosignatures_are_kept(void **state)
{
    (void)state;
    struct record record;
    struct tree_head head, got;
    struct cosignature cosig = {.witness = "miit"};
    struct ledger_witness *witnesses = NULL;
    size_t count = 0;
    record_open(&record, SUITE_SM2_SM3);
    for (int i = 0; i < 3; i++)
        record_one(&record, "incident.followed", "m-1", "x");
    assert_ok(ledger_last_head(record.store, &head, &record.err), &record.err);
    record_begin(&record);
    assert_ok(proof_cosignature_sign(&cosig, &head, record.key, &record.err), &record.err);
    assert_ok(ledger_save_cosignature(record.store, 3, &cosig, &record.err), &record.err);
    assert_ok(ledger_save_cosignature(record.store, 3, &cosig, &record.err), &record.err);
    assert_ok(ledger_save_cosignature(record.store, 2, &cosig, &record.err), &record.err);
    assert_ok(ledger_witnesses(record.store, 3, 10, &record.arena, &witnesses, &count, &record.err),
              &record.err);
    assert_int_equal(count, 1);
    assert_int_equal(witnesses[0].size, 3);
    assert_ok(proof_cosignature_verify(&witnesses[0].cosig, &head, record.key, &record.err), &record.err);
    assert_code(ledger_peer_head(record.store, "pca-330000", &got, &record.err), ERR_NOT_FOUND);
    (void)snprintf(head.node, sizeof head.node, "pca-330000");
    assert_ok(ledger_save_peer_head(record.store, &head, 7, &record.err), &record.err);
    head.tree.size = 9;
    assert_ok(ledger_save_peer_head(record.store, &head, 8, &record.err), &record.err);
    assert_ok(ledger_peer_head(record.store, "pca-330000", &got, &record.err), &record.err);
    assert_int_equal(got.tree.size, 9);
    assert_memory_equal(got.tree.root, head.tree.root, HASH_SIZE);
    assert_int_equal(got.sig.size_bytes, head.sig.size_bytes);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_is_proven_by_its_first_head_and_by_the_newest),
        cmocka_unit_test(growth_is_proven_between_any_two_heads),
        cmocka_unit_test(only_the_tree_as_it_is_can_be_sealed),
        cmocka_unit_test(heads_of_peers_and_cosignatures_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
