#include "desk/witness.h"

#include "lib/check.h"
#include "lib/world.h"
#include "store/ledger.h"

#include <string.h>

static struct world WORLD;

static int set_up(void **state)
{
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&WORLD);
    return 0;
}

#define TOOL "{\"title\":\"流量清洗\",\"kind\":\"other\",\"count\":1,\"ready\":true}"

static struct desk *desk_of(const char *node)
{
    return world_node(&WORLD, node)->desk;
}

static struct store *store_of(const char *node)
{
    return world_node(&WORLD, node)->store;
}

static void act_once(const char *node)
{
    struct submission sub;
    assert_ok(world_act(&WORLD, node, "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
}

static void an_empty_ledger_shows_nothing_and_a_grown_one_its_growth(void **state)
{
    (void)state;
    struct err err;
    struct witness_claim claim;
    struct cosignature made;
    uint64_t seen = 99;
    assert_ok(witness_ours(store_of("tel-zj"), 0, &claim, &err), &err);
    assert_false(claim.has_head);
    act_once("tel-zj");
    assert_ok(witness_ours(store_of("tel-zj"), 0, &claim, &err), &err);
    assert_true(claim.has_head && !claim.has_growth);
    assert_ok(witness_theirs(desk_of("miit"), "tel-zj", &claim, &made, &err), &err);
    assert_ok(witness_seen(desk_of("miit"), "tel-zj", &seen, &err), &err);
    assert_int_equal(seen, claim.head.tree.size);
    act_once("tel-zj");
    assert_ok(witness_ours(store_of("tel-zj"), seen, &claim, &err), &err);
    assert_true(claim.has_growth);
    assert_int_equal(claim.growth.from, seen);
    assert_ok(witness_theirs(desk_of("miit"), "tel-zj", &claim, &made, &err), &err);
    assert_ok(witness_keep(desk_of("tel-zj"), "miit", claim.head.tree.size, &made, &err), &err);
}

static void heads_and_signatures_of_others_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct witness_claim claim;
    struct cosignature made;
    act_once("tel-zj");
    assert_ok(witness_ours(store_of("tel-zj"), 0, &claim, &err), &err);
    assert_code(witness_theirs(desk_of("miit"), "inet-zj", &claim, &made, &err), ERR_FORGED);
    assert_code(witness_theirs(desk_of("miit"), "nobody", &claim, &made, &err), ERR_PERMISSION);
    assert_ok(witness_theirs(desk_of("miit"), "tel-zj", &claim, &made, &err), &err);
    struct desk *ours = desk_of("tel-zj");
    assert_code(witness_keep(ours, "pca-330000", claim.head.tree.size, &made, &err), ERR_FORGED);
    assert_code(witness_keep(ours, "miit", claim.head.tree.size + 9, &made, &err), ERR_NOT_FOUND);
    made.time_ms++;
    assert_code(witness_keep(ours, "miit", claim.head.tree.size, &made, &err), ERR_FORGED);
    made.time_ms--;
    assert_ok(witness_keep(ours, "miit", claim.head.tree.size, &made, &err), &err);
    assert_ok(witness_keep(ours, "miit", claim.head.tree.size, &made, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_ledger_shows_nothing_and_a_grown_one_its_growth, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(heads_and_signatures_of_others_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
