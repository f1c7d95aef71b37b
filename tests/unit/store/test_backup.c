#include "store/backup.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/blobs.h"
#include "store/digest.h"
#include "store/files.h"
#include "store/vfs_mem.h"

#include <stdio.h>
#include <string.h>

enum { ALL = DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING };

static enum errc check_head(void *context, const struct tree_head *head, struct err *err)
{
    return proof_head_verify(head, context, err);
}

static struct store *open_reader(struct record *record, const char *dir)
{
    struct store_options options = {.dir = dir, .read_only = true};
    struct store *store = NULL;
    assert_ok(store_open(&options, &store, &record->err), &record->err);
    return store;
}

static void keep_evidence(struct record *record, const char *text, char hash[HASH_TEXT_SIZE])
{
    struct blob_writer *writer = NULL;
    int64_t size = 0;
    assert_ok(blobs_start(record->store, 1000, &writer, &record->err), &record->err);
    assert_ok(blobs_write(writer, text, strlen(text), &record->err), &record->err);
    assert_ok(blobs_finish(writer, hash, &size, &record->err), &record->err);
    struct blob blob = {.hash = hash, .size_bytes = size, .name = "a", .media = "b", .stored_ms = 1};
    record_begin(record);
    assert_ok(blobs_record(record->store, &blob, &record->err), &record->err);
    record_commit(record);
}

static void join(char out[FILES_PATH_SIZE], const struct record *record, const char *name)
{
    struct err err;
    assert_ok(files_join(out, record->dir, name, &err), &err);
}

static void a_backup_is_one_moment_of_a_running_node(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    char dir[FILES_PATH_SIZE], hash[HASH_TEXT_SIZE];
    uint8_t before[HASH_SIZE], after[HASH_SIZE];
    record_open(&record, SUITE_SM2_SM3);
    for (int i = 0; i < 10; i++)
        record_one(&record, "incident.followed", RECORD_MATTER, "x");
    keep_evidence(&record, "pcap", hash);
    assert_ok(store_digest(record.store, ALL, before, &record.err), &record.err);
    struct store *reader = open_reader(&record, record.dir);
    record_begin(&record);
    (void)record_act(&record, "incident.followed", RECORD_MATTER, "not yet committed");
    join(dir, &record, "backup");
    assert_ok(backup_make(reader, dir, check_head, record.key, &report, &record.err), &record.err);
    assert_int_equal(report.acts, 10);
    assert_int_equal(report.blobs, 1);
    record_commit(&record);
    struct store *copy = open_reader(&record, dir);
    assert_ok(store_digest(copy, ALL, after, &record.err), &record.err);
    assert_memory_equal(before, after, HASH_SIZE);
    store_close(copy);
    assert_code(backup_make(reader, dir, NULL, NULL, &report, &record.err), ERR_CONFLICT);
    store_close(reader);
    record_done(&record);
}

static void a_restored_record_is_that_moment_and_goes_on(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    char dir[FILES_PATH_SIZE], target[FILES_PATH_SIZE], hash[HASH_TEXT_SIZE];
    uint8_t before[HASH_SIZE], after[HASH_SIZE];
    record_open(&record, SUITE_P256_SHA256);
    record_one(&record, "incident.reported", RECORD_MATTER, "x");
    keep_evidence(&record, "pcap", hash);
    assert_ok(store_digest(record.store, ALL, before, &record.err), &record.err);
    struct store *reader = open_reader(&record, record.dir);
    join(dir, &record, "backup");
    assert_ok(backup_make(reader, dir, check_head, record.key, &report, &record.err), &record.err);
    store_close(reader);
    record_one(&record, "incident.followed", RECORD_MATTER, "lost by restoring");
    assert_code(backup_restore(dir, record.dir, check_head, record.key, &report, &record.err), ERR_CONFLICT);
    join(target, &record, "restored");
    assert_ok(backup_restore(dir, target, check_head, record.key, &report, &record.err), &record.err);
    store_close(record.store);
    record.options.dir = target;
    assert_ok(store_open(&record.options, &record.store, &record.err), &record.err);
    assert_ok(store_digest(record.store, ALL, after, &record.err), &record.err);
    assert_memory_equal(before, after, HASH_SIZE);
    assert_ok(blobs_check(record.store, hash, &record.err), &record.err);
    record_one(&record, "incident.followed", RECORD_MATTER, "goes on");
    assert_int_equal(acts_count(record.store), 2);
    record_done(&record);
}

static void a_damaged_backup_is_not_restored(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    char dir[FILES_PATH_SIZE], target[FILES_PATH_SIZE], file[FILES_PATH_SIZE];
    record_open(&record, SUITE_P256_SHA256);
    for (int i = 0; i < 30; i++)
        record_one(&record, "incident.followed", RECORD_MATTER, "x");
    struct store *reader = open_reader(&record, record.dir);
    join(dir, &record, "backup");
    assert_ok(backup_make(reader, dir, check_head, record.key, &report, &record.err), &record.err);
    store_close(reader);
    join(file, &record, "backup/store.db");
    FILE *f = fopen(file, "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, 20000, SEEK_SET), 0);
    int c = fgetc(f);
    assert_int_equal(fseek(f, 20000, SEEK_SET), 0);
    (void)fputc(c ^ 4, f);
    (void)fclose(f);
    join(target, &record, "restored");
    assert_code(backup_restore(dir, target, check_head, record.key, &report, &record.err), ERR_DAMAGED);
    assert_false(files_exists(target));
    record_done(&record);
}

static void a_backup_that_does_not_hold_is_taken_away_again(void **state)
{
    (void)state;
    struct record record;
    struct verify_report report;
    struct sign_key *stranger = NULL;
    char dir[FILES_PATH_SIZE];
    record_open(&record, SUITE_P256_SHA256);
    record_one(&record, "incident.reported", RECORD_MATTER, "x");
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &stranger, &record.err), &record.err);
    struct store *reader = open_reader(&record, record.dir);
    join(dir, &record, "backup");
    assert_code(backup_make(reader, dir, check_head, stranger, &report, &record.err), ERR_DAMAGED);
    assert_false(files_exists(dir));
    assert_ok(backup_make(reader, dir, check_head, record.key, &report, &record.err), &record.err);
    store_close(reader);
    sign_key_free(stranger);
    record_done(&record);
}

static void a_disk_in_memory_is_not_backed_up(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = NULL;
    struct verify_report report;
    assert_ok(vfs_mem_new("nobackup", &disk, &record.err), &record.err);
    record_open_on(&record, SUITE_P256_SHA256, "nobackup");
    assert_code(backup_make(record.store, "/x", NULL, NULL, &report, &record.err), ERR_UNSUPPORTED);
    record_done(&record);
    vfs_mem_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_is_one_moment_of_a_running_node),
        cmocka_unit_test(a_restored_record_is_that_moment_and_goes_on),
        cmocka_unit_test(a_damaged_backup_is_not_restored),
        cmocka_unit_test(a_backup_that_does_not_hold_is_taken_away_again),
        cmocka_unit_test(a_disk_in_memory_is_not_backed_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
