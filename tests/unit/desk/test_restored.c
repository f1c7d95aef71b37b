#include "desk/restored.h"

#include "desk/witness.h"
#include "lib/check.h"
#include "lib/world.h"
#include "store/acts.h"
#include "store/ledger.h"

#include <stdio.h>
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

static void peers_are_told_what_was_given_up(void **state)
{
    (void)state;
    struct err err;
    struct arena arena;
    struct act_page page = {0};
    struct world_node *node = world_node(&WORLD, "tel-zj");
    struct tree_head head = {0};
    struct restored told = {.person = "王五", .post = "系统管理员", .reason = "磁盘损坏"};
    struct submission sub;
    assert_ok(world_act(&WORLD, "tel-zj", "tool.set", NULL, NULL,
                        "{\"title\":\"流量清洗\",\"kind\":\"other\",\"count\":1,\"ready\":true}", &sub),
              &sub.err);
    assert_ok(ledger_last_head(node->store, &head, &err), &err);
    told.backup = head.tree;
    told.signed_end = head.tree;
    told.signed_end.size += 40;
    assert_ok(desk_tell_restored(node->desk, &told, &err), &err);
    (void)world_deliver(&WORLD);
    arena_init(&arena, 1 << 20);
    struct act_filter filter = {.kind = "node.restored", .node = "tel-zj", .after_pos = -1, .limit = 10};
    assert_ok(acts_list(world_node(&WORLD, "pca-330000")->store, &filter, &arena, &page, &err), &err);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.items[0].act.seq, (int64_t)told.signed_end.size + 1);
    assert_non_null(strstr(page.items[0].act.bytes, "\"person\":\"王五\""));
    arena_done(&arena);
}

static void nobody_says_it_on_request(void **state)
{
    (void)state;
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
    static const char BODY[] = "{\"reason\":\"x\",\"backup_size\":1,\"backup_root\":\"" ZEROS
                               "\",\"signed_size\":1,\"signed_root\":\"" ZEROS "\"}";
    assert_code(world_act(&WORLD, "tel-zj", "node.restored", NULL, NULL, BODY, NULL), ERR_PERMISSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(peers_are_told_what_was_given_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_says_it_on_request, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
