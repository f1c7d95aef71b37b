#include "desk/replay.h"

#include "lib/check.h"
#include "lib/rules.h"
#include "lib/world.h"
#include "store/rebuild.h"

#include <string.h>

static struct world WORLD;

#define REPORT                                                                                                    \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等省\",\"harm\":" \
    "\"无法上网\",\"measures\":\"扩容\",\"advice\":\"无\",\"region\":\"330000\",\"facts\":{\"happened\":"  \
    "true,\"scope\":{\"provinces\":[\"330000\",\"320000\"]},\"judged\":{\"many_users_offline\":true}}}"

static void good(const char *node, const char *kind, const char *subject, const char *parent,
                 const char *body, char out_id[UUID_TEXT_SIZE])
{
    struct submission sub;
    assert_ok(world_act(&WORLD, node, kind, subject, parent, body, &sub), &sub.err);
    memcpy(out_id, sub.made, UUID_TEXT_SIZE);
    (void)world_deliver(&WORLD);
}

static int set_up(void **state)
{
    char incident[UUID_TEXT_SIZE];
    char response[UUID_TEXT_SIZE];
    char other[UUID_TEXT_SIZE];
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    good("tel-zj", "incident.reported", NULL, NULL, REPORT, incident);
    good("miit", "incident.assessed", incident, NULL, "{\"level\":\"II\"}", other);
    good("miit", "response.started", NULL, incident,
         "{\"level\":\"II\",\"basis\":\"own-decision\",\"targets\":[\"tel-zj\",\"tel-js\"]}", response);
    good("miit", "response.ended", response, NULL, "{\"reason\":\"恢复\",\"basis\":\"own-decision\"}", other);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&WORLD);
    return 0;
}

/* The ministry's record under the shipped law with one text of one file changed; path NULL = unchanged. */
static json_t *replay_with(const char *path, const char *from, const char *to)
{
    struct err err;
    json_t *doc = NULL;
    struct rules_copy copy;
    struct pack_set *packs = NULL;
    struct replay *replay = NULL;
    struct rebuild *rebuild = NULL;
    struct store *before = NULL;
    struct world_node *node = world_node(&WORLD, "miit");
    struct desk_parts parts = *desk_parts(node->desk);
    struct store_options options = {.dir = node->dir, .sync = STORE_SYNC_OFF};
    struct store_options reader = {.dir = node->dir, .read_only = true};
    desk_close(node->desk);
    store_close(node->store);
    node->desk = NULL;
    node->store = NULL;
    rules_copy_open(&copy);
    if (path)
        rules_copy_edit(&copy, path, from, to);
    assert_ok(pack_set_load(&copy.set, &packs, &err), &err);
    parts.packs = packs;
    assert_ok(replay_new(&parts, &replay, &err), &err);
    assert_ok(rebuild_begin(&options, &rebuild, &err), &err);
    assert_ok(rebuild_run(rebuild, replay_act, replay, &err), &err);
    assert_ok(store_open(&reader, &before, &err), &err);
    assert_ok(replay_end(replay, before, rebuild_store(rebuild), &doc, &err), &err);
    store_close(before);
    replay_free(replay);
    assert_ok(rebuild_end(rebuild, REBUILD_DROP, &err), &err);
    pack_set_free(packs);
    rules_copy_done(&copy);
    return doc;
}

static long long count(const json_t *doc, const char *list)
{
    return json_integer_value(json_object_get(json_object_get(doc, list), "count"));
}

static const json_t *first(const json_t *doc, const char *list)
{
    return json_array_get(json_object_get(json_object_get(doc, list), "items"), 0);
}

static const char *text(const json_t *item, const char *name)
{
    const char *said = json_string_value(json_object_get(item, name));
    return said ? said : "";
}

static void the_same_law_says_the_same(void **state)
{
    (void)state;
    json_t *doc = replay_with(NULL, NULL, NULL);
    assert_true(json_is_true(json_object_get(doc, "same")));
    assert_true(json_integer_value(json_object_get(doc, "acts")) >= 4);
    json_decref(doc);
}

static void a_changed_condition_proposes_another_level(void **state)
{
    (void)state;
    json_t *doc = replay_with("miit-2017-281/levels.yaml", "{fact: scope.provinces, op: min, value: 2}",
                              "{fact: scope.provinces, op: min, value: 3}");
    assert_false(json_is_true(json_object_get(doc, "same")));
    const json_t *item = first(doc, "gradings");
    assert_string_equal(text(item, "title"), "六省断网");
    assert_string_equal(text(item, "adopted"), "II");
    assert_string_equal(text(json_object_get(item, "was"), "miit-2017-281"), "II");
    assert_string_not_equal(text(json_object_get(item, "now"), "miit-2017-281"), "II");
    json_decref(doc);
}

static void a_power_taken_away_names_the_acts_it_would_have_stopped(void **state)
{
    (void)state;
    json_t *doc = replay_with(
        "miit-2017-281/powers.yaml",
        "when: {level: [I, II]}\n    provision: 004.2.2c\n    needs:\n      - what: tier\n"
        "        in: [ministry]",
        "when: {level: [I, II]}\n    provision: 004.2.2c\n    needs:\n      - what: tier\n"
        "        in: [vendor]");
    assert_int_equal(count(doc, "refused"), 1);
    const json_t *item = first(doc, "refused");
    assert_string_equal(text(item, "kind"), "incident.assessed");
    assert_string_equal(text(json_object_get(item, "was"), "pack"), "miit-2017-281");
    assert_string_equal(text(json_object_get(item, "now"), "code"), "power");
    assert_string_not_equal(text(json_object_get(item, "now"), "clause"), "");
    json_decref(doc);
}

static void a_shorter_deadline_moves_the_due_dates(void **state)
{
    (void)state;
    json_t *doc = replay_with("miit-2017-281/duties.yaml", "{kind: working_days, n: 10, from: happened}",
                              "{kind: working_days, n: 5, from: happened}");
    assert_true(count(doc, "due") > 0);
    assert_int_equal(count(doc, "opened") + count(doc, "gone"), 0);
    const json_t *item = first(doc, "due");
    assert_string_equal(text(item, "rule"), "004.6.1a");
    assert_true(strcmp(text(item, "now"), text(item, "due")) < 0);
    json_decref(doc);
}

static void a_duty_under_another_name_is_gone_and_a_new_one_opened(void **state)
{
    (void)state;
    json_t *doc = replay_with("miit-2017-281/duties.yaml", "- id: 004.6.1b.ministry", "- id: 004.6.1b.other");
    assert_int_equal(count(doc, "gone"), 1);
    assert_int_equal(count(doc, "opened"), 1);
    assert_string_equal(text(first(doc, "opened"), "rule"), "004.6.1b.other");
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_law_says_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_changed_condition_proposes_another_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_power_taken_away_names_the_acts_it_would_have_stopped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_shorter_deadline_moves_the_due_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_duty_under_another_name_is_gone_and_a_new_one_opened, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
