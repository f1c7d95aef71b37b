#include "desk/deliver.h"

#include "desk/route.h"
#include "desk/setup.h"
#include "lib/check.h"
#include "lib/world.h"
#include "store/acts.h"
#include "store/nodes.h"
#include "store/outbox.h"

#include <string.h>

static struct world WORLD;
static struct arena ARENA;

static int set_up(void **state)
{
    (void)state;
    arena_init(&ARENA, 64 << 20);
    world_open(&WORLD);
    world_people(&WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&WORLD);
    arena_done(&ARENA);
    return 0;
}

#define REPORT                                                                                               \
    "{\"title\":\"网站异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"  \
    "\"无法访问\",\"measures\":\"切换\",\"advice\":\"无\",\"region\":\"330000\"}"

static struct desk *desk_of(const char *node)
{
    return world_node(&WORLD, node)->desk;
}

static struct store *store_of(const char *node)
{
    return world_node(&WORLD, node)->store;
}

static void report(char act[UUID_TEXT_SIZE])
{
    struct submission sub;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(act, sub.act, UUID_TEXT_SIZE);
}

static size_t take(const char *peer, size_t count_max, size_t bytes_max, struct delivery **out)
{
    struct err err;
    size_t count = 0;
    struct deliver_limits limits = {count_max, bytes_max};
    assert_ok(deliver_take(store_of("tel-zj"), peer, &limits, &ARENA, out, &count, &err), &err);
    return count;
}

static void takes_in_order_within_limits(void **state)
{
    (void)state;
    struct err err;
    struct delivery *out = NULL;
    char ids[3][UUID_TEXT_SIZE];
    for (size_t i = 0; i < 3; i++)
        report(ids[i]);
    assert_int_equal(take("miit", 10, 1 << 20, &out), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(out[i].act, ids[i]);
        assert_int_equal(out[i].n, i + 1);
        assert_string_equal(out[i].targets[0], "miit");
        assert_non_null(strstr(out[i].proof, "\"path\""));
    }
    assert_int_equal(take("miit", 2, 1 << 20, &out), 2);
    assert_int_equal(take("miit", 10, 1, &out), 1); /* one is always taken */
    assert_int_equal(take("cncert", 10, 1 << 20, &out), 0);
    struct deliver_limits none = {0, 1};
    size_t count = 0;
    assert_code(deliver_take(store_of("tel-zj"), "miit", &none, &ARENA, &out, &count, &err), ERR_INVALID);
}

static struct outbox_item row_of(const char *peer, const char *act)
{
    struct err err;
    struct outbox_item item;
    assert_ok(outbox_get(store_of("tel-zj"), peer, act, &ARENA, &item, &err), &err);
    return item;
}

static void each_answer_settles_its_own_row(void **state)
{
    (void)state;
    struct err err;
    char ids[4][UUID_TEXT_SIZE];
    for (size_t i = 0; i < 4; i++)
        report(ids[i]);
    struct deliver_answer answers[] = {{2, RECEIVED_REFUSED, "why", "4.4"},
                                       {1, RECEIVED_ACCEPTED, "", ""},
                                       {3, RECEIVED_WAITING, "waits there for x", ""},
                                       {4, RECEIVED_GAP, "", ""}};
    struct deliver_contact contact = {.peer = "miit", .answers = answers, .answer_count = 4};
    assert_ok(deliver_settle(desk_of("tel-zj"), &contact, &err), &err);
    assert_int_equal(row_of("miit", ids[0]).state, OUTBOX_ACKED);
    assert_int_equal(row_of("miit", ids[1]).state, OUTBOX_REFUSED);
    assert_string_equal(row_of("miit", ids[1]).clause, "4.4");
    assert_int_equal(row_of("miit", ids[2]).state, OUTBOX_ACKED);
    assert_string_equal(row_of("miit", ids[2]).reason, "waits there for x");
    assert_int_equal(row_of("miit", ids[3]).state, OUTBOX_QUEUED);
    assert_int_equal(row_of("miit", ids[3]).tries, 1);
    assert_int_equal(row_of("pca-330000", ids[0]).state, OUTBOX_QUEUED);
}

static void a_contact_that_tells_nothing_new_writes_nothing(void **state)
{
    (void)state;
    struct err err;
    struct peer peer;
    struct deliver_contact contact = {.peer = "miit"};
    assert_ok(deliver_settle(desk_of("tel-zj"), &contact, &err), &err);
    int64_t first_ms = WORLD.now_ms;
    WORLD.now_ms += 30000;
    assert_ok(deliver_settle(desk_of("tel-zj"), &contact, &err), &err);
    assert_ok(peers_load(store_of("tel-zj"), "miit", &ARENA, &peer, &err), &err);
    assert_int_equal(peer.seen_ms, first_ms);
    WORLD.now_ms += 30000;
    assert_ok(deliver_settle(desk_of("tel-zj"), &contact, &err), &err);
    assert_ok(peers_load(store_of("tel-zj"), "miit", &ARENA, &peer, &err), &err);
    assert_int_equal(peer.seen_ms, WORLD.now_ms);
}

/* Held back for a node that nobody knew: when its card comes, the act goes. */
static void what_was_held_goes_when_there_is_a_way(void **state)
{
    (void)state;
    struct err err;
    char act[UUID_TEXT_SIZE];
    struct delivery *out = NULL;
    report(act);
    const char *targets[] = {"new-zj"};
    struct outbox_item held = {.peer = "new-zj",
                               .act = act,
                               .targets = targets,
                               .target_count = 1,
                               .state = OUTBOX_HELD,
                               .reason = "no node on the way to it is known",
                               .clause = "",
                               .receipt_act = ""};
    assert_ok(store_begin(store_of("tel-zj"), &err), &err);
    assert_ok(outbox_push(store_of("tel-zj"), &held, &err), &err);
    assert_ok(store_commit(store_of("tel-zj"), &err), &err);
    assert_ok(deliver_release(desk_of("tel-zj"), &err), &err);
    assert_int_equal(row_of("new-zj", act).state, OUTBOX_HELD);
    struct node_card card = *directory_find(desk_directory(desk_of("tel-zj")), "inet-zj");
    card.id = "new-zj";
    card.parent = "tel-zj";
    assert_ok(desk_install_cards(desk_of("tel-zj"), &card, 1, &err), &err);
    assert_ok(deliver_release(desk_of("tel-zj"), &err), &err);
    assert_int_equal(row_of("new-zj", act).state, OUTBOX_QUEUED);
    assert_int_equal(take("new-zj", 10, 1 << 20, &out), 1);
}

static void a_way_over_another_peer_is_shown(void **state)
{
    (void)state;
    struct err err;
    char act[UUID_TEXT_SIZE];
    report(act);
    const char *targets[] = {"tel-js"};
    struct outbox_item held = {.peer = "tel-js",
                               .act = act,
                               .targets = targets,
                               .target_count = 1,
                               .state = OUTBOX_HELD,
                               .reason = "",
                               .clause = "",
                               .receipt_act = ""};
    assert_ok(store_begin(store_of("tel-zj"), &err), &err);
    assert_ok(outbox_push(store_of("tel-zj"), &held, &err), &err);
    assert_ok(store_commit(store_of("tel-zj"), &err), &err);
    assert_ok(deliver_release(desk_of("tel-zj"), &err), &err);
    assert_int_equal(row_of("tel-js", act).state, OUTBOX_ACKED);
    assert_non_null(strstr(row_of("tel-js", act).reason, "miit"));
    struct outbox_item row = row_of("miit", act);
    assert_int_equal(row.state, OUTBOX_QUEUED);
    assert_string_equal(row.targets[row.target_count - 1], "tel-js");
}

/* The ministry has had the act for long when it turns out that it must go further. */
static void a_new_target_behind_a_peer_sends_the_act_once_more(void **state)
{
    (void)state;
    struct err err;
    char act[UUID_TEXT_SIZE];
    struct stored_act stored;
    struct delivery *out = NULL;
    const char *targets[] = {"miit", "tel-js"};
    report(act);
    (void)world_deliver(&WORLD);
    struct outbox_item before = row_of("miit", act);
    assert_int_equal(before.state, OUTBOX_ACKED);
    assert_ok(acts_get(store_of("tel-zj"), act, &ARENA, &stored, &err), &err);
    assert_ok(store_begin(store_of("tel-zj"), &err), &err);
    assert_ok(route_act(desk_of("tel-zj"), &stored.act, targets, 2, &ARENA, &err), &err);
    assert_ok(store_commit(store_of("tel-zj"), &err), &err);
    struct outbox_item after = row_of("miit", act);
    assert_int_equal(after.state, OUTBOX_QUEUED);
    assert_true(after.n > before.n);
    assert_int_equal(take("miit", 10, 1 << 20, &out), 1);
    assert_int_equal(out[0].target_count, 1);
    assert_string_equal(out[0].targets[0], "tel-js");
    (void)world_deliver(&WORLD);
    bool there = false;
    assert_ok(acts_exists(store_of("tel-js"), act, &there, &err), &err);
    assert_true(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_in_order_within_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_answer_settles_its_own_row, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_contact_that_tells_nothing_new_writes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_held_goes_when_there_is_a_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_way_over_another_peer_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_target_behind_a_peer_sends_the_act_once_more, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
