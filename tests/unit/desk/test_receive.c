#include "desk/receive.h"

#include "lib/check.h"
#include "lib/parcel.h"
#include "store/inbox.h"
#include "store/outbox.h"

#include <string.h>

static struct world WORLD;

static int setup(void **state)
{
    world_open(&WORLD);
    world_people(&WORLD);
    *state = &WORLD;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

#define TOOL "{\"title\":\"流量清洗\",\"kind\":\"other\",\"count\":1,\"ready\":true}"
#define REPORT                                                                                               \
    "{\"title\":\"网站异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"  \
    "\"无法访问\","                                                                                      \
    "\"measures\":\"切换\",\"advice\":\"无\",\"region\":\"330000\"}"

#define HAZARD "{\"title\":\"x\",\"scope\":\"x\",\"harm\":\"x\",\"measures\":\"x\",\"advice\":\"x\"}"

static void takes_in_order_and_knows_repeats(void **state)
{
    (void)state;
    struct parcel parcel;
    struct submission sub;
    int64_t last = 0;
    assert_ok(world_act(&WORLD, "tel-zj", "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
    parcel_pack(&parcel, &WORLD, "tel-zj", "pca-330000", 2);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_GAP);
    assert_int_equal(last, 0);
    parcel.item.n = 1;
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_ACCEPTED);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_DUPLICATE);
    parcel.item.n = 2;
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_DUPLICATE);
    assert_int_equal(last, 2);
    parcel_done(&parcel);
}

static void forged_acts_are_refused_and_the_refusal_is_on_the_record(void **state)
{
    (void)state;
    struct parcel parcel;
    struct submission sub;
    int64_t last = 0;
    struct desk *desk = world_node(&WORLD, "pca-330000")->desk;
    assert_ok(world_act(&WORLD, "tel-zj", "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
    parcel_pack(&parcel, &WORLD, "tel-zj", "pca-330000", 1);
    char *bytes = arena_strndup(&parcel.arena, parcel.item.bytes, parcel.item.size_bytes);
    char *at = strstr(bytes, "\"count\":1");
    at[strlen("\"count\":")] = '9';
    parcel.item.bytes = bytes;
    int64_t before = desk_last_pos(desk);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_REFUSED);
    assert_int_equal(parcel.item.err.code, ERR_FORGED);
    assert_true(desk_last_pos(desk) > before);
    parcel.item.n = 2;
    parcel.item.bytes = "{\"v\":1}";
    parcel.item.size_bytes = strlen(parcel.item.bytes);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_REFUSED);
    parcel.item.n = 3;
    parcel.item.bytes = parcel.stored.act.bytes;
    parcel.item.size_bytes = parcel.stored.act.size_bytes;
    parcel.item.proof = "{}";
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_REFUSED);
    assert_int_equal(last, 3);
    parcel_done(&parcel);
}

static void an_act_waits_for_its_matter(void **state)
{
    (void)state;
    struct parcel report;
    struct parcel more;
    struct submission sub;
    struct err err;
    int64_t last = 0;
    int64_t waiting = 0;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    char id[UUID_TEXT_SIZE];
    memcpy(id, sub.made, sizeof id);
    parcel_pack(&report, &WORLD, "tel-zj", "pca-330000", 2);
    assert_ok(
        world_act(&WORLD, "tel-zj", "incident.followed_up", id, NULL, "{\"text\":\"已恢复一半\"}", &sub),
        &sub.err);
    parcel_pack(&more, &WORLD, "tel-zj", "pca-330000", 1);
    assert_int_equal(parcel_hand_over(&more, &last), RECEIVED_WAITING);
    assert_string_equal(more.item.waits_for, id);
    assert_null(world_subject(&WORLD, "pca-330000", id));
    assert_int_equal(parcel_hand_over(&report, &last), RECEIVED_ACCEPTED);
    json_t *doc = world_subject(&WORLD, "pca-330000", id);
    assert_int_equal(json_array_size(json_object_get(doc, "follow_ups")), 1);
    json_decref(doc);
    assert_ok(waiting_count(world_node(&WORLD, "pca-330000")->store, &waiting, &err), &err);
    assert_int_equal(waiting, 0);
    parcel_done(&report);
    parcel_done(&more);
}

/* A report may open a matter; about one that another unit opened it waits, and makes nobody its owner. */
static void what_could_open_a_matter_waits_for_the_one_it_is_about(void **state)
{
    (void)state;
    struct parcel hazard;
    struct parcel report;
    struct submission sub;
    int64_t last = 0;
    assert_ok(world_act(&WORLD, "inet-zj", "incident.hazard_reported", NULL, NULL, HAZARD, &sub), &sub.err);
    char id[UUID_TEXT_SIZE];
    memcpy(id, sub.made, sizeof id);
    parcel_pack(&hazard, &WORLD, "inet-zj", "pca-330000", 1);
    assert_int_equal(parcel_hand_over(&hazard, &last), RECEIVED_ACCEPTED);
    parcel_done(&hazard);
    parcel_pack(&hazard, &WORLD, "inet-zj", "miit", 1);
    assert_ok(world_act(&WORLD, "pca-330000", "incident.reported", id, NULL, REPORT, &sub), &sub.err);
    parcel_pack(&report, &WORLD, "pca-330000", "miit", 1);
    assert_int_equal(parcel_hand_over(&report, &last), RECEIVED_WAITING);
    assert_null(world_subject(&WORLD, "miit", id));
    assert_int_equal(parcel_hand_over(&hazard, &last), RECEIVED_ACCEPTED);
    json_t *doc = world_subject(&WORLD, "miit", id);
    assert_string_equal(json_string_value(json_object_get(doc, ".owner")), "inet-zj");
    assert_string_equal(json_string_value(json_object_get(doc, ".state")), "reported");
    json_decref(doc);
    parcel_done(&hazard);
    parcel_done(&report);
}

static void what_waits_for_one_matter_is_done_once_each(void **state)
{
    (void)state;
    enum { WAITING = 3 };
    struct parcel report;
    struct parcel more[WAITING];
    struct submission sub;
    int64_t last = 0;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    char id[UUID_TEXT_SIZE];
    memcpy(id, sub.made, sizeof id);
    parcel_pack(&report, &WORLD, "tel-zj", "pca-330000", WAITING + 1);
    for (int i = 0; i < WAITING; i++) {
        assert_ok(
            world_act(&WORLD, "tel-zj", "incident.followed_up", id, NULL, "{\"text\":\"已恢复一半\"}", &sub),
            &sub.err);
        parcel_pack(&more[i], &WORLD, "tel-zj", "pca-330000", i + 1);
        assert_int_equal(parcel_hand_over(&more[i], &last), RECEIVED_WAITING);
        parcel_done(&more[i]);
    }
    assert_int_equal(parcel_hand_over(&report, &last), RECEIVED_ACCEPTED);
    json_t *doc = world_subject(&WORLD, "pca-330000", id);
    assert_int_equal(json_array_size(json_object_get(doc, "follow_ups")), WAITING);
    json_decref(doc);
    parcel_done(&report);
}

/* Somebody who passes other bytes under a known id must not turn the proof of what was received. */
static void a_forged_act_brings_no_receipt_about_the_true_one(void **state)
{
    (void)state;
    struct parcel parcel;
    struct submission sub;
    struct receipt *receipts = NULL;
    size_t count = 0;
    struct err err;
    int64_t last = 0;
    struct world_node *maker = world_node(&WORLD, "tel-zj");
    assert_ok(world_act(&WORLD, "tel-zj", "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
    parcel_pack(&parcel, &WORLD, "tel-zj", "pca-330000", 1);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_ACCEPTED);
    char *bytes = arena_strndup(&parcel.arena, parcel.item.bytes, parcel.item.size_bytes);
    strstr(bytes, "\"count\":1")[strlen("\"count\":")] = '9';
    parcel.item.bytes = bytes;
    parcel.item.n = 2;
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_REFUSED);
    (void)world_deliver(&WORLD);
    assert_ok(receipts_list(maker->store, parcel.stored.act.id, &parcel.arena, &receipts, &count, &err),
              &err);
    assert_int_equal(count, 1);
    assert_string_equal(receipts[0].state, "accepted");
    parcel_done(&parcel);
}

static void what_waits_here_is_passed_on_at_once(void **state)
{
    (void)state;
    static const char *BOTH[] = {"pca-330000", "inet-zj"};
    struct parcel more;
    struct submission sub;
    struct outbox_item item;
    struct err err;
    int64_t last = 0;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    char id[UUID_TEXT_SIZE];
    memcpy(id, sub.made, sizeof id);
    assert_ok(
        world_act(&WORLD, "tel-zj", "incident.followed_up", id, NULL, "{\"text\":\"已恢复一半\"}", &sub),
        &sub.err);
    parcel_pack(&more, &WORLD, "tel-zj", "pca-330000", 1);
    more.item.targets = BOTH;
    more.item.target_count = 2;
    assert_int_equal(parcel_hand_over(&more, &last), RECEIVED_WAITING);
    assert_ok(
        outbox_get(world_node(&WORLD, "pca-330000")->store, "inet-zj", sub.act, &more.arena, &item, &err),
        &err);
    assert_int_equal(item.state, OUTBOX_QUEUED);
    parcel_done(&more);
}

static void names_are_inverse(void **state)
{
    (void)state;
    for (int i = RECEIVED_ACCEPTED; i <= RECEIVED_GAP; i++)
        assert_int_equal(received_parse(received_name((enum received)i)), i);
    assert_int_equal(received_parse("perhaps"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes_in_order_and_knows_repeats, setup, teardown),
        cmocka_unit_test_setup_teardown(forged_acts_are_refused_and_the_refusal_is_on_the_record, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_act_waits_for_its_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(what_could_open_a_matter_waits_for_the_one_it_is_about, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_waits_for_one_matter_is_done_once_each, setup, teardown),
        cmocka_unit_test_setup_teardown(a_forged_act_brings_no_receipt_about_the_true_one, setup, teardown),
        cmocka_unit_test_setup_teardown(what_waits_here_is_passed_on_at_once, setup, teardown),
        cmocka_unit_test(names_are_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
