#include "store/blobs.h"
#include "base/str.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/vfs_mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void keep(struct record *record, const char *text, char hash[HASH_TEXT_SIZE])
{
    struct blob_writer *writer = NULL;
    int64_t size = 0;
    assert_ok(blobs_start(record->store, 1 << 20, &writer, &record->err), &record->err);
    for (const char *at = text; *at != '\0'; at++)
        assert_ok(blobs_write(writer, at, 1, &record->err), &record->err);
    assert_ok(blobs_finish(writer, hash, &size, &record->err), &record->err);
    assert_int_equal(size, strlen(text));
}

static size_t files_in(const char *dir)
{
    size_t count = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        count += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    closedir(d);
    return count;
}

static void evidence_is_kept_under_its_hash(void **state)
{
    (void)state;
    struct record record;
    char hash[HASH_TEXT_SIZE], again[HASH_TEXT_SIZE], content[16] = "";
    struct blob got, *all = NULL;
    size_t count = 0;
    int fd = -1;
    record_open(&record, SUITE_P256_SHA256);
    keep(&record, "abc", hash);
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    keep(&record, "abc", again);
    assert_string_equal(hash, again);
    record_begin(&record);
    struct blob blob = {.hash = hash,
                        .size_bytes = 3,
                        .name = "抓包.pcap",
                        .media = "application/octet-stream",
                        .stored_ms = 7};
    assert_ok(blobs_record(record.store, &blob, &record.err), &record.err);
    blob.name = "other";
    assert_ok(blobs_record(record.store, &blob, &record.err), &record.err);
    record_commit(&record);
    assert_ok(blobs_load(record.store, hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.name, "抓包.pcap");
    assert_int_equal(got.size_bytes, 3);
    assert_ok(blobs_list(record.store, "", 10, &record.arena, &all, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    assert_ok(blobs_open(record.store, hash, &fd, &record.err), &record.err);
    assert_int_equal(read(fd, content, sizeof content), 3);
    assert_string_equal(content, "abc");
    (void)close(fd);
    assert_ok(blobs_check(record.store, hash, &record.err), &record.err);
    record_done(&record);
}

static void what_was_not_finished_leaves_nothing(void **state)
{
    (void)state;
    struct record record;
    struct blob_writer *writer = NULL;
    char dir[RECORD_PATH_SIZE + 8];
    record_open(&record, SUITE_SM2_SM3);
    (void)snprintf(dir, sizeof dir, "%s/blobs", record.dir);
    assert_ok(blobs_start(record.store, 5, &writer, &record.err), &record.err);
    assert_int_equal(files_in(dir), 1);
    assert_code(blobs_write(writer, "123456", 6, &record.err), ERR_LIMIT);
    assert_ok(blobs_write(writer, "12345", 5, &record.err), &record.err);
    assert_code(blobs_write(writer, "6", 1, &record.err), ERR_LIMIT);
    blobs_abort(writer);
    assert_int_equal(files_in(dir), 0);
    blobs_abort(NULL);
    record_done(&record);
}

static void an_altered_or_missing_file_is_named(void **state)
{
    (void)state;
    struct record record;
    char hash[HASH_TEXT_SIZE], path[RECORD_PATH_SIZE + 80];
    record_open(&record, SUITE_SM2_SM3);
    keep(&record, "evidence", hash);
    (void)snprintf(path, sizeof path, "%s/blobs/%s", record.dir, hash);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, "E", 1, 0), 1);
    (void)close(fd);
    assert_code(blobs_check(record.store, hash, &record.err), ERR_DAMAGED);
    assert_non_null(strstr(record.err.message, hash));
    assert_int_equal(unlink(path), 0);
    assert_code(blobs_check(record.store, hash, &record.err), ERR_NOT_FOUND);
    record_done(&record);
}

static void only_hashes_become_paths(void **state)
{
    (void)state;
    struct record record;
    struct blob got;
    int fd = -1;
    record_open(&record, SUITE_P256_SHA256);
    assert_code(blobs_open(record.store, "../store.db", &fd, &record.err), ERR_INVALID);
    assert_code(blobs_open(record.store, "", &fd, &record.err), ERR_INVALID);
    assert_code(blobs_load(record.store, "../store.db", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_done(&record);
}

static void a_disk_in_memory_takes_none(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = NULL;
    struct blob_writer *writer = NULL;
    int fd = -1;
    assert_ok(vfs_mem_new("noblobs", &disk, &record.err), &record.err);
    record_open_on(&record, SUITE_P256_SHA256, "noblobs");
    assert_code(blobs_start(record.store, 5, &writer, &record.err), ERR_UNSUPPORTED);
    assert_code(blobs_open(record.store, "x", &fd, &record.err), ERR_UNSUPPORTED);
    record_done(&record);
    vfs_mem_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evidence_is_kept_under_its_hash),
        cmocka_unit_test(what_was_not_finished_leaves_nothing),
        cmocka_unit_test(an_altered_or_missing_file_is_named),
        cmocka_unit_test(only_hashes_become_paths),
        cmocka_unit_test(a_disk_in_memory_takes_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
