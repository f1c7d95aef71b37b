#include "desk/evidence.h"

#include "base/civil.h"
#include "base/str.h"
#include "lib/check.h"
#include "lib/world.h"
#include "store/duties.h"

#include <string.h>

static struct world WORLD;

#define REPORT(users)                                                                                             \
    "{\"title\":\"用户信息泄露\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":" \
    "\"泄露\","                                                                                                 \
    "\"measures\":\"封堵\",\"advice\":\"无\",\"region\":\"330000\",\"facts\":{\"happened\":true,\"leaked_"     \
    "users\":" users "}"

static size_t count(const char *node, const char *root, const char *conduct)
{
    struct arena arena;
    struct err err;
    struct view view = {WORLD.law.catalogue, WORLD.law.packs, WORLD.now_ms};
    json_t *list = NULL;
    arena_init(&arena, 16 << 20);
    assert_ok(evidence_of(&view, world_node(&WORLD, node)->store, root, &arena, &list, &err), &err);
    size_t found = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry)
    {
        found += streq(json_string_value(json_object_get(entry, "conduct")), conduct);
    }
    json_decref(list);
    arena_done(&arena);
    return found;
}

static void the_record_speaks_of_late_false_and_concealed(void **state)
{
    (void)state;
    struct submission sub;
    char incident[UUID_TEXT_SIZE];
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "cncert", "incident.reported", NULL, NULL,
                        REPORT("12000000") ",\"victim\":\"tel-zj\"}", &sub),
              &sub.err);
    memcpy(incident, sub.made, sizeof incident);
    (void)world_deliver(&WORLD);
    assert_int_equal(count("miit", incident, "concealed"), 1);
    assert_int_equal(count("miit", incident, "false"), 0);
    assert_ok(world_act(&WORLD, "cncert", "incident.followed_up", incident, NULL,
                        "{\"text\":\"更正\",\"facts\":{\"leaked_users\":900000}}", &sub),
              &sub.err);
    (void)world_deliver(&WORLD);
    assert_int_equal(count("miit", incident, "false"), 1);
    assert_true(count("miit", incident, "measured") > 0);
    assert_int_equal(count("miit", incident, "late"), 0);
    world_close(&WORLD);
}

/* Writes a duty of tel-zj as the fold would: to tell somebody of an act. */
static void owe(const char *receiver, const char *act, const char *root, enum duty_state state)
{
    struct err err;
    struct store *store = world_node(&WORLD, "tel-zj")->store;
    struct duty duty = {.id = receiver,
                        .rule = "a rule of the test",
                        .pack = "miit-2017-281",
                        .clause = "4.1",
                        .subject = root,
                        .root = root,
                        .owner = "tel-zj",
                        .receiver = receiver,
                        .opened_act = act,
                        .opened_ms = WORLD.now_ms,
                        .deadline = DEADLINE_IMMEDIATE,
                        .calendar = "",
                        .state = state,
                        .done_act = "",
                        .receipt_act = ""};
    assert_ok(store_begin(store, &err), &err);
    assert_ok(duties_save(store, &duty, &err), &err);
    assert_ok(store_commit(store, &err), &err);
}

static void what_can_still_be_told_is_owed_and_not_omitted(void **state)
{
    (void)state;
    struct submission sub;
    char incident[UUID_TEXT_SIZE];
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT("12000000") "}", &sub),
              &sub.err);
    memcpy(incident, sub.made, sizeof incident);
    (void)world_deliver(&WORLD);
    assert_int_equal(count("miit", incident, "omitted"), 0);
    assert_int_equal(count("tel-zj", incident, "omitted"), 0);
    owe("pca-330000", sub.act, incident, DUTY_OPEN);
    assert_int_equal(count("tel-zj", incident, "omitted"), 0);
    owe("miit", sub.act, incident, DUTY_DISCHARGED);
    assert_int_equal(count("tel-zj", incident, "omitted"), 1);
    world_close(&WORLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_record_speaks_of_late_false_and_concealed),
                                       cmocka_unit_test(what_can_still_be_told_is_owed_and_not_omitted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
