#include "store/vfs_sum.h"
#include "lib/check.h"
#include "store/vfs_mem.h"

#include <sqlite3.h>
#include <string.h>

/* A small database with checksums on a disk in memory. */
struct ground {
    struct vfs_mem *disk;
    const char *vfs;
    sqlite3 *db;
};

static int run(sqlite3 *db, const char *sql)
{
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? SQLITE_OK : sqlite3_extended_errcode(db);
}

static void open_db(struct ground *ground)
{
    int reserve = VFS_SUM_RESERVE_BYTES;
    assert_int_equal(
        sqlite3_open_v2("/d.db", &ground->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, ground->vfs),
        SQLITE_OK);
    (void)sqlite3_extended_result_codes(ground->db, 1);
    assert_int_equal(sqlite3_file_control(ground->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve),
                     SQLITE_OK);
    assert_int_equal(run(ground->db, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
                                     "PRAGMA synchronous = FULL"),
                     SQLITE_OK);
}

static void ground_init(struct ground *ground)
{
    struct err err;
    assert_ok(vfs_mem_new("sums", &ground->disk, &err), &err);
    assert_ok(vfs_sum_over("sums", &ground->vfs, &err), &err);
    assert_string_equal(ground->vfs, "sum:sums");
    open_db(ground);
}

static void ground_done(struct ground *ground)
{
    (void)sqlite3_close(ground->db);
    vfs_mem_free(ground->disk);
}

static const char FILL[] = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
                           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
                           " INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n";

static void every_flipped_bit_of_the_file_is_seen_when_it_is_read(void **state)
{
    (void)state;
    struct ground ground;
    struct err err;
    ground_init(&ground);
    assert_int_equal(run(ground.db, FILL), SQLITE_OK);
    assert_int_equal(run(ground.db, "PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
    assert_int_equal(sqlite3_close(ground.db), SQLITE_OK);
    int64_t size = vfs_mem_size(ground.disk, "/d.db");
    assert_true(size > 20 * 4096);
    for (int64_t at = 0; at < size; at += 101) {
        assert_ok(vfs_mem_flip(ground.disk, "/d.db", at, (unsigned)(at % 8), &err), &err);
        int rc = sqlite3_open_v2("/d.db", &ground.db, SQLITE_OPEN_READWRITE, ground.vfs);
        if (rc == SQLITE_OK)
            rc = run(ground.db, "SELECT sum(a), count(b), max(b) FROM t");
        assert_true(rc == SQLITE_IOERR_DATA || rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT);
        (void)sqlite3_close(ground.db);
        assert_ok(vfs_mem_flip(ground.disk, "/d.db", at, (unsigned)(at % 8), &err), &err);
    }
    open_db(&ground);
    assert_int_equal(run(ground.db, "SELECT sum(a), count(b) FROM t"), SQLITE_OK);
    ground_done(&ground);
}

static void a_flipped_bit_in_the_log_never_reaches_the_file(void **state)
{
    (void)state;
    struct ground ground;
    struct err err;
    ground_init(&ground);
    assert_int_equal(run(ground.db, FILL), SQLITE_OK);
    int64_t size = vfs_mem_size(ground.disk, "/d.db-wal");
    for (int64_t frame = 32; frame < size; frame += 24 + 4096) {
        assert_ok(vfs_mem_flip(ground.disk, "/d.db-wal", frame + 24 + 2000, 3, &err), &err);
        int rc = run(ground.db, "PRAGMA wal_checkpoint(PASSIVE)");
        /* A page that came again later is taken from there, and this frame is never read. */
        assert_true(rc == SQLITE_IOERR_DATA || rc == SQLITE_OK);
        assert_ok(vfs_mem_flip(ground.disk, "/d.db-wal", frame + 24 + 2000, 3, &err), &err);
    }
    assert_int_equal(run(ground.db, "PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
    assert_int_equal(run(ground.db, "PRAGMA integrity_check"), SQLITE_OK);
    ground_done(&ground);
}

static void a_transaction_larger_than_the_cache_reads_its_own_pages(void **state)
{
    (void)state;
    struct ground ground;
    ground_init(&ground);
    assert_int_equal(run(ground.db, "PRAGMA cache_size = 5"), SQLITE_OK);
    assert_int_equal(run(ground.db, "BEGIN"), SQLITE_OK);
    assert_int_equal(run(ground.db, FILL), SQLITE_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(run(ground.db, "UPDATE t SET b = hex(randomblob(90)) WHERE a % 7 = 3"), SQLITE_OK);
    assert_int_equal(run(ground.db, "SELECT count(*) FROM t WHERE length(b) > 10"), SQLITE_OK);
    assert_int_equal(run(ground.db, "COMMIT"), SQLITE_OK);
    assert_int_equal(run(ground.db, "SELECT max(b) FROM t"), SQLITE_OK);
    assert_int_equal(run(ground.db, "PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
    assert_int_equal(run(ground.db, "SELECT max(b) FROM t"), SQLITE_OK);
    ground_done(&ground);
}

static void pages_given_back_before_they_were_written_are_no_damage(void **state)
{
    (void)state;
    struct ground ground;
    ground_init(&ground);
    assert_int_equal(run(ground.db, "BEGIN; CREATE TABLE x (a); INSERT INTO x VALUES (zeroblob(400000));"
                                    "DROP TABLE x; CREATE TABLE y (a); INSERT INTO y VALUES (1); COMMIT"),
                     SQLITE_OK);
    assert_int_equal(run(ground.db, FILL), SQLITE_OK);
    assert_int_equal(run(ground.db, "PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
    assert_int_equal(run(ground.db, "VACUUM INTO '/copy.db'"), SQLITE_OK);
    assert_int_equal(sqlite3_close(ground.db), SQLITE_OK);
    assert_int_equal(sqlite3_open_v2("/copy.db", &ground.db, SQLITE_OPEN_READWRITE, ground.vfs), SQLITE_OK);
    assert_int_equal(run(ground.db, "SELECT max(b) FROM t"), SQLITE_OK);
    ground_done(&ground);
}

static void a_file_changed_by_another_program_is_refused(void **state)
{
    (void)state;
    struct ground ground;
    sqlite3 *plain = NULL;
    ground_init(&ground);
    assert_int_equal(run(ground.db, FILL), SQLITE_OK);
    assert_int_equal(sqlite3_close(ground.db), SQLITE_OK);
    assert_int_equal(sqlite3_open_v2("/d.db", &plain, SQLITE_OPEN_READWRITE, "sums"), SQLITE_OK);
    assert_int_equal(run(plain, "UPDATE t SET b = 'forged' WHERE a = 5"), SQLITE_OK);
    assert_int_equal(sqlite3_close(plain), SQLITE_OK);
    open_db(&ground);
    assert_int_equal(run(ground.db, "SELECT max(b) FROM t"), SQLITE_IOERR_DATA);
    ground_done(&ground);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_of_the_file_is_seen_when_it_is_read),
        cmocka_unit_test(a_flipped_bit_in_the_log_never_reaches_the_file),
        cmocka_unit_test(a_transaction_larger_than_the_cache_reads_its_own_pages),
        cmocka_unit_test(pages_given_back_before_they_were_written_are_no_damage),
        cmocka_unit_test(a_file_changed_by_another_program_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
