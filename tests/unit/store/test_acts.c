#include "store/acts.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdio.h>
#include <string.h>

static void bytes_come_back_as_they_went_in(void **state)
{
    (void)state;
    struct record record;
    struct stored_act got;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct stored_act stored = record_act(&record, "incident.reported", "m-1", "流量 184.7 Gbps");
    assert_int_equal(stored.pos, 0);
    assert_ok(acts_get(record.store, stored.act.id, &record.arena, &got, &record.err), &record.err);
    assert_int_equal(got.act.size_bytes, stored.act.size_bytes);
    assert_memory_equal(got.act.bytes, stored.act.bytes, stored.act.size_bytes);
    assert_string_equal(got.act.node, "demo-telecom-zj");
    assert_string_equal(got.act.universe, "real");
    assert_string_equal(got.act.kind, "incident.reported");
    assert_string_equal(got.act.subject, "m-1");
    assert_string_equal(got.from_node, "");
    assert_int_equal(got.act.seq, 1);
    assert_int_equal(got.act.recorded_ms, stored.act.recorded_ms);
    assert_int_equal(got.annex_bytes, 0);
    assert_ok(acts_at(record.store, 0, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.act.id, stored.act.id);
    assert_ok(acts_by_seq(record.store, "demo-telecom-zj", 1, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.act.id, stored.act.id);
    record_commit(&record);
    assert_code(acts_get(record.store, "x", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_code(acts_at(record.store, 1, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_done(&record);
}

static void the_same_act_twice_is_a_conflict_and_grows_nothing(void **state)
{
    (void)state;
    struct record record;
    struct err err;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct stored_act stored = record_act(&record, "incident.reported", "m-1", "一");
    struct stored_act again = stored;
    assert_code(acts_append(record.store, &again, &err), ERR_CONFLICT);
    assert_string_equal(err.field, "id");
    again.act.id = "0190b9a8-7c3e-7000-8000-ffffffffffff";
    assert_code(acts_append(record.store, &again, &err), ERR_CONFLICT);
    assert_string_equal(err.field, "seq");
    assert_int_equal(acts_count(record.store), 1);
    record_commit(&record);
    record_reopen(&record);
    assert_int_equal(acts_count(record.store), 1);
    record_done(&record);
}

static void lists_follow_the_record_and_page(void **state)
{
    (void)state;
    struct record record;
    struct act_page page;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    for (int i = 0; i < 10; i++) {
        char matter[16];
        (void)snprintf(matter, sizeof matter, "m-%d", i % 2);
        (void)record_act(&record, i == 0 ? "incident.reported" : "incident.followed", matter, "x");
    }
    struct act_filter filter = {.subject = "m-1", .after_pos = -1, .limit = 3};
    assert_ok(acts_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.items[0].pos, 1);
    assert_int_equal(page.items[2].pos, 5);
    filter.after_pos = 5;
    assert_ok(acts_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.items[1].pos, 9);
    filter = (struct act_filter){.kind = "incident.reported", .root = "m-0", .after_pos = -1, .limit = 9};
    assert_ok(acts_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.count, 1);
    filter = (struct act_filter){
        .node = "demo-telecom-zj", .newest_first = true, .after_pos = -1, .limit = 2};
    assert_ok(acts_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.items[0].pos, 9);
    filter.after_pos = page.items[1].pos;
    assert_ok(acts_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.items[0].pos, 7);
    filter.limit = 0;
    assert_code(acts_list(record.store, &filter, &record.arena, &page, &record.err), ERR_INVALID);
    filter.limit = ACTS_LIMIT_MAX + 1;
    assert_code(acts_list(record.store, &filter, &record.arena, &page, &record.err), ERR_INVALID);
    store_rollback(record.store);
    record_done(&record);
}

static void numbers_of_a_node_are_dense(void **state)
{
    (void)state;
    struct record record;
    int64_t seq = 0;
    record_open(&record, SUITE_P256_SHA256);
    assert_ok(acts_next_seq(record.store, "demo-telecom-zj", &seq, &record.err), &record.err);
    assert_int_equal(seq, 1);
    for (int i = 0; i < 3; i++)
        record_one(&record, "incident.followed", "m-1", "x");
    assert_ok(acts_next_seq(record.store, "demo-telecom-zj", &seq, &record.err), &record.err);
    assert_int_equal(seq, 4);
    assert_ok(acts_next_seq(record.store, "miit", &seq, &record.err), &record.err);
    assert_int_equal(seq, 1);
    record_done(&record);
}

static enum errc count_until_three(void *context, const struct stored_act *stored, struct err *err)
{
    int *count = context;
    assert_int_equal(stored->pos, *count);
    if (++*count == 3)
        return err_set(err, ERR_TIMEOUT, "enough");
    return ERR_OK;
}

static void a_walk_passes_every_act_and_an_error_ends_it(void **state)
{
    (void)state;
    struct record record;
    int count = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_one(&record, "incident.reported", "m-1", "x");
    record_one(&record, "incident.followed", "m-1", "x");
    assert_ok(acts_walk(record.store, 0, count_until_three, &count, &record.err), &record.err);
    assert_int_equal(count, 2);
    record_one(&record, "incident.followed", "m-1", "x");
    record_one(&record, "incident.followed", "m-1", "x");
    count = 0;
    assert_code(acts_walk(record.store, 0, count_until_three, &count, &record.err), ERR_TIMEOUT);
    assert_int_equal(count, 3);
    record_done(&record);
}

static void an_annex_can_come_later(void **state)
{
    (void)state;
    struct record record;
    struct stored_act got;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct stored_act stored = record_act(&record, "incident.reported", "m-1", "一");
    assert_ok(acts_set_annex(record.store, stored.act.id, "{\"contact\":1}", 13, &record.err), &record.err);
    assert_ok(acts_get(record.store, stored.act.id, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.annex, "{\"contact\":1}");
    assert_int_equal(got.annex_bytes, 13);
    assert_code(acts_set_annex(record.store, "x", "", 0, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_back_as_they_went_in),
        cmocka_unit_test(the_same_act_twice_is_a_conflict_and_grows_nothing),
        cmocka_unit_test(lists_follow_the_record_and_page),
        cmocka_unit_test(numbers_of_a_node_are_dense),
        cmocka_unit_test(a_walk_passes_every_act_and_an_error_ends_it),
        cmocka_unit_test(an_annex_can_come_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
