#include "store/search_queue.h"

#include "lib/check.h"
#include "lib/record.h"

#include <string.h>

static struct record RECORD;

static size_t found(const char *text)
{
    struct err err;
    struct arena arena;
    struct subject_page page;
    struct subject_filter filter = {.text = text, .limit = 100};
    arena_init(&arena, 1 << 20);
    assert_ok(subjects_list(RECORD.store, &filter, &arena, &page, &err), &err);
    size_t count = page.count;
    arena_done(&arena);
    return count;
}

static struct subject save(const char *title)
{
    struct err err;
    struct subject matter = record_matter(&RECORD, "incident", title, "x");
    assert_ok(subjects_save(RECORD.store, &matter, 0, &err), &err);
    return matter;
}

static int setup(void **state)
{
    (void)state;
    record_open(&RECORD, SUITE_P256_SHA256);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    record_done(&RECORD);
    return 0;
}

static void what_was_saved_is_found_before_and_after_the_commit(void **state)
{
    (void)state;
    record_begin(&RECORD);
    (void)save("域名解析异常");
    assert_int_equal(found("域名"), 1);
    (void)save("域名劫持");
    record_commit(&RECORD);
    record_begin(&RECORD);
    assert_int_equal(found("域名"), 2);
    record_commit(&RECORD);
}

static void a_step_undone_leaves_the_index_and_what_came_before_it_stays(void **state)
{
    (void)state;
    struct err err;
    record_begin(&RECORD);
    (void)save("域名解析异常");
    assert_ok(store_mark(RECORD.store, &err), &err);
    (void)save("线路中断");
    assert_int_equal(found("线路"), 1); /* this writes both into the index, within the step */
    (void)save("线路中断");
    assert_ok(store_undo(RECORD.store, &err), &err);
    assert_int_equal(found("线路"), 0);
    record_commit(&RECORD);
    record_begin(&RECORD);
    assert_int_equal(found("域名"), 1);
    assert_int_equal(found("线路"), 0);
    record_commit(&RECORD);
}

static void a_matter_saved_twice_is_found_by_its_last_words_only(void **state)
{
    (void)state;
    struct err err;
    record_begin(&RECORD);
    struct subject matter = save("域名解析异常");
    int64_t rev = matter.rev++;
    matter.title = "线路中断";
    assert_ok(subjects_save(RECORD.store, &matter, rev, &err), &err);
    record_commit(&RECORD);
    record_begin(&RECORD);
    assert_int_equal(found("域名"), 0);
    assert_int_equal(found("线路"), 1);
    record_commit(&RECORD);
}

static void a_transaction_given_up_owes_the_index_nothing(void **state)
{
    (void)state;
    record_begin(&RECORD);
    (void)save("域名解析异常");
    store_rollback(RECORD.store);
    record_begin(&RECORD);
    assert_int_equal(found("域名"), 0);
    record_commit(&RECORD);
}

static void many_changes_are_written_before_the_commit(void **state)
{
    (void)state;
    record_begin(&RECORD);
    for (int i = 0; i < SEARCH_QUEUE_MAX + 50; i++)
        (void)save(i % 10 == 0 ? "域名解析异常" : "线路中断");
    record_commit(&RECORD);
    record_begin(&RECORD);
    assert_int_equal(found("域名"), (SEARCH_QUEUE_MAX + 59) / 10);
    record_commit(&RECORD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_saved_is_found_before_and_after_the_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_undone_leaves_the_index_and_what_came_before_it_stays, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_matter_saved_twice_is_found_by_its_last_words_only, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_transaction_given_up_owes_the_index_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(many_changes_are_written_before_the_commit, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
