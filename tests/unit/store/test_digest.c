#include "store/digest.h"
#include "lib/check.h"
#include "lib/record.h"
#include "store/db.h"
#include "store/meta.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static void digest(struct record *record, unsigned scope, uint8_t out[HASH_SIZE])
{
    assert_ok(store_digest(record->store, scope, out, &record->err), &record->err);
}

enum { ALL = DIGEST_RECORD | DIGEST_PROJECTIONS | DIGEST_WORKING };

static void it_changes_with_any_row_and_only_with_rows(void **state)
{
    (void)state;
    struct record record;
    uint8_t a[HASH_SIZE], b[HASH_SIZE], p[HASH_SIZE], q[HASH_SIZE];
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct subject matter = record_matter(&record, "incident", "事件", "文");
    assert_ok(subjects_save(record.store, &matter, 0, &record.err), &record.err);
    record_commit(&record);
    digest(&record, ALL, a);
    digest(&record, DIGEST_PROJECTIONS, p);
    digest(&record, ALL, b);
    assert_memory_equal(a, b, HASH_SIZE);
    record_reopen(&record);
    assert_ok(store_tidy(record.store, &record.err), &record.err);
    digest(&record, ALL, b);
    assert_memory_equal(a, b, HASH_SIZE);
    record_begin(&record);
    assert_ok(meta_set(record.store, "x", "y", &record.err), &record.err);
    record_commit(&record);
    digest(&record, ALL, b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    digest(&record, DIGEST_PROJECTIONS, q);
    assert_memory_equal(p, q, HASH_SIZE);
    record_done(&record);
}

static void every_table_of_the_schema_has_its_row(void **state)
{
    (void)state;
    struct record record;
    char path[RECORD_PATH_SIZE + 16];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int tables = 0;
    record_open(&record, SUITE_P256_SHA256);
    (void)snprintf(path, sizeof path, "%s/store.db", record.dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT 'SELECT * FROM ' || name || ' ORDER BY ' FROM sqlite_schema"
                                        " WHERE type = 'table' AND name NOT LIKE 'search%'"
                                        " AND name NOT LIKE 'sqlite%' AND name <> 'commits'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; tables++) {
        const char *begins = (const char *)sqlite3_column_text(stmt, 0);
        int rows = 0;
        for (size_t i = 0; i < SQL_COUNT; i++)
            rows += strncmp(SQL_TABLE[i].text, begins, strlen(begins)) == 0;
        if (rows != 1)
            fail_msg("%d statements begin with %s", rows, begins);
    }
    assert_int_equal(tables, 23);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_changes_with_any_row_and_only_with_rows),
        cmocka_unit_test(every_table_of_the_schema_has_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
