#include "store/duties.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdio.h>

static struct duty sample(int i, char id[RECORD_ID_SIZE])
{
    (void)snprintf(id, RECORD_ID_SIZE, "d-%02d", i);
    return (struct duty){.id = id,
                         .rule = i % 2 ? "004.6.1a" : "004.6.2",
                         .pack = "miit-2017-281",
                         .clause = "6.1",
                         .subject = i % 4 ? "s-1" : "s-2",
                         .root = "r-1",
                         .owner = i % 3 ? "demo-telecom-zj" : "x:NCEO",
                         .receiver = i % 5 ? "pca-330000" : "",
                         .opened_act = "a-1",
                         .opened_ms = 100 + i,
                         .deadline = i % 6 ? DEADLINE_WORKING_DAYS : DEADLINE_IMMEDIATE,
                         .due_ms = i % 6 ? 10000 - i : 0,
                         .provisional = i % 2,
                         .calendar = "2009-1",
                         .state = DUTY_OPEN,
                         .done_act = "",
                         .receipt_act = ""};
}

static void a_duty_comes_back_whole_and_is_replaced(void **state)
{
    (void)state;
    struct record record;
    struct duty got;
    char id[RECORD_ID_SIZE];
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct duty duty = sample(1, id);
    assert_ok(duties_save(record.store, &duty, &record.err), &record.err);
    assert_ok(duties_load(record.store, id, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.rule, duty.rule);
    assert_string_equal(got.owner, duty.owner);
    assert_string_equal(got.calendar, "2009-1");
    assert_int_equal(got.deadline, DEADLINE_WORKING_DAYS);
    assert_int_equal(got.due_ms, 9999);
    assert_true(got.provisional);
    duty.state = DUTY_DISCHARGED;
    duty.done_act = "a-2";
    duty.done_ms = 500;
    duty.receipt_act = "a-3";
    duty.receipt_ms = 600;
    assert_ok(duties_save(record.store, &duty, &record.err), &record.err);
    assert_ok(duties_load(record.store, id, &record.arena, &got, &record.err), &record.err);
    assert_int_equal(got.state, DUTY_DISCHARGED);
    assert_string_equal(got.receipt_act, "a-3");
    assert_int_equal(got.receipt_ms, 600);
    assert_code(duties_load(record.store, "x", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static void lists_come_by_due_time_and_page(void **state)
{
    (void)state;
    struct record record;
    struct duty_page page;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    for (int i = 0; i < 24; i++) {
        char id[RECORD_ID_SIZE];
        struct duty duty = sample(i, id);
        if (i == 7)
            duty.state = DUTY_PERFORMED;
        assert_ok(duties_save(record.store, &duty, &record.err), &record.err);
    }
    const struct {
        struct duty_filter filter;
        size_t want;
    } CASES[] = {
        {{.limit = 100}, 24},
        {{.owner = "x:NCEO", .limit = 100}, 8},
        {{.receiver = "pca-330000", .limit = 100}, 19},
        {{.subject = "s-2", .limit = 100}, 6},
        {{.root = "r-1", .rule = "004.6.2", .limit = 100}, 12},
        {{.states = {[DUTY_PERFORMED] = true}, .limit = 100}, 1},
        {{.states = {[DUTY_OPEN] = true, [DUTY_PERFORMED] = true}, .limit = 100}, 24},
        {{.due_before_ms = 9981, .limit = 100}, 4},
        {{.opened_act = "a-1", .done_act = "a-9", .limit = 100}, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_ok(duties_list(record.store, &CASES[i].filter, &record.arena, &page, &record.err),
                  &record.err);
        assert_int_equal(page.count, CASES[i].want);
    }
    struct duty_filter filter = {.root = "r-1", .limit = 5};
    size_t seen = 0;
    int64_t last = 0;
    do {
        assert_ok(duties_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
        for (size_t i = 0; i < page.count; i++, seen++) {
            assert_true(page.items[i].due_ms == 0 || page.items[i].due_ms > last);
            assert_int_equal(page.items[i].due_ms == 0, seen >= 20);
            last = page.items[i].due_ms ? page.items[i].due_ms : last;
        }
        filter.cursor = page.next;
    } while (filter.cursor);
    assert_int_equal(seen, 24);
    filter.cursor = "x.1";
    assert_code(duties_list(record.store, &filter, &record.arena, &page, &record.err), ERR_INVALID);
    assert_string_equal(record.err.field, "cursor");
    record_commit(&record);
    record_done(&record);
}

static void overdue_and_next_due_look_at_open_ones_only(void **state)
{
    (void)state;
    struct record record;
    char id[RECORD_ID_SIZE];
    int64_t number = -1;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(duties_next_due(record.store, 0, &number, &record.err), &record.err);
    assert_int_equal(number, 0);
    for (int i = 0; i < 6; i++) {
        struct duty duty = sample(i, id);
        if (i == 5)
            duty.state = DUTY_CANCELLED;
        assert_ok(duties_save(record.store, &duty, &record.err), &record.err);
    }
    assert_ok(duties_count_overdue(record.store, "demo-telecom-zj", 10000, &number, &record.err),
              &record.err);
    assert_int_equal(number, 3); /* 1, 2, 4; 3 is another's, 0 never, 5 cancelled */
    assert_ok(duties_count_overdue(record.store, "demo-telecom-zj", 9996, &number, &record.err), &record.err);
    assert_int_equal(number, 0);
    assert_ok(duties_next_due(record.store, 0, &number, &record.err), &record.err);
    assert_int_equal(number, 9996);
    assert_ok(duties_next_due(record.store, 9999, &number, &record.err), &record.err);
    assert_int_equal(number, 0);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_duty_comes_back_whole_and_is_replaced),
        cmocka_unit_test(lists_come_by_due_time_and_page),
        cmocka_unit_test(overdue_and_next_due_look_at_open_ones_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
