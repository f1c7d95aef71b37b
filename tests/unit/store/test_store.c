#include "store/store.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_was_committed_is_there_after_reopening(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    for (int i = 0; i < 5; i++)
        record_one(&record, "incident.reported", "m-1", "域名解析异常");
    record_reopen(&record);
    assert_int_equal(acts_count(record.store), 5);
    assert_string_equal(store_identity(record.store)->node, "demo-telecom-zj");
    assert_string_equal(store_identity(record.store)->universe, "real");
    assert_int_equal(store_identity(record.store)->suite, SUITE_P256_SHA256);
    record_done(&record);
}

static void what_was_rolled_back_never_was(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_SM2_SM3);
    record_one(&record, "incident.reported", "m-1", "一");
    record_begin(&record);
    (void)record_act(&record, "incident.followed", "m-1", "二");
    assert_int_equal(acts_count(record.store), 2);
    store_rollback(record.store);
    assert_int_equal(acts_count(record.store), 1);
    record_one(&record, "incident.followed", "m-1", "三");
    record_reopen(&record);
    assert_int_equal(acts_count(record.store), 2);
    record_done(&record);
}

static void a_step_is_undone_alone(void **state)
{
    (void)state;
    struct record record;
    struct merkle_claim before;
    struct merkle_claim after;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(store_mark(record.store, &record.err), &record.err);
    (void)record_act(&record, "incident.reported", "m-1", "一");
    assert_ok(store_keep(record.store, &record.err), &record.err);
    assert_ok(ledger_root(record.store, &before, &record.err), &record.err);
    assert_ok(store_mark(record.store, &record.err), &record.err);
    (void)record_act(&record, "incident.followed", "m-1", "二");
    assert_ok(store_undo(record.store, &record.err), &record.err);
    assert_ok(ledger_root(record.store, &after, &record.err), &record.err);
    assert_memory_equal(&before, &after, sizeof before);
    record_commit(&record);
    record_reopen(&record);
    assert_int_equal(acts_count(record.store), 1);
    record_done(&record);
}

static void an_act_without_a_signed_head_is_not_committed(void **state)
{
    (void)state;
    struct record record;
    struct err err;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    (void)record_act(&record, "incident.reported", "m-1", "一");
    assert_code(store_commit(record.store, &err), ERR_INTERNAL);
    assert_ok(record_sign(&record, &err), &err);
    (void)record_act(&record, "incident.followed", "m-1", "二");
    assert_code(store_commit(record.store, &err), ERR_INTERNAL);
    store_rollback(record.store);
    record_done(&record);
}

static void a_second_store_in_the_same_folder_is_refused(void **state)
{
    (void)state;
    struct record record;
    struct err err;
    struct store *second = NULL;
    record_open(&record, SUITE_P256_SHA256);
    record_one(&record, "incident.reported", "m-1", "一");
    assert_code(store_open(&record.options, &second, &err), ERR_BUSY);
    assert_non_null(strstr(err.message, record.dir));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(store_open(&record.options, &second, &err) == ERR_BUSY ? 0 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    store_close(record.store);
    record.store = NULL;
    assert_code(store_create(&record.options, &record.identity, &err), ERR_CONFLICT);
    assert_ok(store_open(&record.options, &record.store, &err), &err);
    assert_int_equal(acts_count(record.store), 1);
    record_done(&record);
}

static void a_folder_without_a_store_is_not_opened(void **state)
{
    (void)state;
    struct err err;
    struct store *store = NULL;
    struct store_options options = {.dir = "/nonexistent/fengsui"};
    assert_code(store_open(&options, &store, &err), ERR_NOT_FOUND);
    assert_null(store);
    options.read_only = true;
    assert_true(store_open(&options, &store, &err) < 0);
    assert_null(store);
}

static void a_reader_sees_what_is_committed_and_changes_nothing(void **state)
{
    (void)state;
    struct record record;
    struct err err;
    struct store *reader = NULL;
    record_open(&record, SUITE_P256_SHA256);
    record_one(&record, "incident.reported", "m-1", "一");
    struct store_options options = record.options;
    options.read_only = true;
    assert_ok(store_open(&options, &reader, &err), &err);
    bool there = false;
    record_begin(&record);
    struct stored_act second = record_act(&record, "incident.followed", "m-1", "二");
    assert_ok(acts_exists(reader, second.act.id, &there, &err), &err);
    assert_false(there);
    assert_ok(record_sign(&record, &err), &err);
    assert_ok(store_begin(reader, &err), &err);
    assert_ok(acts_exists(reader, second.act.id, &there, &err), &err);
    assert_ok(store_commit(record.store, &err), &err);
    assert_ok(acts_exists(reader, second.act.id, &there, &err), &err);
    assert_false(there); /* its view began before */
    store_rollback(reader);
    assert_ok(acts_exists(reader, second.act.id, &there, &err), &err);
    assert_true(there);
    struct subject matter = record_matter(&record, "incident", "事件", "一");
    assert_true(subjects_save(reader, &matter, 0, &err) < 0);
    store_close(reader);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_committed_is_there_after_reopening),
        cmocka_unit_test(what_was_rolled_back_never_was),
        cmocka_unit_test(a_step_is_undone_alone),
        cmocka_unit_test(an_act_without_a_signed_head_is_not_committed),
        cmocka_unit_test(a_second_store_in_the_same_folder_is_refused),
        cmocka_unit_test(a_folder_without_a_store_is_not_opened),
        cmocka_unit_test(a_reader_sees_what_is_committed_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
