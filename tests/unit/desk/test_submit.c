#include "lib/check.h"
#include "lib/world.h"
#include "store/acts.h"
#include "store/outbox.h"

#include <string.h>

#define REPORT                                                                                                              \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等六省\","                 \
    "\"harm\":\"大量用户无法正常上网\",\"measures\":\"切换递归解析\",\"advice\":\"请部应急办协调\"," \
    "\"region\":\"330000\",\"contact\":\"张三 13800000000\","                                                             \
    "\"facts\":{\"happened\":true,\"kinds\":[\"outage\"],\"scope\":{\"provinces\":[\"330000\",\"320000\"]},"                \
    "\"judged\":{\"many_users_offline\":true}}}"

#define HAZARD(more)                                                                                         \
    "{\"title\":\"x\",\"scope\":\"x\",\"harm\":\"x\",\"measures\":\"x\",\"advice\":\"x\"" more "}"

#define WARNING(colour)                                                                                      \
    "{\"title\":\"x\",\"colour\":\"" colour "\",\"starts\":\"2009-05-19T22:00:00+08:00\",\"scope\":\"x\","   \
    "\"harm\":\"x\",\"precautions\":\"x\",\"time_limit\":\"x\",\"issuer\":\"x\",\"hotline\":\"x\","          \
    "\"region\":\"330000\"}"

static int setup(void **state)
{
    static struct world world;
    world_open(&world);
    world_people(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static const char *text(json_t *doc, const char *name)
{
    const char *said = json_string_value(json_object_get(doc, name));
    return said ? said : "";
}

static void a_report_reaches_province_and_ministry_with_receipts(void **state)
{
    struct world *world = *state;
    struct submission sub;
    assert_ok(world_act(world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    assert_true(world_deliver(world) > 0);
    static const char *const SEEN_BY[] = {"tel-zj", "pca-330000", "pca-320000", "miit"};
    for (size_t i = 0; i < 4; i++) {
        json_t *doc = world_subject(world, SEEN_BY[i], sub.made);
        assert_non_null(doc);
        assert_string_equal(text(doc, ".state"), "reported");
        assert_string_equal(text(doc, ".owner"), "tel-zj");
        assert_null(json_object_get(doc, "contact"));
        json_t *grading = json_array_get(json_object_get(doc, "gradings"), 0);
        assert_string_equal(text(grading, "level"), "II");
        json_decref(doc);
    }
    assert_true(world_duties(world, "tel-zj", NULL, DUTY_DISCHARGED) >= 2);
}

static void what_a_tier_may_not_do_is_refused_with_its_clause_and_recorded(void **state)
{
    struct world *world = *state;
    struct submission sub;
    int64_t before = desk_last_pos(world_node(world, "pca-330000")->desk);
    assert_code(world_act(world, "pca-330000", "warning.published", NULL, NULL, WARNING("orange"), &sub),
                ERR_POWER);
    assert_string_equal(sub.err.clause, "4.4");
    assert_non_null(sub.ruling.then);
    assert_int_equal(desk_last_pos(world_node(world, "pca-330000")->desk), before + 1);
}

static void missing_and_unknown_fields_are_named(void **state)
{
    struct world *world = *state;
    struct submission sub;
    assert_code(world_act(world, "tel-zj", "incident.reported", NULL, NULL, "{\"title\":\"x\"}", &sub),
                ERR_INVALID);
    assert_string_equal(sub.err.field, "body.occurred");
    assert_string_equal(sub.err.clause, "4.1");
    assert_code(world_act(world, "tel-zj", "incident.reported", NULL, NULL, "{\"titel\":\"x\"}", &sub),
                ERR_INVALID);
    assert_string_equal(sub.err.field, "body.titel");
    assert_code(world_act(world, "tel-zj", "incident.whispered", NULL, NULL, "{}", &sub), ERR_INVALID);
}

static void an_act_that_fails_half_way_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct submission sub;
    struct err err;
    struct store *store = world_node(world, "pca-330000")->store;
    int64_t before = desk_last_pos(world_node(world, "pca-330000")->desk);
    assert_code(world_act(world, "pca-330000", "node.enrolled", NULL, NULL,
                          "{\"title\":\"x\",\"card\":{\"id\":\"x\"}}", &sub),
                ERR_INVALID);
    assert_int_equal(desk_last_pos(world_node(world, "pca-330000")->desk), before);
    assert_int_equal(acts_count(store), before + 1);
    struct outbox_count *counts = NULL;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, 1 << 20);
    assert_ok(outbox_counts(store, &arena, &counts, &count, &err), &err);
    assert_int_equal(count, 0);
    arena_done(&arena);
}

static void ownership_moves_by_offer_accept_release(void **state)
{
    struct world *world = *state;
    struct submission sub;
    assert_ok(world_act(world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    char id[UUID_TEXT_SIZE];
    memcpy(id, sub.made, sizeof id);
    (void)world_deliver(world);
    assert_ok(world_act(world, "tel-zj", "transfer.offered", id, NULL,
                        "{\"assignee\":\"pca-330000\",\"reason\":\"请省局主办\"}", &sub),
              &sub.err);
    (void)world_deliver(world);
    assert_code(world_act(world, "pca-320000", "transfer.accepted", id, NULL, "{}", &sub), ERR_PERMISSION);
    assert_ok(world_act(world, "pca-330000", "transfer.accepted", id, NULL, "{}", &sub), &sub.err);
    assert_code(world_act(world, "pca-330000", "transfer.accepted", id, NULL, "{}", &sub), ERR_WRONG_STATE);
    assert_code(world_act(world, "pca-330000", "transfer.refused", id, NULL, "{\"reason\":\"无暇\"}", &sub),
                ERR_WRONG_STATE);
    (void)world_deliver(world);
    static const char *const SEEN_BY[] = {"tel-zj", "pca-330000", "miit"};
    for (size_t i = 0; i < 3; i++) {
        json_t *doc = world_subject(world, SEEN_BY[i], id);
        assert_string_equal(text(doc, ".owner"), "pca-330000");
        json_decref(doc);
    }
}

/* Whoever is left out keeps other regions for it, and takes other nodes for those who owe something. */
static void a_second_report_reaches_all_who_take_part(void **state)
{
    struct world *world = *state;
    struct submission sub;
    char id[UUID_TEXT_SIZE];
    assert_ok(world_act(world, "tel-zj", "incident.hazard_reported", NULL, NULL,
                        HAZARD(",\"region\":\"330000\""), &sub),
              &sub.err);
    memcpy(id, sub.made, sizeof id);
    (void)world_deliver(world);
    assert_ok(world_act(world, "miit", "incident.hazard_reported", id, NULL,
                        HAZARD(",\"regions\":[\"320000\"]"), &sub),
              &sub.err);
    (void)world_deliver(world);
    static const char *const SEEN_BY[] = {"miit", "tel-zj", "pca-330000"};
    for (size_t i = 0; i < 3; i++) {
        json_t *doc = world_subject(world, SEEN_BY[i], id);
        assert_int_equal(json_array_size(json_object_get(doc, "regions")), 1);
        json_decref(doc);
    }
}

static void order_and_hand_over(struct world *world, const char *warning, const char *assignee,
                                char order[UUID_TEXT_SIZE])
{
    struct submission sub;
    char body[300];
    (void)snprintf(
        body, sizeof body,
        "{\"title\":\"过滤\",\"measure\":\"filter_traffic\",\"text\":\"过滤\",\"assignee\":\"%s\"}",
        assignee);
    assert_ok(world_act(world, "pca-330000", "order.issued", NULL, warning, body, &sub), &sub.err);
    memcpy(order, sub.made, UUID_TEXT_SIZE);
    assert_ok(world_act(world, "pca-330000", "transfer.offered", order, NULL,
                        "{\"assignee\":\"miit\",\"reason\":\"请部主办\"}", &sub),
              &sub.err);
    (void)world_deliver(world);
    assert_ok(world_act(world, "miit", "transfer.accepted", order, NULL, "{}", &sub), &sub.err);
    (void)world_deliver(world);
}

/* The law still owes the answer to the one who issued it. */
static void whoever_gave_an_order_away_hears_what_becomes_of_it(void **state)
{
    struct world *world = *state;
    struct submission sub;
    char warning[UUID_TEXT_SIZE];
    char done[UUID_TEXT_SIZE];
    char cancelled[UUID_TEXT_SIZE];
    assert_ok(world_act(world, "pca-330000", "warning.published", NULL, NULL, WARNING("yellow"), &sub),
              &sub.err);
    memcpy(warning, sub.made, sizeof warning);
    (void)world_deliver(world);
    order_and_hand_over(world, warning, "tel-zj", done);
    order_and_hand_over(world, warning, "inet-zj", cancelled);
    assert_ok(world_act(world, "tel-zj", "order.done", done, NULL,
                        "{\"result\":\"已过滤\",\"proof\":[\"截图\"]}", &sub),
              &sub.err);
    assert_ok(world_act(world, "miit", "order.cancelled", cancelled, NULL, "{\"reason\":\"不再需要\"}", &sub),
              &sub.err);
    (void)world_deliver(world);
    assert_int_equal(world_duties(world, "pca-330000", "004.5.5b.1", DUTY_DISCHARGED), 1);
    assert_int_equal(world_duties(world, "pca-330000", "004.5.5b.1", DUTY_CANCELLED), 1);
    assert_int_equal(world_duties(world, "tel-zj", "004.5.5b.1", DUTY_DISCHARGED), 1);
    assert_int_equal(world_duties(world, "inet-zj", "004.5.5b.1", DUTY_CANCELLED), 1);
}

static void a_response_opens_the_clocks_when_it_ends(void **state)
{
    struct world *world = *state;
    struct submission sub;
    char incident[UUID_TEXT_SIZE];
    char response[UUID_TEXT_SIZE];
    assert_ok(world_act(world, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
    memcpy(incident, sub.made, sizeof incident);
    (void)world_deliver(world);
    assert_ok(world_act(world, "miit", "incident.assessed", incident, NULL,
                        "{\"level\":\"II\",\"adopts\":\"miit-2017-281\"}", &sub),
              &sub.err);
    assert_code(world_act(world, "pca-330000", "response.started", NULL, incident,
                          "{\"level\":\"II\",\"basis\":\"own-decision\"}", &sub),
                ERR_POWER);
    assert_ok(world_act(world, "miit", "response.started", NULL, incident,
                        "{\"level\":\"II\",\"basis\":\"own-decision\",\"targets\":[\"tel-zj\",\"cncert\"]}",
                        &sub),
              &sub.err);
    memcpy(response, sub.made, sizeof response);
    (void)world_deliver(world);
    assert_ok(world_act(world, "miit", "order.issued", NULL, response,
                        "{\"title\":\"过滤\",\"measure\":\"filter_traffic\",\"text\":\"过滤攻击流量\","
                        "\"assignees\":[\"tel-zj\",\"tel-js\"]}",
                        &sub),
              &sub.err);
    char order[UUID_TEXT_SIZE];
    memcpy(order, sub.made, sizeof order);
    (void)world_deliver(world);
    assert_ok(world_act(world, "tel-zj", "order.accepted", order, NULL, "{}", &sub), &sub.err);
    assert_ok(world_act(world, "tel-zj", "order.done", order, NULL,
                        "{\"result\":\"已过滤\",\"proof\":[\"截图\"]}", &sub),
              &sub.err);
    (void)world_deliver(world);
    json_t *doc = world_subject(world, "miit", order);
    assert_string_equal(text(doc, ".state"), "done");
    json_decref(doc);
    assert_ok(world_act(world, "miit", "response.ended", response, NULL,
                        "{\"reason\":\"影响已消除\",\"basis\":\"own-decision\"}", &sub),
              &sub.err);
    (void)world_deliver(world);
    assert_int_equal(world_duties(world, "tel-zj", "004.6.1a", DUTY_OPEN), 1);
    doc = world_subject(world, "tel-zj", incident);
    assert_string_equal(text(doc, ".state"), "handled");
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_report_reaches_province_and_ministry_with_receipts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_tier_may_not_do_is_refused_with_its_clause_and_recorded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(missing_and_unknown_fields_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(an_act_that_fails_half_way_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(ownership_moves_by_offer_accept_release, setup, teardown),
        cmocka_unit_test_setup_teardown(a_second_report_reaches_all_who_take_part, setup, teardown),
        cmocka_unit_test_setup_teardown(whoever_gave_an_order_away_hears_what_becomes_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_response_opens_the_clocks_when_it_ends, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
