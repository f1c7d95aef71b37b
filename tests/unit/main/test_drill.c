#include "main/drill.h"

#include "lib/check.h"
#include "main/file.h"
#include "main/verify.h"
#include "store/acts.h"
#include "unit/main/node_fixture.h"

#include <string.h>

#define REPORT                                                                                                 \
    "{\"title\":\"演练：断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":" \
    "\"无法上网\","                                                                                        \
    "\"measures\":\"扩容\",\"advice\":\"无\"}"

static struct node_fixture FIXTURE;

static int set_up(void **state)
{
    (void)state;
    node_fixture_begin(&FIXTURE, true);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    node_fixture_end(&FIXTURE);
    return 0;
}

static enum errc make(const char *id, int64_t compression, struct err *err)
{
    struct drill_tokens tokens;
    struct drill_plan plan = {
        .id = id, .compression = compression, .api = "127.0.0.1:1", .person = "张三", .post = "值班员"};
    return drill_make(&FIXTURE.config, &ENV_REAL, &plan, &FIXTURE.arena, &tokens, err);
}

static void a_drill_has_a_record_of_its_own_under_its_own_key(void **state)
{
    (void)state;
    struct err err;
    struct node drill;
    struct node real;
    struct submission sub;
    struct stored_act stored;
    json_t *found = NULL;
    assert_ok(make("d1", 1, &err), &err);
    /* Both at the same time: neither is in the other's way. */
    assert_ok(node_open_drill(&FIXTURE.config, &ENV_REAL, "d1", &FIXTURE.arena, &drill, &err), &err);
    assert_ok(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &real, &err), &err);
    node_fixture_act(&drill, "incident.reported", REPORT, &sub);
    assert_ok(acts_at(drill.store, sub.pos, &FIXTURE.arena, &stored, &err), &err);
    assert_string_equal(stored.act.universe, "d1");
    assert_int_equal(acts_count(real.store), 1);
    node_fixture_act(&real, "incident.reported", REPORT, &sub);
    node_close(&drill);
    node_close(&real);
    assert_ok(verify_path(FIXTURE.config.node_data, &FIXTURE.arena, &found, &err), &err);
    assert_true(json_is_true(json_object_get(found, "ok")));
    const json_t *one = json_array_get(json_object_get(found, "drills"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "universe")), "d1");
    assert_string_not_equal(json_string_value(json_object_get(one, "key")),
                            json_string_value(json_object_get(found, "key")));
    json_decref(found);
}

/* Somebody puts the record of a drill in the place of the real one, or of another drill. */
static void a_record_opens_in_no_other_universe(void **state)
{
    (void)state;
    struct err err;
    struct node node;
    assert_ok(make("d1", 1, &err), &err);
    assert_int_equal(rename(node_fixture_path(&FIXTURE, "data/real"), node_fixture_path(&FIXTURE, "aside")),
                     0);
    assert_int_equal(
        rename(node_fixture_path(&FIXTURE, "data/drills/d1"), node_fixture_path(&FIXTURE, "data/real")), 0);
    assert_code(node_open(&FIXTURE.config, &ENV_REAL, &FIXTURE.arena, &node, &err), ERR_CONFLICT);
    assert_int_equal(
        rename(node_fixture_path(&FIXTURE, "data/real"), node_fixture_path(&FIXTURE, "data/drills/d2")), 0);
    assert_code(node_open_drill(&FIXTURE.config, &ENV_REAL, "d2", &FIXTURE.arena, &node, &err), ERR_CONFLICT);
    assert_int_equal(rename(node_fixture_path(&FIXTURE, "aside"), node_fixture_path(&FIXTURE, "data/real")),
                     0);
}

static int64_t fixed_ms;

static int64_t fixed_now(void *context)
{
    (void)context;
    return fixed_ms;
}

static void its_clock_runs_faster_from_the_moment_it_was_made(void **state)
{
    (void)state;
    struct err err;
    struct drill_clock clock;
    struct env env = ENV_REAL;
    assert_ok(make("d1", 60, &err), &err);
    assert_ok(drill_clock_open(&FIXTURE.config, "d1", &ENV_REAL, &FIXTURE.arena, &clock, &err), &err);
    env.now_ms = fixed_now;
    clock.real = &env;
    fixed_ms = clock.started_ms;
    assert_int_equal(env_now_ms(&clock.env), clock.started_ms);
    fixed_ms += 1000;
    assert_int_equal(env_now_ms(&clock.env), clock.started_ms + 60000);
    assert_code(drill_clock_open(&FIXTURE.config, "d9", &ENV_REAL, &FIXTURE.arena, &clock, &err),
                ERR_NOT_FOUND);
}

static void ids_that_cannot_be_are_refused_and_none_is_taken_twice(void **state)
{
    (void)state;
    struct err err;
    assert_code(make("real", 1, &err), ERR_INVALID);
    assert_code(make("../real", 1, &err), ERR_INVALID);
    assert_ok(make("d1", 1, &err), &err);
    assert_code(make("d1", 1, &err), ERR_CONFLICT);
}

static void the_report_counts_acts_refusals_and_duties(void **state)
{
    (void)state;
    struct err err;
    struct node drill;
    struct submission sub;
    json_t *doc = NULL;
    assert_ok(make("d1", 1, &err), &err);
    assert_code(drill_report(&FIXTURE.config, &ENV_REAL, "d1", &FIXTURE.arena, &doc, &err), ERR_NOT_FOUND);
    assert_ok(node_open_drill(&FIXTURE.config, &ENV_REAL, "d1", &FIXTURE.arena, &drill, &err), &err);
    node_fixture_act(&drill, "incident.reported", REPORT, &sub);
    node_close(&drill);
    assert_ok(drill_report(&FIXTURE.config, &ENV_REAL, "d1", &FIXTURE.arena, &doc, &err), &err);
    const json_t *run = json_object_get(doc, "run");
    assert_string_equal(json_string_value(json_object_get(run, "universe")), "d1");
    assert_int_equal(json_integer_value(json_object_get(run, "acts")), 1);
    const char *text = json_string_value(json_object_get(json_object_get(doc, "report"), "text"));
    assert_non_null(strstr(text, "incident.reported 1"));
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_drill_has_a_record_of_its_own_under_its_own_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_opens_in_no_other_universe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_clock_runs_faster_from_the_moment_it_was_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ids_that_cannot_be_are_refused_and_none_is_taken_twice, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_report_counts_acts_refusals_and_duties, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
