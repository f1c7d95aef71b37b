/* What a message says beside acts: heads, growth, signatures of witnesses, the hour. */
#include "lib/check.h"
#include "lib/toy_ledger.h"
#include "lib/wires.h"

#include "desk/setup.h"
#include "store/acts.h"
#include "store/ledger.h"
#include "store/nodes.h"

#include <stdio.h>
#include <string.h>

static struct world WORLD;
static struct wires WIRES;
static struct arena ARENA;

static int set_up(void **state)
{
    (void)state;
    arena_init(&ARENA, 64 << 20);
    world_open(&WORLD);
    world_people(&WORLD);
    wires_open(&WIRES, &WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wires_close(&WIRES);
    world_close(&WORLD);
    arena_done(&ARENA);
    return 0;
}

#define TOOL "{\"title\":\"流量清洗\",\"kind\":\"other\",\"count\":1,\"ready\":true}"

static struct store *store_of(const char *node)
{
    return world_node(&WORLD, node)->store;
}

static void act_once(const char *node)
{
    struct submission sub;
    assert_ok(world_act(&WORLD, node, "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
}

static size_t witnesses_of(const char *node, uint64_t size, struct ledger_witness **out)
{
    struct err err;
    size_t count = 0;
    assert_ok(ledger_witnesses(store_of(node), size, 100, &ARENA, out, &count, &err), &err);
    return count;
}

static void every_contact_witnesses_both_ledgers(void **state)
{
    (void)state;
    struct err err;
    struct ledger_witness *list = NULL;
    struct tree_head seen;
    act_once("tel-zj");
    act_once("pca-330000");
    assert_int_equal(wires_call(&WIRES, "tel-zj", "pca-330000", WIRE_GOOD), 0);
    assert_ok(ledger_peer_head(store_of("pca-330000"), "tel-zj", &seen, &err), &err);
    uint64_t size = seen.tree.size;
    assert_int_equal(witnesses_of("tel-zj", 0, &list), 1);
    assert_string_equal(list[0].cosig.witness, "pca-330000");
    assert_int_equal(list[0].size, size);
    /* Our signature under the answerer's head goes with the next call. */
    assert_int_equal(witnesses_of("pca-330000", 0, &list), 0);
    for (int i = 0; i < 5; i++)
        act_once("tel-zj");
    assert_int_equal(wires_call(&WIRES, "tel-zj", "pca-330000", WIRE_GOOD), 0);
    assert_int_equal(witnesses_of("pca-330000", 0, &list), 1);
    assert_string_equal(list[0].cosig.witness, "tel-zj");
    assert_ok(ledger_peer_head(store_of("pca-330000"), "tel-zj", &seen, &err), &err);
    assert_int_equal(seen.tree.size, size + 5);
    assert_int_equal(witnesses_of("tel-zj", size + 5, &list), 1);
}

static void a_restarted_node_proves_its_growth_on_the_second_call(void **state)
{
    (void)state;
    struct ledger_witness *list = NULL;
    act_once("tel-zj");
    assert_int_equal(wires_call(&WIRES, "tel-zj", "miit", WIRE_GOOD), 0);
    wires_restart(&WIRES, "tel-zj");
    act_once("tel-zj");
    assert_int_equal(wires_call(&WIRES, "tel-zj", "miit", WIRE_GOOD), 0);
    assert_int_equal(witnesses_of("tel-zj", 0, &list), 1);
    assert_int_equal(wires_call(&WIRES, "tel-zj", "miit", WIRE_GOOD), 0);
    assert_int_equal(witnesses_of("tel-zj", 0, &list), 2);
}

/* A node of the test's own making, which shows whatever it is told to. */
static struct toy_ledger *stranger(void)
{
    static char key[SIGN_PEM_SIZE];
    struct err err;
    struct toy_ledger *toy = toy_new("toy-zj", "real", SUITE_P256_SHA256, NULL);
    assert_ok(sign_key_write_public(toy->key, key, &err), &err);
    struct node_card card = {.id = "toy-zj",
                             .name = "试验",
                             .tier = TIER_ENTERPRISE,
                             .region = "330000",
                             .parent = "pca-330000",
                             .roles = {"TEL"},
                             .role_count = 1,
                             .suite = "p256-sha256",
                             .key_pem = key,
                             .drill_key_pem = "",
                             .url = ""};
    assert_ok(desk_install_cards(world_node(&WORLD, "pca-330000")->desk, &card, 1, &err), &err);
    return toy;
}

/* Shows a head to the province and reads its answer. */
static void show(const struct tree_head *head, const struct growth_proof *growth, struct envelope *answer)
{
    struct err err;
    struct buf reply;
    struct pki_identity caller = {.node = "toy-zj", .issuer = "pca-330000"};
    struct envelope message = {
        .from = "toy-zj", .to = "pca-330000", .universe = "real", .time_ms = WORLD.now_ms};
    message.has_head = true;
    message.head = *head;
    message.has_growth = growth != NULL;
    if (growth)
        message.growth = *growth;
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    assert_ok(link_answer(wires_link(&WIRES, "pca-330000"), &caller, &message, &reply, &err), &err);
    assert_ok(envelope_read(reply.data, reply.size_bytes, &ARENA, answer, &err), &err);
    buf_done(&reply);
}

static struct peer peer_row(void)
{
    struct err err;
    struct peer peer;
    assert_ok(peers_load(store_of("pca-330000"), "toy-zj", &ARENA, &peer, &err), &err);
    return peer;
}

static size_t alarms(void)
{
    struct err err;
    struct act_page page;
    struct act_filter filter = {.kind = "alarm.raised", .after_pos = -1, .limit = 100};
    assert_ok(acts_list(store_of("pca-330000"), &filter, &ARENA, &page, &err), &err);
    return page.count;
}

static void a_second_history_is_put_on_record_once_and_never_signed(void **state)
{
    (void)state;
    struct envelope answer;
    struct toy_ledger *toy = stranger();
    for (int i = 0; i < 6; i++)
        toy_append(toy, "act");
    struct tree_head head = toy_head(toy, 4, 1000);
    show(&head, NULL, &answer);
    assert_true(answer.has_cosignature);
    assert_int_equal(answer.cosigned_size, 4);
    assert_int_equal(answer.seen_size, 4);
    /* The same size with other acts, rightly signed. */
    struct toy_ledger *other = toy_new("toy-zj", "real", SUITE_P256_SHA256, NULL);
    struct sign_key *own = other->key;
    other->key = toy->key;
    for (int i = 0; i < 4; i++)
        toy_append(other, "another act");
    struct tree_head fork = toy_head(other, 4, 1001);
    show(&fork, NULL, &answer);
    assert_false(answer.has_cosignature);
    assert_int_equal(alarms(), 1);
    assert_string_equal(peer_row().state, "conflict");
    show(&fork, NULL, &answer);
    assert_int_equal(alarms(), 1);
    /* Set back: fewer acts at a later time. */
    struct tree_head less = toy_head(toy, 2, 2000);
    show(&less, NULL, &answer);
    assert_false(answer.has_cosignature);
    assert_int_equal(alarms(), 2);
    /* Grown from the fork. */
    for (int i = 0; i < 3; i++)
        toy_append(other, "more");
    fork = toy_head(other, 7, 3000);
    struct growth_proof growth = toy_growth(other, 4, 7);
    show(&fork, &growth, &answer);
    assert_false(answer.has_cosignature);
    assert_int_equal(alarms(), 3);
    /* The true history goes on. */
    head = toy_head(toy, 6, 4000);
    growth = toy_growth(toy, 4, 6);
    show(&head, &growth, &answer);
    assert_true(answer.has_cosignature);
    assert_string_equal(peer_row().state, "up");
    other->key = own;
    toy_free(other);
    toy_free(toy);
}

static void what_is_only_unproven_or_old_is_no_conflict(void **state)
{
    (void)state;
    struct envelope answer;
    struct toy_ledger *toy = stranger();
    for (int i = 0; i < 6; i++)
        toy_append(toy, "act");
    struct tree_head old = toy_head(toy, 3, 500);
    struct tree_head head = toy_head(toy, 4, 1000);
    show(&head, NULL, &answer);
    head = toy_head(toy, 6, 2000);
    show(&head, NULL, &answer);
    assert_false(answer.has_cosignature);
    assert_int_equal(answer.seen_size, 4); /* prove it from here */
    show(&old, NULL, &answer);             /* a message that was long under way */
    assert_false(answer.has_cosignature);
    assert_int_equal(alarms(), 0);
    assert_string_equal(peer_row().state, "up");
    toy_free(toy);
}

static void a_head_of_another_key_is_refused_without_an_alarm(void **state)
{
    (void)state;
    struct envelope answer;
    struct toy_ledger *toy = stranger();
    struct toy_ledger *thief = toy_new("toy-zj", "real", SUITE_P256_SHA256, NULL);
    toy_append(thief, "act");
    struct tree_head head = toy_head(thief, 1, 1000);
    show(&head, NULL, &answer);
    assert_false(answer.has_cosignature);
    assert_int_equal(alarms(), 0);
    assert_string_equal(peer_row().state, "conflict");
    toy_free(thief);
    toy_free(toy);
}

static void clocks_that_differ_are_shown(void **state)
{
    (void)state;
    struct err err;
    struct peer peer;
    struct buf reply;
    struct pki_identity caller = {.node = "tel-zj", .issuer = "pca-330000"};
    struct envelope message = {.from = "tel-zj", .to = "miit", .universe = "real"};
    message.time_ms = WORLD.now_ms - 7200000;
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    assert_ok(link_answer(wires_link(&WIRES, "miit"), &caller, &message, &reply, &err), &err);
    assert_ok(peers_load(store_of("miit"), "tel-zj", &ARENA, &peer, &err), &err);
    assert_int_equal(peer.skew_ms, -7200000);
    assert_int_equal(peer.seen_ms, WORLD.now_ms);
    buf_done(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_contact_witnesses_both_ledgers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_restarted_node_proves_its_growth_on_the_second_call, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_second_history_is_put_on_record_once_and_never_signed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_only_unproven_or_old_is_no_conflict, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_head_of_another_key_is_refused_without_an_alarm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clocks_that_differ_are_shown, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
