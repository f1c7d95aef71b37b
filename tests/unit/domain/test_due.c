#include "domain/due.h"

#include "base/doc.h"
#include "lib/check.h"
#include "lib/rules.h"

static struct pack_set *SET;

static int64_t ms(const char *text)
{
    int64_t out = 0;
    struct err err;
    assert_ok(civil_parse_time(text, &out, &err), &err);
    return out;
}

static struct due compute(enum deadline_kind kind, int64_t n, const char *from, const char *as_of)
{
    struct due due;
    struct err err;
    struct pack_deadline deadline = {.kind = kind, .n = n};
    int64_t known = as_of ? ms(as_of) : INT64_MAX;
    assert_ok(due_compute(pack_set_calendar(SET), &deadline, ms(from), known, &due, &err), &err);
    return due;
}

static void words_without_a_number_never_get_one(void **state)
{
    (void)state;
    static const enum deadline_kind KINDS[] = {DEADLINE_IMMEDIATE, DEADLINE_PROMPT, DEADLINE_CONTINUOUS};
    for (size_t i = 0; i < 3; i++) {
        struct due due = compute(KINDS[i], 0, "2020-01-22T10:00:00+08:00", NULL);
        assert_int_equal(due.due_ms, 0);
        assert_string_equal(due.calendar, "");
    }
}

static void hours_and_minutes_count_from_the_moment(void **state)
{
    (void)state;
    assert_int_equal(compute(DEADLINE_HOURS, 4, "2025-12-31T22:30:00+08:00", NULL).due_ms,
                     ms("2026-01-01T02:30:00+08:00"));
    assert_int_equal(compute(DEADLINE_MINUTES, 30, "2025-12-31T23:45:00+08:00", NULL).due_ms,
                     ms("2026-01-01T00:15:00+08:00"));
}

static void days_end_at_midnight_in_china(void **state)
{
    (void)state;
    /* 16:30 UTC is the next day in China. */
    assert_int_equal(compute(DEADLINE_DAYS, 30, "2026-01-31T16:30:00Z", NULL).due_ms,
                     ms("2026-03-03T23:59:59.999+08:00"));
    assert_int_equal(compute(DEADLINE_YEARLY, 0, "2026-02-01T00:00:00+08:00", NULL).due_ms,
                     ms("2026-12-31T23:59:59.999+08:00"));
}

static void working_days_keep_the_calendar_that_was_known(void **state)
{
    (void)state;
    struct due due = compute(DEADLINE_WORKING_DAYS, 10, "2020-01-22T18:00:00+08:00",
                             "2020-01-22T18:00:00+08:00");
    assert_int_equal(due.due_ms, ms("2020-02-11T23:59:59.999+08:00"));
    assert_string_equal(due.calendar, "cn 2020@2019-11-21");
    due = compute(DEADLINE_WORKING_DAYS, 10, "2020-01-22T18:00:00+08:00", NULL);
    assert_int_equal(due.due_ms, ms("2020-02-13T23:59:59.999+08:00"));
    assert_false(due.provisional);
    assert_true(compute(DEADLINE_WORKING_DAYS, 20, "2026-12-15T18:00:00+08:00", NULL).provisional);
}

static void runs_from_what_the_rule_names(void **state)
{
    (void)state;
    struct act act = {.happened_ms = 1000, .recorded_ms = 2000};
    struct pack_deadline deadline = {.kind = DEADLINE_HOURS, .n = 1};
    assert_int_equal(due_start_ms(&deadline, &act), 1000);
    deadline.from = "recorded";
    assert_int_equal(due_start_ms(&deadline, &act), 2000);
    deadline.from = "body.aware";
    assert_int_equal(due_start_ms(&deadline, &act), 1000);
    act.body = json_pack("{s:s, s:s}", "aware", "1970-01-01T00:00:05Z", "due", "soon");
    assert_int_equal(due_start_ms(&deadline, &act), 5000);
    deadline = (struct pack_deadline){.kind = DEADLINE_STATED, .from = "body.due"};
    assert_int_equal(due_start_ms(&deadline, &act), 0);
    json_decref(act.body);
}

static void a_stated_time_is_due_as_stated(void **state)
{
    (void)state;
    assert_int_equal(compute(DEADLINE_STATED, 0, "2026-05-01T12:00:00+08:00", NULL).due_ms,
                     ms("2026-05-01T12:00:00+08:00"));
    struct due due;
    struct err err;
    struct pack_deadline deadline = {.kind = DEADLINE_STATED};
    assert_ok(due_compute(pack_set_calendar(SET), &deadline, 0, INT64_MAX, &due, &err), &err);
    assert_int_equal(due.due_ms, 0);
    deadline = (struct pack_deadline){.kind = DEADLINE_DAYS, .n = -1};
    assert_code(due_compute(pack_set_calendar(SET), &deadline, 0, INT64_MAX, &due, &err), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_without_a_number_never_get_one),
        cmocka_unit_test(hours_and_minutes_count_from_the_moment),
        cmocka_unit_test(days_end_at_midnight_in_china),
        cmocka_unit_test(working_days_keep_the_calendar_that_was_known),
        cmocka_unit_test(runs_from_what_the_rule_names),
        cmocka_unit_test(a_stated_time_is_due_as_stated),
    };
    SET = rules_load();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
