#include "store/vfs_mem.h"
#include "lib/check.h"
#include "lib/record.h"

#include <sqlite3.h>
#include <string.h>

/* A file of the disk, through the VFS as SQLite would use it. */
struct open_file {
    sqlite3_vfs *vfs;
    union {
        sqlite3_file file;
        unsigned char room[256];
    } u;
};

static int open_at(struct open_file *f, const char *disk, const char *path, int flags)
{
    f->vfs = sqlite3_vfs_find(disk);
    assert_non_null(f->vfs);
    assert_true((size_t)f->vfs->szOsFile <= sizeof f->u);
    return f->vfs->xOpen(f->vfs, path, &f->u.file, flags, NULL);
}

static struct vfs_mem *new_disk(const char *name)
{
    struct err err;
    struct vfs_mem *disk = NULL;
    assert_ok(vfs_mem_new(name, &disk, &err), &err);
    return disk;
}

enum { MAKE = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_WAL };

static void put(struct open_file *f, const char *text, int64_t at)
{
    assert_int_equal(f->u.file.pMethods->xWrite(&f->u.file, text, (int)strlen(text), at), SQLITE_OK);
}

static void sync_it(struct open_file *f, int want)
{
    assert_int_equal(f->u.file.pMethods->xSync(&f->u.file, SQLITE_SYNC_NORMAL), want);
}

static void expect(struct open_file *f, const char *want, int64_t at)
{
    char got[64] = "";
    int n = (int)strlen(want);
    assert_int_equal(f->u.file.pMethods->xRead(&f->u.file, got, n, at), SQLITE_OK);
    assert_memory_equal(got, want, (size_t)n);
}

static void a_power_cut_leaves_what_was_synced(void **state)
{
    (void)state;
    struct err err;
    struct vfs_mem *disk = new_disk("cut");
    struct open_file f;
    assert_int_equal(open_at(&f, "cut", "/a/f", MAKE), SQLITE_OK);
    put(&f, "first", 4094); /* over the edge of a page */
    sync_it(&f, SQLITE_OK);
    put(&f, "later", 4094);
    put(&f, "more", 20000);
    expect(&f, "later", 4094);
    assert_int_equal(vfs_mem_size(disk, "/a/f"), 20004);
    assert_ok(vfs_mem_crash(disk, "/b/", 0, &err), &err);
    expect(&f, "later", 4094);
    assert_ok(vfs_mem_crash(disk, "/a/", 0, &err), &err);
    assert_int_equal(vfs_mem_size(disk, "/a/f"), 4099);
    expect(&f, "first", 4094);
    f.u.file.pMethods->xClose(&f.u.file);
    vfs_mem_free(disk);
}

static void with_a_seed_pages_survive_by_chance_and_the_same_again(void **state)
{
    (void)state;
    struct err err;
    int kept = 0;
    for (int round = 0; round < 2; round++) {
        int count = 0;
        struct vfs_mem *disk = new_disk("chance");
        struct open_file f;
        assert_int_equal(open_at(&f, "chance", "/f", MAKE), SQLITE_OK);
        sync_it(&f, SQLITE_OK);
        for (int i = 0; i < 100; i++)
            put(&f, "x", i * 4096);
        assert_ok(vfs_mem_crash(disk, "/", 12345, &err), &err);
        for (int i = 0; i < 100; i++) {
            char c = '?';
            assert_int_equal(f.u.file.pMethods->xRead(&f.u.file, &c, 1, i * 4096), SQLITE_OK);
            count += c == 'x';
        }
        assert_in_range(count, 20, 80);
        assert_true(round == 0 || count == kept);
        kept = count;
        f.u.file.pMethods->xClose(&f.u.file);
        vfs_mem_free(disk);
    }
}

static enum vfs_mem_fate answer(void *context, const struct vfs_mem_call *call)
{
    const enum vfs_mem_fate *fates = context;
    return fates[call->op];
}

static void calls_fail_as_the_hook_says(void **state)
{
    (void)state;
    struct err err;
    struct vfs_mem *disk = new_disk("faults");
    struct open_file f, g;
    enum vfs_mem_fate fates[VFS_MEM_OP_COUNT] = {VFS_MEM_PASS};
    assert_int_equal(open_at(&f, "faults", "/f", MAKE), SQLITE_OK);
    put(&f, "0123456789", 0);
    vfs_mem_set_hook(disk, answer, fates);
    fates[VFS_MEM_WRITE] = VFS_MEM_SHORT;
    assert_int_equal(f.u.file.pMethods->xWrite(&f.u.file, "abcdef", 6, 0), SQLITE_FULL);
    expect(&f, "abc3456789", 0);
    fates[VFS_MEM_WRITE] = VFS_MEM_ENOSPC;
    assert_int_equal(f.u.file.pMethods->xWrite(&f.u.file, "zz", 2, 0), SQLITE_FULL);
    fates[VFS_MEM_WRITE] = VFS_MEM_EIO;
    assert_int_equal(f.u.file.pMethods->xWrite(&f.u.file, "zz", 2, 0), SQLITE_IOERR_WRITE);
    expect(&f, "abc3456789", 0);
    fates[VFS_MEM_WRITE] = VFS_MEM_PASS;
    fates[VFS_MEM_READ] = VFS_MEM_EIO;
    char c;
    assert_int_equal(f.u.file.pMethods->xRead(&f.u.file, &c, 1, 0), SQLITE_IOERR_READ);
    fates[VFS_MEM_READ] = VFS_MEM_PASS;
    fates[VFS_MEM_SYNC] = VFS_MEM_LIE;
    sync_it(&f, SQLITE_OK);
    assert_ok(vfs_mem_crash(disk, "/", 0, &err), &err);
    assert_int_equal(vfs_mem_size(disk, "/f"), -1); /* its making was never synced */
    fates[VFS_MEM_OPEN] = VFS_MEM_EIO;
    assert_int_equal(open_at(&g, "faults", "/g", MAKE), SQLITE_CANTOPEN);
    f.u.file.pMethods->xClose(&f.u.file);
    vfs_mem_free(disk);
}

static void what_a_failed_sync_dropped_no_later_sync_keeps(void **state)
{
    (void)state;
    struct err err;
    struct vfs_mem *disk = new_disk("gate");
    struct open_file f;
    enum vfs_mem_fate fates[VFS_MEM_OP_COUNT] = {VFS_MEM_PASS};
    assert_int_equal(open_at(&f, "gate", "/f", MAKE), SQLITE_OK);
    put(&f, "old", 0);
    put(&f, "old", 8192);
    sync_it(&f, SQLITE_OK);
    put(&f, "new", 0);
    put(&f, "new", 8192);
    vfs_mem_set_hook(disk, answer, fates);
    fates[VFS_MEM_SYNC] = VFS_MEM_EIO;
    sync_it(&f, SQLITE_IOERR_FSYNC);
    fates[VFS_MEM_SYNC] = VFS_MEM_PASS;
    put(&f, "NEW", 8192);
    sync_it(&f, SQLITE_OK);
    assert_ok(vfs_mem_crash(disk, "/", 0, &err), &err);
    expect(&f, "old", 0);
    expect(&f, "NEW", 8192);
    f.u.file.pMethods->xClose(&f.u.file);
    vfs_mem_free(disk);
}

static void a_copy_goes_its_own_way(void **state)
{
    (void)state;
    struct err err;
    struct vfs_mem *disk = new_disk("copies");
    struct open_file f, g;
    assert_int_equal(open_at(&f, "copies", "/a/f", MAKE), SQLITE_OK);
    put(&f, "base", 0);
    sync_it(&f, SQLITE_OK);
    put(&f, "seen", 0);
    assert_ok(vfs_mem_copy(disk, "/a/", "/b/", &err), &err);
    assert_int_equal(open_at(&g, "copies", "/b/f", SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL), SQLITE_OK);
    expect(&g, "seen", 0);
    put(&g, "copy", 0);
    expect(&f, "seen", 0);
    assert_ok(vfs_mem_crash(disk, "/b/", 0, &err), &err);
    expect(&g, "base", 0);
    expect(&f, "seen", 0);
    assert_ok(vfs_mem_flip(disk, "/a/f", 1, 0, &err), &err);
    expect(&f, "sden", 0);
    assert_code(vfs_mem_flip(disk, "/a/f", 4, 0, &err), ERR_NOT_FOUND);
    assert_non_null(vfs_mem_path(disk, 1));
    assert_null(vfs_mem_path(disk, 2));
    f.u.file.pMethods->xClose(&f.u.file);
    g.u.file.pMethods->xClose(&g.u.file);
    vfs_mem_remove(disk, "/b/");
    assert_int_equal(vfs_mem_size(disk, "/b/f"), -1);
    vfs_mem_free(disk);
}

static void a_node_lives_on_it_and_what_it_acknowledged_survives(void **state)
{
    (void)state;
    struct record record;
    struct vfs_mem *disk = new_disk("node");
    record_open_on(&record, SUITE_P256_SHA256, "node");
    for (int i = 0; i < 20; i++)
        record_one(&record, "incident.followed", "m-1", "x");
    struct store *reader = NULL;
    struct store_options options = record.options;
    options.read_only = true;
    assert_ok(store_open(&options, &reader, &record.err), &record.err);
    assert_int_equal(acts_count(reader), 20);
    store_close(reader);
    record_begin(&record);
    (void)record_act(&record, "incident.followed", "m-1", "never committed");
    assert_ok(vfs_mem_copy(disk, "/node/", "/cut/", &record.err), &record.err);
    assert_ok(vfs_mem_crash(disk, "/cut/", 7, &record.err), &record.err);
    store_rollback(record.store);
    options.read_only = false;
    options.dir = "/cut";
    struct store *cut = NULL;
    assert_ok(store_open(&options, &cut, &record.err), &record.err);
    assert_int_equal(acts_count(cut), 20);
    store_close(cut);
    record_done(&record);
    vfs_mem_free(disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_leaves_what_was_synced),
        cmocka_unit_test(with_a_seed_pages_survive_by_chance_and_the_same_again),
        cmocka_unit_test(calls_fail_as_the_hook_says),
        cmocka_unit_test(what_a_failed_sync_dropped_no_later_sync_keeps),
        cmocka_unit_test(a_copy_goes_its_own_way),
        cmocka_unit_test(a_node_lives_on_it_and_what_it_acknowledged_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
