#include "lib/check.h"
#include "lib/shared.h"
#include "seal/journal.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLACE_BYTES = 256 };

static char folder[SHARED_PATH_SIZE];
static char path[SHARED_PATH_SIZE + 20];

static int set_up(void **state)
{
    (void)state;
    bool made = shared_folder(folder);
    (void)snprintf(path, sizeof path, "%s/journal", folder);
    return made ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

/* Writes the sizes one after the other for one ledger, each with the root "size, size, …". */
static void record(const char *node, const uint64_t *sizes, size_t count)
{
    struct err err;
    struct guard *guard = NULL;
    struct journal *journal = NULL;
    assert_ok(guard_new(&guard, &err), &err);
    assert_ok(journal_open(path, guard, &journal, &err), &err);
    struct guard_row *row = guard_find(guard, node, "real");
    if (!row)
        assert_ok(guard_add(guard, node, "real", &row, &err), &err);
    for (size_t i = 0; i < count; i++) {
        row->kept.size = sizes[i];
        memset(row->kept.root, (int)sizes[i], HASH_SIZE);
        assert_ok(journal_write(journal, row, (int64_t)i, &err), &err);
    }
    journal_close(journal);
    guard_free(guard);
}

/* The size that is remembered; 0 = none. */
static uint64_t recall(const char *node)
{
    struct err err;
    struct guard *guard = NULL;
    struct journal *journal = NULL;
    uint64_t size = 0;
    assert_ok(guard_new(&guard, &err), &err);
    assert_ok(journal_open(path, guard, &journal, &err), &err);
    const struct guard_row *row = guard_find(guard, node, "real");
    if (row) {
        size = row->kept.size;
        assert_int_equal(row->kept.root[HASH_SIZE - 1], (uint8_t)size);
    }
    journal_close(journal);
    guard_free(guard);
    return size;
}

static enum errc reopen(struct err *err)
{
    struct guard *guard = NULL;
    struct journal *journal = NULL;
    assert_ok(guard_new(&guard, err), err);
    enum errc rc = journal_open(path, guard, &journal, err);
    journal_close(journal);
    guard_free(guard);
    return rc;
}

static void flip(off_t at)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static void remembers_across_runs(void **state)
{
    (void)state;
    record("miit", (uint64_t[]){3, 5, 9}, 3);
    record("pca-330000", (uint64_t[]){4}, 1);
    record("miit", (uint64_t[]){10}, 1);
    assert_int_equal(recall("miit"), 10);
    assert_int_equal(recall("pca-330000"), 4);
    assert_int_equal(recall("other"), 0);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void a_torn_write_leaves_the_one_before(void **state)
{
    (void)state;
    record("miit", (uint64_t[]){3, 5}, 2); /* the second writing is in place A */
    flip(100);
    assert_int_equal(recall("miit"), 3);
    record("miit", (uint64_t[]){7}, 1);
    assert_int_equal(recall("miit"), 7);
}

static void a_cut_first_write_counts_as_none(void **state)
{
    (void)state;
    record("miit", (uint64_t[]){3}, 1);
    assert_int_equal(truncate(path, PLACE_BYTES + 40), 0);
    assert_int_equal(recall("miit"), 0);
    record("miit", (uint64_t[]){4}, 1);
    assert_int_equal(recall("miit"), 4);
}

static void damage_to_both_places_is_refused(void **state)
{
    (void)state;
    struct err err;
    record("miit", (uint64_t[]){3, 5}, 2);
    flip(100);
    flip(PLACE_BYTES + 200);
    assert_code(reopen(&err), ERR_DAMAGED);
}

static void one_ledger_in_two_slots_is_refused(void **state)
{
    (void)state;
    struct err err;
    char slot[2 * PLACE_BYTES];
    record("miit", (uint64_t[]){3, 5}, 2);
    int fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, slot, sizeof slot, 0), sizeof slot);
    assert_int_equal(pwrite(fd, slot, sizeof slot, sizeof slot), sizeof slot);
    assert_int_equal(close(fd), 0);
    assert_code(reopen(&err), ERR_DAMAGED);
}

static void too_large_a_file_is_refused(void **state)
{
    (void)state;
    struct err err;
    record("miit", (uint64_t[]){3}, 1);
    assert_int_equal(truncate(path, (off_t)2 * PLACE_BYTES * GUARD_ROWS_MAX + 1), 0);
    assert_code(reopen(&err), ERR_DAMAGED);
}

/* Any flipped bit of a file with one whole history gives that history, the one before, or a refusal. */
static void no_flipped_bit_invents_a_history(void **state)
{
    (void)state;
    record("miit", (uint64_t[]){3, 5}, 2);
    for (off_t at = 0; at < 2 * PLACE_BYTES; at++) {
        flip(at);
        uint64_t size = recall("miit");
        assert_true(size == 3 || size == 5);
        flip(at);
    }
    assert_int_equal(recall("miit"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(remembers_across_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_torn_write_leaves_the_one_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_first_write_counts_as_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_to_both_places_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_ledger_in_two_slots_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_large_a_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_flipped_bit_invents_a_history, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
