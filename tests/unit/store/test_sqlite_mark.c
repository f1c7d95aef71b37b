#include "store/sqlite_mark.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/vfs_mem.h"

#include <string.h>

static void the_greatest_count_is_read_and_one_damaged_slot_costs_one(void **state)
{
    (void)state;
    struct err err;
    struct vfs_mem *disk = NULL;
    struct sqlite_mark *mark = NULL;
    int64_t commits = -1;
    assert_ok(vfs_mem_new("marks", &disk, &err), &err);
    assert_ok(sqlite_mark_open("marks", "/d.db", SQLITE_MARK_READ, &mark, &err), &err);
    assert_null(mark);
    assert_ok(sqlite_mark_read(mark, &commits, &err), &err);
    assert_int_equal(commits, 0);
    assert_ok(sqlite_mark_open("marks", "/d.db", SQLITE_MARK_WRITE, &mark, &err), &err);
    assert_ok(sqlite_mark_read(mark, &commits, &err), &err);
    assert_int_equal(commits, 0);
    for (int64_t i = 1; i <= 7; i++)
        assert_ok(sqlite_mark_write(mark, i, &err), &err);
    assert_ok(sqlite_mark_read(mark, &commits, &err), &err);
    assert_int_equal(commits, 7);
    for (unsigned bit = 0; bit < 24 * 8; bit++) {
        assert_ok(vfs_mem_flip(disk, "/d.db-mark", 512 + bit / 8, bit % 8, &err), &err);
        assert_ok(sqlite_mark_read(mark, &commits, &err), &err);
        assert_int_equal(commits, 6);
        assert_ok(vfs_mem_flip(disk, "/d.db-mark", 512 + bit / 8, bit % 8, &err), &err);
    }
    sqlite_mark_close(mark);
    vfs_mem_free(disk);
}

static void a_log_that_lost_its_end_is_noticed(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = NULL;
    assert_ok(vfs_mem_new("lost", &disk, &record.err), &record.err);
    record_open_on(&record, SUITE_P256_SHA256, "lost");
    for (int i = 0; i < 5; i++)
        record_one(&record, "incident.followed", "m-1", "x");
    assert_ok(vfs_mem_copy(disk, "/node/", "/copy/", &record.err), &record.err);
    int64_t size = vfs_mem_size(disk, "/copy/store.db-wal");
    assert_ok(vfs_mem_flip(disk, "/copy/store.db-wal", size - 2000, 1, &record.err), &record.err);
    struct store_options options = record.options;
    struct store *store = NULL;
    options.dir = "/copy";
    assert_code(store_open(&options, &store, &record.err), ERR_DAMAGED);
    assert_non_null(strstr(record.err.message, "commits were acknowledged"));
    options.read_only = true;
    assert_code(store_open(&options, &store, &record.err), ERR_DAMAGED);
    record_done(&record);
    vfs_mem_free(disk);
}

static void an_older_database_in_its_place_is_noticed(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = NULL;
    assert_ok(vfs_mem_new("older", &disk, &record.err), &record.err);
    record_open_on(&record, SUITE_P256_SHA256, "older");
    record_one(&record, "incident.reported", "m-1", "x");
    store_close(record.store);
    record.store = NULL;
    assert_ok(vfs_mem_copy(disk, "/node/store.db", "/old", &record.err), &record.err);
    assert_ok(store_open(&record.options, &record.store, &record.err), &record.err);
    record_one(&record, "incident.followed", "m-1", "x");
    store_close(record.store);
    record.store = NULL;
    vfs_mem_remove(disk, "/old-");
    assert_int_equal(vfs_mem_size(disk, "/node/store.db-wal"), -1);
    assert_ok(vfs_mem_copy(disk, "/node/store.db-mark", "/kept", &record.err), &record.err);
    assert_ok(vfs_mem_copy(disk, "/old", "/node/store.db", &record.err), &record.err);
    assert_ok(vfs_mem_copy(disk, "/kept", "/node/store.db-mark", &record.err), &record.err);
    assert_code(store_open(&record.options, &record.store, &record.err), ERR_DAMAGED);
    assert_non_null(strstr(record.err.message, "commits were acknowledged"));
    record.store = NULL;
    record_done(&record);
    vfs_mem_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greatest_count_is_read_and_one_damaged_slot_costs_one),
        cmocka_unit_test(a_log_that_lost_its_end_is_noticed),
        cmocka_unit_test(an_older_database_in_its_place_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
