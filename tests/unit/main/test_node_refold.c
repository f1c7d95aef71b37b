#include "main/node_refold.h"

#include "lib/check.h"
#include "store/duties.h"
#include "unit/main/node_fixture.h"

#include <glob.h>

#define REPORT                                                                                                    \
    "{\"title\":\"六省断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江等省\",\"harm\":" \
    "\"无法上网\",\"measures\":\"扩容\",\"advice\":\"无\",\"region\":\"330000\",\"facts\":{\"happened\":"  \
    "true,\"scope\":{\"provinces\":[\"330000\",\"320000\"]},\"judged\":{\"many_users_offline\":true}}}"

static struct node_fixture FIXTURE;

static int set_up(void **state)
{
    struct err err;
    struct node node;
    struct submission sub;
    (void)state;
    node_fixture_begin(&FIXTURE, true);
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    node_fixture_act(&node, "incident.reported", REPORT, &sub);
    node_close(&node);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    node_fixture_end(&FIXTURE);
    return 0;
}

/* A duty that no act ever opened. */
static void invent_a_duty(void)
{
    struct err err;
    struct store *store = NULL;
    struct store_options options = {.dir = node_fixture_path(&FIXTURE, "data/real"), .sync = STORE_SYNC_FULL};
    struct duty duty = {.id = "0000",
                        .rule = "x",
                        .pack = "x",
                        .clause = "x",
                        .subject = "01936f6e-0000-7000-8000-000000000000",
                        .root = "01936f6e-0000-7000-8000-000000000000",
                        .owner = "miit",
                        .receiver = "",
                        .opened_act = "01936f6e-0000-7000-8000-000000000001",
                        .opened_ms = 1,
                        .calendar = "",
                        .done_act = "",
                        .receipt_act = ""};
    assert_ok(store_open(&options, &store, &err), &err);
    assert_ok(store_begin(store, &err), &err);
    assert_ok(duties_save(store, &duty, &err), &err);
    assert_ok(store_commit(store, &err), &err);
    store_close(store);
}

static void rebuild(bool check_only, bool expect_identical)
{
    struct err err;
    struct rebuild_report report;
    assert_ok(node_rebuild(&FIXTURE.config, &ENV_REAL, check_only, &FIXTURE.arena, &report, &err), &err);
    assert_int_equal(report.acts, 2);
    assert_int_equal(report.identical, expect_identical);
}

static void tables_that_say_what_no_act_says_are_made_again(void **state)
{
    (void)state;
    rebuild(true, true);
    invent_a_duty();
    rebuild(true, false);
    rebuild(false, false); /* puts them right */
    rebuild(true, true);
}

static void a_running_node_is_not_rebuilt(void **state)
{
    (void)state;
    struct err err;
    struct node node;
    struct rebuild_report report;
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), &err);
    assert_code(node_rebuild(&FIXTURE.config, &ENV_REAL, true, &FIXTURE.arena, &report, &err), ERR_BUSY);
    node_close(&node);
}

static json_t *replay(const char *rules)
{
    struct err err;
    json_t *doc = NULL;
    assert_ok(node_replay(&FIXTURE.config, &ENV_REAL, rules, &FIXTURE.arena, &doc, &err), &err);
    return doc;
}

static void under_the_same_law_nothing_differs_and_nothing_stays_behind(void **state)
{
    (void)state;
    json_t *doc = replay(NULL);
    assert_true(json_is_true(json_object_get(doc, "same")));
    assert_int_equal(json_integer_value(json_object_get(doc, "acts")), 2);
    json_decref(doc);
    glob_t found;
    const char *left = node_fixture_path(&FIXTURE, "data/replay-*");
    assert_int_equal(glob(left, 0, NULL, &found), GLOB_NOMATCH);
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_that_say_what_no_act_says_are_made_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_running_node_is_not_rebuilt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(under_the_same_law_nothing_differs_and_nothing_stays_behind, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
