/* The plans behind lists and look-ups: which index answers, and that nothing reads a whole table.
 *
 * Every statement that the store sends while it answers is also sent as EXPLAIN QUERY PLAN. */
#include "lib/check.h"
#include "lib/record.h"
#include "store/acts.h"
#include "store/duties.h"
#include "store/outbox.h"
#include "store/store_internal.h"

#include <stdio.h>
#include <string.h>

enum { PLAN_BYTES = 4096 };

static struct db_driver spy;
static const struct db_driver *real;
static char plan[PLAN_BYTES];

/* Asks the engine how it would answer, then lets it answer. */
static enum errc query(struct db *db, const struct db_sql *sql, const struct db_value *values, size_t count,
                       struct db_rows **out, struct err *err)
{
    char text[PLAN_BYTES];
    struct db_sql explain = {SQL_BUILT, text};
    struct db_rows *rows = NULL;
    bool more = false;
    (void)snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql->text);
    assert_ok(real->query(db, &explain, values, count, &rows, err), err);
    assert_ok(real->next(rows, &more, err), err);
    while (more) {
        size_t used = strlen(plan);
        (void)snprintf(plan + used, sizeof plan - used, "%s\n", (const char *)real->column(rows, 3).bytes);
        assert_ok(real->next(rows, &more, err), err);
    }
    real->finish(rows);
    return real->query(db, sql, values, count, out, err);
}

static void watch(struct record *record)
{
    real = record->store->db->driver;
    spy = *real;
    spy.query = query;
    record->store->db->driver = &spy;
    plan[0] = '\0';
}

static void expect(const char *what, const char *index)
{
    if (!strstr(plan, index))
        fail_msg("%s: %s is not used:\n%s", what, index, plan);
    if (strstr(plan, "SCAN") || strstr(plan, "TEMP B-TREE"))
        fail_msg("%s reads or sorts more than it must:\n%s", what, plan);
    plan[0] = '\0';
}

/* So that the planner has something to count. */
static void fill(struct record *record)
{
    record_open(record, SUITE_P256_SHA256);
    record_begin(record);
    for (int i = 0; i < 200; i++) {
        struct subject matter = record_matter(record, i % 3 ? "incident" : "order", "浙江电信域名解析异常",
                                              "文");
        assert_ok(subjects_save(record->store, &matter, 0, &record->err), &record->err);
        struct stored_act stored = record_act(record, "incident.reported", matter.id, "x");
        struct duty duty = {.id = stored.act.id,
                            .rule = "r",
                            .pack = "p",
                            .clause = "c",
                            .subject = matter.id,
                            .root = matter.id,
                            .owner = "miit",
                            .receiver = "x",
                            .opened_act = stored.act.id,
                            .deadline = DEADLINE_DAYS,
                            .due_ms = i,
                            .calendar = "",
                            .done_act = "",
                            .receipt_act = ""};
        assert_ok(duties_save(record->store, &duty, &record->err), &record->err);
        struct outbox_item item = {.peer = "miit", .act = stored.act.id};
        assert_ok(outbox_push(record->store, &item, &record->err), &record->err);
    }
    record_commit(record);
    assert_ok(store_tidy(record->store, &record->err), &record->err);
    record_reopen(record); /* the figures of ANALYZE are read at opening */
    watch(record);
}

static void list(struct record *record, struct subject_filter filter)
{
    struct subject_page page;
    filter.limit = 20;
    assert_ok(subjects_list(record->store, &filter, &record->arena, &page, &record->err), &record->err);
}

static void lists_of_matters_are_answered_by_an_index_alone(void **state)
{
    (void)state;
    struct record record;
    fill(&record);
    list(&record, (struct subject_filter){.type = "incident"});
    expect("newest", "COVERING INDEX subjects_updated");
    list(&record, (struct subject_filter){.type = "incident", .cursor = "9999999999999.5"});
    expect("next page", "COVERING INDEX subjects_updated");
    list(&record, (struct subject_filter){.owner = "miit"});
    assert_non_null(strstr(plan, "SCAN s USING COVERING INDEX subjects_any")); /* walked in its order … */
    assert_null(strstr(plan, "TEMP B-TREE")); /* … until the page is full */
    plan[0] = '\0';
    list(&record, (struct subject_filter){.type = "incident", .oldest_first = true});
    expect("oldest", "COVERING INDEX subjects_updated");
    list(&record, (struct subject_filter){.type = "incident", .sort = SUBJECTS_BY_OPENED});
    expect("by opening", "COVERING INDEX subjects_opened");
    list(&record, (struct subject_filter){.type = "incident",
                                          .states = {"reported", "closed"},
                                          .state_count = 2,
                                          .level = LEVEL_II,
                                          .colour = COLOUR_RED,
                                          .region = "330000",
                                          .owner = "miit",
                                          .updated_from_ms = 5});
    expect("every filter", "COVERING INDEX subjects_updated");
    list(&record, (struct subject_filter){.type = "incident",
                                          .states = {"closed"},
                                          .state_count = 1,
                                          .sort = SUBJECTS_BY_OPENED,
                                          .updated_from_ms = 5});
    expect("filter by opening", "COVERING INDEX subjects_opened");
    record_done(&record);
}

static void one_root_or_parent_is_found_by_its_index(void **state)
{
    (void)state;
    struct record record;
    struct arena arena;
    struct subject got;
    fill(&record);
    arena_init(&arena, 1 << 20);
    assert_code(subjects_load(record.store, "x", &arena, &got, &record.err), ERR_NOT_FOUND);
    expect("load", "INDEX subjects_id");
    list(&record, (struct subject_filter){.root = "x"});
    assert_non_null(strstr(plan, "INDEX subjects_root"));
    plan[0] = '\0';
    list(&record, (struct subject_filter){.parent = "x"});
    assert_non_null(strstr(plan, "INDEX subjects_parent"));
    plan[0] = '\0';
    list(&record, (struct subject_filter){.root = "x", .type = "order"});
    assert_non_null(strstr(plan, "INDEX subjects_root"));
    arena_done(&arena);
    record_done(&record);
}

static void acts_are_found_by_matter_root_kind_and_node(void **state)
{
    (void)state;
    struct record record;
    struct act_page page;
    struct stored_act got;
    int64_t seq = 0;
    fill(&record);
    const struct {
        struct act_filter filter;
        const char *index;
    } CASES[] = {
        {{.subject = "x", .after_pos = 3, .limit = 5}, "INDEX acts_subject"},
        {{.root = "x", .after_pos = -1, .limit = 5}, "INDEX acts_root"},
        {{.kind = "x", .after_pos = -1, .newest_first = true, .limit = 5}, "INDEX acts_kind"},
        {{.after_pos = 7, .limit = 5}, "INTEGER PRIMARY KEY"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_ok(acts_list(record.store, &CASES[i].filter, &record.arena, &page, &record.err), &record.err);
        expect("acts", CASES[i].index);
    }
    assert_code(acts_get(record.store, "x", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    expect("one act", "INDEX acts_id");
    assert_ok(acts_next_seq(record.store, "miit", &seq, &record.err), &record.err);
    expect("next number", "INDEX acts_seq");
    record_done(&record);
}

static void duties_are_found_by_who_owes_and_when(void **state)
{
    (void)state;
    struct record record;
    struct duty_page page;
    int64_t number = 0;
    fill(&record);
    const struct {
        struct duty_filter filter;
        const char *index;
    } CASES[] = {
        {{.owner = "miit", .states = {[DUTY_OPEN] = true}, .limit = 5}, "INDEX duties_owner"},
        {{.receiver = "miit", .states = {[DUTY_OPEN] = true}, .limit = 5}, "INDEX duties_receiver"},
        {{.states = {[DUTY_OPEN] = true}, .due_before_ms = 50, .limit = 5}, "INDEX duties_state"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_ok(duties_list(record.store, &CASES[i].filter, &record.arena, &page, &record.err),
                  &record.err);
        expect("duties", CASES[i].index);
    }
    struct duty_filter filter = {.root = "x", .limit = 5};
    assert_ok(duties_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_non_null(strstr(plan, "INDEX duties_root")); /* few rows, sorted afterwards */
    plan[0] = '\0';
    assert_ok(duties_count_overdue(record.store, "miit", 5, &number, &record.err), &record.err);
    expect("overdue", "INDEX duties_owner");
    assert_ok(duties_next_due(record.store, 5, &number, &record.err), &record.err);
    expect("next due", "INDEX duties_state");
    record_done(&record);
}

static void deliveries_are_found_by_peer(void **state)
{
    (void)state;
    struct record record;
    struct outbox_page page;
    struct outbox_filter filter = {.act = "x", .limit = 5};
    fill(&record);
    assert_ok(outbox_pending(record.store, "miit", 5, 10, &record.arena, &page, &record.err), &record.err);
    expect("pending", "INDEX outbox_open");
    assert_ok(outbox_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_non_null(strstr(plan, "INDEX outbox_act"));
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_matters_are_answered_by_an_index_alone),
        cmocka_unit_test(one_root_or_parent_is_found_by_its_index),
        cmocka_unit_test(acts_are_found_by_matter_root_kind_and_node),
        cmocka_unit_test(duties_are_found_by_who_owes_and_when),
        cmocka_unit_test(deliveries_are_found_by_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
