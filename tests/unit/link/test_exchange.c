/* Calls that go wrong on the way, and callers who are not who they say. */
#include "lib/check.h"
#include "lib/wires.h"

#include "desk/cards.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/nodes.h"
#include "store/outbox.h"

#include <stdio.h>
#include <stdlib.h>
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
#define REPORT                                                                                               \
    "{\"title\":\"网站异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"  \
    "\"无法访问\",\"measures\":\"切换\",\"advice\":\"无\",\"region\":\"330000\"}"

static struct store *store_of(const char *node)
{
    return world_node(&WORLD, node)->store;
}

static void report(char id[UUID_TEXT_SIZE])
{
    struct submission sub;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(id, sub.act, UUID_TEXT_SIZE);
}

static bool has(const char *node, const char *act)
{
    struct err err;
    bool there = false;
    assert_ok(acts_exists(store_of(node), act, &there, &err), &err);
    return there;
}

static struct outbox_item row_of(const char *node, const char *peer, const char *act)
{
    struct err err;
    struct outbox_item item;
    assert_ok(outbox_get(store_of(node), peer, act, &ARENA, &item, &err), &err);
    return item;
}

static void a_report_reaches_both_tiers_and_is_acknowledged(void **state)
{
    (void)state;
    char act[UUID_TEXT_SIZE];
    struct err err;
    struct receipt *receipts = NULL;
    size_t count = 0;
    report(act);
    (void)wires_run(&WIRES);
    assert_true(has("pca-330000", act) && has("miit", act));
    assert_false(has("pca-320000", act));
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_ACKED);
    assert_ok(receipts_list(store_of("tel-zj"), act, &ARENA, &receipts, &count, &err), &err);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(receipts[i].state, "accepted");
}

static void a_lost_answer_only_means_that_it_is_sent_again(void **state)
{
    (void)state;
    char act[UUID_TEXT_SIZE];
    report(act);
    int64_t before = acts_count(store_of("miit"));
    assert_code(wires_call(&WIRES, "tel-zj", "miit", WIRE_REPLY_LOST), ERR_TIMEOUT);
    assert_true(has("miit", act));
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_QUEUED);
    int64_t once = acts_count(store_of("miit"));
    assert_true(once > before);
    assert_int_equal(wires_call(&WIRES, "tel-zj", "miit", WIRE_TWICE), 0);
    assert_int_equal(acts_count(store_of("miit")), once);
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_ACKED);
}

static void a_restart_repeats_and_loses_nothing(void **state)
{
    (void)state;
    char act[UUID_TEXT_SIZE];
    report(act);
    assert_code(wires_call(&WIRES, "tel-zj", "miit", WIRE_REPLY_LOST), ERR_TIMEOUT);
    wires_restart(&WIRES, "tel-zj");
    wires_restart(&WIRES, "miit");
    WORLD.now_ms += 3600000;
    (void)wires_run(&WIRES);
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_ACKED);
    assert_int_equal(row_of("tel-zj", "pca-330000", act).state, OUTBOX_ACKED);
}

static void large_backlogs_go_in_order_in_several_messages(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct err err;
    char last[UUID_TEXT_SIZE] = "";
    struct link_counters counters;
    (void)wires_run(&WIRES);
    world_node(&WORLD, "tel-zj")->cut = true;
    for (int i = 0; i < COUNT; i++)
        report(last);
    world_node(&WORLD, "tel-zj")->cut = false;
    (void)wires_run(&WIRES);
    assert_int_equal(row_of("tel-zj", "miit", last).state, OUTBOX_ACKED);
    int64_t taken = 0;
    assert_ok(inbox_last(store_of("miit"), "tel-zj", &taken, &err), &err);
    assert_int_equal(taken, row_of("tel-zj", "miit", last).n);
    link_count(wires_link(&WIRES, "miit"), &counters);
    assert_true(counters.acts_taken >= COUNT);
    assert_int_equal(counters.acts_refused, 0);
}

/* What a caller with this certificate gets for this message. */
static enum errc present(const char *to, const char *node, const char *issuer, struct envelope *envelope,
                         struct err *err)
{
    struct buf reply;
    struct pki_identity caller = {.kind = PKI_LEAF};
    (void)snprintf(caller.node, sizeof caller.node, "%s", node);
    (void)snprintf(caller.issuer, sizeof caller.issuer, "%s", issuer);
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    enum errc rc = link_answer(wires_link(&WIRES, to), &caller, envelope, &reply, err);
    buf_done(&reply);
    return rc;
}

static void callers_must_be_who_they_say(void **state)
{
    (void)state;
    struct err err;
    struct envelope hello = {.from = "tel-zj", .to = "miit", .universe = "real", .time_ms = WORLD.now_ms};
    assert_ok(present("miit", "tel-zj", "pca-330000", &hello, &err), &err);
    assert_code(present("miit", "inet-zj", "pca-330000", &hello, &err), ERR_FORGED);
    assert_string_equal(err.field, "from");
    assert_code(present("miit", "tel-zj", "pca-320000", &hello, &err), ERR_PERMISSION);
    assert_code(present("miit", "tel-zj", "tel-zj", &hello, &err), ERR_PERMISSION);
    hello.from = "stranger";
    assert_code(present("miit", "stranger", "miit", &hello, &err), ERR_PERMISSION);
    hello.from = "tel-zj";
    hello.to = "pca-330000";
    assert_code(present("miit", "tel-zj", "pca-330000", &hello, &err), ERR_INVALID);
    hello.to = "miit";
    hello.universe = "drill-1";
    assert_code(present("miit", "tel-zj", "pca-330000", &hello, &err), ERR_FORGED);
    assert_string_equal(err.field, "universe");
}

static void a_reply_of_another_is_not_taken(void **state)
{
    (void)state;
    struct err err;
    struct buf out;
    struct envelope reply = {
        .from = "pca-330000", .to = "tel-zj", .universe = "real", .time_ms = WORLD.now_ms};
    buf_init(&out, ENVELOPE_BYTES_MAX);
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &out, &err), &err);
    assert_code(link_settle(wires_link(&WIRES, "tel-zj"), "miit", &reply, &err), ERR_FORGED);
    buf_done(&out);
}

/* The reply says how far it has taken our acts. */
static enum errc reply_with_last(const char *from, int64_t last_n, struct err *err)
{
    struct buf out;
    struct envelope reply = {.from = from, .to = "tel-zj", .universe = "real", .time_ms = WORLD.now_ms};
    reply.last_n = last_n;
    buf_init(&out, ENVELOPE_BYTES_MAX);
    enum errc rc = link_request(wires_link(&WIRES, "tel-zj"), from, &out, err);
    buf_done(&out);
    return rc < 0 ? rc : link_settle(wires_link(&WIRES, "tel-zj"), from, &reply, err);
}

static void what_a_peer_has_lost_is_sent_again(void **state)
{
    (void)state;
    struct err err;
    char first[UUID_TEXT_SIZE];
    char second[UUID_TEXT_SIZE];
    report(first);
    report(second);
    (void)wires_run(&WIRES);
    assert_int_equal(row_of("tel-zj", "miit", first).n, 1);
    assert_ok(reply_with_last("miit", 1, &err), &err);
    assert_int_equal(row_of("tel-zj", "miit", first).state, OUTBOX_ACKED);
    assert_int_equal(row_of("tel-zj", "miit", second).state, OUTBOX_QUEUED);
    assert_ok(reply_with_last("miit", 0, &err), &err);
    assert_int_equal(row_of("tel-zj", "miit", first).state, OUTBOX_QUEUED);
    (void)wires_run(&WIRES); /* it was not lost after all: repeats are known */
    assert_int_equal(row_of("tel-zj", "miit", second).state, OUTBOX_ACKED);
}

static void a_record_that_was_set_back_is_noticed(void **state)
{
    (void)state;
    struct err err;
    struct peer peer;
    char act[UUID_TEXT_SIZE];
    report(act);
    (void)wires_run(&WIRES);
    assert_ok(reply_with_last("miit", 77, &err), &err);
    assert_ok(peers_load(store_of("tel-zj"), "miit", &ARENA, &peer, &err), &err);
    assert_string_equal(peer.state, "set-back");
    assert_non_null(strstr(peer.reason, "77"));
}

static void answers_to_nothing_change_nothing(void **state)
{
    (void)state;
    struct err err;
    struct buf out;
    char act[UUID_TEXT_SIZE];
    struct envelope_answer answers[] = {{99, "", "accepted", "", "", ""}, {1, "", "nonsense", "", "", ""}};
    struct envelope reply = {.from = "miit", .to = "tel-zj", .universe = "real", .time_ms = WORLD.now_ms};
    buf_init(&out, ENVELOPE_BYTES_MAX);
    report(act);
    reply.answers = answers;
    reply.answer_count = 1;
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &out, &err), &err);
    assert_ok(link_settle(wires_link(&WIRES, "tel-zj"), "miit", &reply, &err), &err);
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_QUEUED);
    reply.answers = answers + 1;
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &out, &err), &err);
    assert_code(link_settle(wires_link(&WIRES, "tel-zj"), "miit", &reply, &err), ERR_INVALID);
    assert_int_equal(row_of("tel-zj", "miit", act).state, OUTBOX_QUEUED);
    buf_done(&out);
}

static void a_refusal_is_kept_with_its_clause(void **state)
{
    (void)state;
    struct err err;
    struct buf out;
    char act[UUID_TEXT_SIZE];
    struct envelope_answer answer = {1, "", "refused", "无权", "4.4", ""};
    struct envelope reply = {.from = "miit", .to = "tel-zj", .universe = "real", .time_ms = WORLD.now_ms};
    reply.answers = &answer;
    reply.answer_count = 1;
    reply.last_n = 1;
    buf_init(&out, ENVELOPE_BYTES_MAX);
    report(act);
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &out, &err), &err);
    assert_ok(link_settle(wires_link(&WIRES, "tel-zj"), "miit", &reply, &err), &err);
    struct outbox_item row = row_of("tel-zj", "miit", act);
    assert_int_equal(row.state, OUTBOX_REFUSED);
    assert_string_equal(row.reason, "无权");
    assert_string_equal(row.clause, "4.4");
    buf_done(&out);
}

static void enrolled(const char *parent, const char *node, char subject[UUID_TEXT_SIZE])
{
    struct submission sub;
    json_t *body = json_pack("{s:s,s:o}", "title", node, "card", card_write(&world_node(&WORLD, node)->card));
    char *text = json_dumps(body, 0);
    assert_ok(world_act(&WORLD, parent, "node.enrolled", NULL, NULL, text, &sub), &sub.err);
    memcpy(subject, sub.made, UUID_TEXT_SIZE);
    free(text);
    json_decref(body);
}

static void a_revoked_node_is_neither_heard_nor_called(void **state)
{
    (void)state;
    char subject[UUID_TEXT_SIZE];
    char act[UUID_TEXT_SIZE];
    struct submission sub;
    enrolled("pca-330000", "tel-zj", subject);
    report(act);
    (void)wires_run(&WIRES);
    assert_true(has("miit", act));
    assert_ok(world_act(&WORLD, "pca-330000", "node.revoked", subject, NULL,
                        "{\"node\":\"tel-zj\",\"reason\":\"密钥泄露\"}", &sub),
              &sub.err);
    (void)wires_run(&WIRES);
    report(act);
    (void)wires_run(&WIRES);
    assert_false(has("pca-330000", act));
    assert_false(has("miit", act));
    assert_code(wires_call(&WIRES, "tel-zj", "pca-330000", WIRE_GOOD), ERR_PERMISSION);
    assert_code(wires_call(&WIRES, "tel-zj", "miit", WIRE_GOOD), ERR_PERMISSION);
    assert_false(has("tel-zj", sub.act));
    enrolled("pca-330000", "tel-zj", subject); /* it may come back: with a card anew */
    WORLD.now_ms += 3600000;
    (void)wires_run(&WIRES);
    assert_true(has("miit", act));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_reaches_both_tiers_and_is_acknowledged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lost_answer_only_means_that_it_is_sent_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_revoked_node_is_neither_heard_nor_called, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_restart_repeats_and_loses_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(large_backlogs_go_in_order_in_several_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(callers_must_be_who_they_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_of_another_is_not_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_peer_has_lost_is_sent_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_that_was_set_back_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_to_nothing_change_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_is_kept_with_its_clause, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
