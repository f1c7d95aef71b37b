#include "lib/check.h"
#include "lib/toy_ledger.h"
#include "seal/guard.h"

#include <stdio.h>
#include <string.h>

static struct toy_ledger *ledger_of(uint64_t size)
{
    struct toy_ledger *toy = toy_new("demo-telecom-zj", "real", SUITE_P256_SHA256, NULL);
    for (uint64_t i = 0; i < size; i++) {
        char act[20];
        (void)snprintf(act, sizeof act, "act %d", (int)i);
        toy_append(toy, act);
    }
    return toy;
}

static void unknown_ledgers_may_begin_anywhere(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = ledger_of(3);
    struct guard_row row = {.slot = 0};
    struct tree_head head = toy_head(toy, 3, 1);
    assert_ok(guard_allow(NULL, &head, NULL, &err), &err);
    assert_ok(guard_allow(&row, &head, NULL, &err), &err);
    toy_free(toy);
}

static void only_what_continues_is_allowed(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = ledger_of(20);
    struct guard_row row = {.kept = toy_head(toy, 7, 1).tree};
    for (uint64_t size = 0; size <= 20; size++) {
        struct tree_head head = toy_head(toy, size, 1);
        struct growth_proof growth = size >= 7 ? toy_growth(toy, 7, size) : (struct growth_proof){.to = size};
        enum errc want = size < 7 ? ERR_FORGED : ERR_OK;
        assert_code(guard_allow(&row, &head, &growth, &err), want);
        assert_code(guard_allow(&row, &head, NULL, &err), size == 7 ? ERR_OK : ERR_FORGED);
        head.tree.root[5] ^= 1;
        assert_code(guard_allow(&row, &head, &growth, &err), ERR_FORGED);
    }
    toy_free(toy);
}

static void a_proof_from_another_size_does_not_serve(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = ledger_of(20);
    struct guard_row row = {.kept = toy_head(toy, 7, 1).tree};
    struct tree_head head = toy_head(toy, 20, 1);
    struct growth_proof growth = toy_growth(toy, 8, 20);
    assert_code(guard_allow(&row, &head, &growth, &err), ERR_FORGED);
    growth.from = 7;
    assert_code(guard_allow(&row, &head, &growth, &err), ERR_FORGED);
    toy_free(toy);
}

static void rows_are_found_by_node_and_universe(void **state)
{
    (void)state;
    struct err err;
    struct guard *guard = NULL;
    assert_ok(guard_new(&guard, &err), &err);
    for (uint32_t i = 0; i < 100; i++) {
        char node[20];
        struct guard_row *row = NULL;
        (void)snprintf(node, sizeof node, "node-%u", i * 37 % 100);
        assert_ok(guard_add(guard, node, i % 2 ? "real" : "drill-1", &row, &err), &err);
        assert_int_equal(row->slot, i);
        row->kept.size = i + 1;
        assert_code(guard_add(guard, node, i % 2 ? "real" : "drill-1", &row, &err), ERR_CONFLICT);
    }
    assert_int_equal(guard_count(guard), 100);
    for (uint32_t i = 0; i < 100; i++) {
        char node[20];
        (void)snprintf(node, sizeof node, "node-%u", i * 37 % 100);
        assert_int_equal(guard_find(guard, node, i % 2 ? "real" : "drill-1")->kept.size, i + 1);
        assert_null(guard_find(guard, node, i % 2 ? "drill-1" : "real"));
    }
    assert_null(guard_find(guard, "node", "real"));
    guard_free(guard);
}

static void the_number_of_ledgers_is_limited(void **state)
{
    (void)state;
    struct err err;
    struct guard *guard = NULL;
    struct guard_row *row = NULL;
    assert_ok(guard_new(&guard, &err), &err);
    for (uint32_t i = 0; i < GUARD_ROWS_MAX; i++) {
        char node[20];
        (void)snprintf(node, sizeof node, "n%u", i);
        assert_ok(guard_add(guard, node, "real", &row, &err), &err);
    }
    assert_code(guard_add(guard, "one-more", "real", &row, &err), ERR_LIMIT);
    guard_free(guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_ledgers_may_begin_anywhere),
        cmocka_unit_test(only_what_continues_is_allowed),
        cmocka_unit_test(a_proof_from_another_size_does_not_serve),
        cmocka_unit_test(rows_are_found_by_node_and_universe),
        cmocka_unit_test(the_number_of_ledgers_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
