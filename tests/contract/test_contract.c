/* What every driver of store/db.h must do. The suite knows no engine: a driver is a row of DRIVERS. */
#include "lib/check.h"
#include "lib/record.h"
#include "store/db.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct db_driver *const DRIVERS[] = {&DB_SQLITE};

struct ground {
    const struct db_driver *driver;
    char dir[RECORD_PATH_SIZE];
    char path[RECORD_PATH_SIZE + 16];
    struct db *db; /* writes */
    struct arena arena;
    struct err err;
};

static struct db *open_as(struct ground *ground, enum db_access access, bool create)
{
    struct db *db = NULL;
    struct db_options options = {.path = ground->path, .access = access, .create = create};
    assert_ok(db_open(ground->driver, &options, &db, &ground->err), &ground->err);
    if (access == DB_WRITE)
        assert_ok(ground->driver->migrate(db, &ground->err), &ground->err);
    return db;
}

static void ground_init(struct ground *ground, const struct db_driver *driver)
{
    const char *tmp = getenv("TMPDIR");
    *ground = (struct ground){.driver = driver};
    (void)snprintf(ground->dir, sizeof ground->dir, "%s/fengsui-contract-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(ground->dir));
    (void)snprintf(ground->path, sizeof ground->path, "%s/store.db", ground->dir);
    arena_init(&ground->arena, 1 << 20);
    ground->db = open_as(ground, DB_WRITE, true);
}

static void ground_done(struct ground *ground)
{
    db_close(ground->db);
    arena_done(&ground->arena);
    record_remove(ground->dir);
}

static void begin(struct ground *ground)
{
    assert_ok(db_begin(ground->db, DB_WRITE, &ground->err), &ground->err);
}

static void commit(struct ground *ground)
{
    assert_ok(db_commit(ground->db, &ground->err), &ground->err);
}

static void set(struct ground *ground, const char *name, const char *value)
{
    assert_ok(
        db_run(ground->db, SQL(META_SET), DB_VALUES(db_of_text(name), db_of_text(value)), NULL, &ground->err),
        &ground->err);
}

/* "" when there is none. */
static const char *get(struct ground *ground, struct db *db, const char *name)
{
    struct db_rows *rows = NULL;
    const char *value = "";
    bool more = false;
    assert_ok(db_query(db, SQL(META_GET), DB_VALUES(db_of_text(name)), &rows, &ground->err), &ground->err);
    assert_ok(db_next(rows, &more, &ground->err), &ground->err);
    if (more)
        value = db_text(rows, 0, &ground->arena);
    db_finish(rows);
    return value;
}

static void migrating_twice_changes_nothing(struct ground *ground)
{
    begin(ground);
    set(ground, "a", "kept");
    commit(ground);
    assert_ok(ground->driver->migrate(ground->db, &ground->err), &ground->err);
    db_close(ground->db);
    ground->db = open_as(ground, DB_WRITE, false);
    assert_string_equal(get(ground, ground->db, "a"), "kept");
}

static void what_is_not_there_is_not_opened(struct ground *ground)
{
    struct db *db = NULL;
    struct db_options options = {.path = "/nonexistent/store.db", .access = DB_WRITE};
    assert_true(db_open(ground->driver, &options, &db, &ground->err) < 0);
    assert_null(db);
    options.access = DB_READ;
    assert_true(db_open(ground->driver, &options, &db, &ground->err) < 0);
}

static void a_commit_stays_and_a_rollback_leaves_nothing(struct ground *ground)
{
    begin(ground);
    set(ground, "a", "1");
    commit(ground);
    begin(ground);
    set(ground, "a", "2");
    set(ground, "b", "2");
    assert_string_equal(get(ground, ground->db, "a"), "2");
    db_rollback(ground->db);
    db_rollback(ground->db); /* nothing is open: no harm */
    assert_string_equal(get(ground, ground->db, "a"), "1");
    assert_string_equal(get(ground, ground->db, "b"), "");
    db_close(ground->db);
    ground->db = open_as(ground, DB_WRITE, false);
    assert_string_equal(get(ground, ground->db, "a"), "1");
    begin(ground);
    set(ground, "a", "3");
    db_close(ground->db); /* rolls back */
    ground->db = open_as(ground, DB_WRITE, false);
    assert_string_equal(get(ground, ground->db, "a"), "1");
}

static void misuse_is_told_and_harmless(struct ground *ground)
{
    struct db *reader = open_as(ground, DB_READ, false);
    assert_code(
        db_run(ground->db, SQL(META_SET), DB_VALUES(db_of_text("a"), db_of_text("b")), NULL, &ground->err),
        ERR_INTERNAL);
    assert_code(db_begin(reader, DB_WRITE, &ground->err), ERR_INTERNAL);
    begin(ground);
    assert_code(db_begin(ground->db, DB_WRITE, &ground->err), ERR_INTERNAL);
    assert_code(db_run(ground->db, SQL(META_SET), DB_VALUES(db_of_text("a")), NULL, &ground->err),
                ERR_INTERNAL);
    commit(ground);
    assert_ok(db_begin(reader, DB_READ, &ground->err), &ground->err);
    assert_true(
        db_run(reader, SQL(META_SET), DB_VALUES(db_of_text("a"), db_of_text("b")), NULL, &ground->err) < 0);
    db_close(reader);
    assert_false(ground->db->failed);
    assert_string_equal(get(ground, ground->db, "a"), "");
}

static void values_come_back_as_they_went_in(struct ground *ground)
{
    static const int64_t NUMBERS[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_C(1) << 53};
    static const char BYTES[] = "a\0b\xff'\"";
    struct db_rows *rows = NULL;
    bool more = false;
    size_t size = 0;
    begin(ground);
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "t%zu", i);
        assert_ok(db_run(ground->db, SQL(TOKEN_INSERT),
                         DB_VALUES(db_of_text(name), db_of_blob(name, strlen(name)), db_of_text("角色'；--"),
                                   db_of_text(NULL), db_of_text(""), db_of_int(NUMBERS[i]), db_of_int(0),
                                   db_of_text(""), db_of_text(""), db_of_int(0)),
                         NULL, &ground->err),
                  &ground->err);
    }
    assert_ok(db_run(ground->db, SQL(TOKEN_INSERT),
                     DB_VALUES(db_of_text("u"), db_of_blob(BYTES, sizeof BYTES), db_of_text("r"),
                               db_of_text("p"), db_of_text("q"), db_of_int(1), db_of_int(2), db_of_text(""),
                               db_of_text(""), db_of_int(0)),
                     NULL, &ground->err),
              &ground->err);
    commit(ground);
    assert_ok(db_query(ground->db, SQL(TOKEN_LIST), NULL, 0, &rows, &ground->err), &ground->err);
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++) {
        assert_ok(db_next(rows, &more, &ground->err), &ground->err);
        assert_true(more);
        assert_true(db_int(rows, 5) == NUMBERS[i]);
        assert_string_equal(db_text(rows, 2, &ground->arena), "角色'；--");
        assert_string_equal(db_text(rows, 3, &ground->arena), "");
        assert_int_equal(db_column(rows, 3).type, DB_TEXT);
        assert_int_equal(db_column(rows, 5).type, DB_INT);
        assert_int_equal(db_column(rows, 1).type, DB_BLOB);
    }
    assert_ok(db_next(rows, &more, &ground->err), &ground->err);
    assert_memory_equal(db_blob(rows, 1, &ground->arena, &size), BYTES, sizeof BYTES);
    assert_int_equal(size, sizeof BYTES);
    assert_ok(db_next(rows, &more, &ground->err), &ground->err);
    assert_false(more);
    db_finish(rows);
}

static void keys_are_unique_and_the_conflict_leaves_the_transaction_open(struct ground *ground)
{
    int64_t changed = -1;
    begin(ground);
    for (int i = 0; i < 2; i++) {
        enum errc rc = db_run(ground->db, SQL(HEAD_INSERT),
                              DB_VALUES(db_of_int(7), db_of_blob("r", 1), db_of_int(0), db_of_blob("s", 1)),
                              NULL, &ground->err);
        assert_int_equal(rc, i == 0 ? ERR_OK : ERR_CONFLICT);
    }
    set(ground, "after", "conflict");
    assert_ok(
        db_run(ground->db, SQL(WITNESS_SAVE),
               DB_VALUES(db_of_int(7), db_of_text("miit"), db_of_text("x"), db_of_int(0), db_of_blob("s", 1)),
               &changed, &ground->err),
        &ground->err);
    assert_int_equal(changed, 1);
    assert_ok(
        db_run(ground->db, SQL(WITNESS_SAVE),
               DB_VALUES(db_of_int(7), db_of_text("miit"), db_of_text("x"), db_of_int(0), db_of_blob("s", 1)),
               &changed, &ground->err),
        &ground->err);
    assert_int_equal(changed, 0);
    assert_ok(db_run(ground->db, SQL(TOKEN_REVOKE), DB_VALUES(db_of_int(1), db_of_text("none")), &changed,
                     &ground->err),
              &ground->err);
    assert_int_equal(changed, 0);
    commit(ground);
    assert_false(ground->db->failed);
    assert_string_equal(get(ground, ground->db, "after"), "conflict");
}

static void a_reader_keeps_its_view_until_it_ends(struct ground *ground)
{
    struct db *reader = open_as(ground, DB_READ, false);
    begin(ground);
    set(ground, "a", "1");
    commit(ground);
    assert_ok(db_begin(reader, DB_READ, &ground->err), &ground->err);
    assert_string_equal(get(ground, reader, "a"), "1");
    begin(ground);
    set(ground, "a", "2");
    assert_string_equal(get(ground, reader, "a"), "1");
    commit(ground);
    assert_string_equal(get(ground, reader, "a"), "1");
    db_rollback(reader);
    assert_string_equal(get(ground, reader, "a"), "2");
    assert_ok(db_begin(reader, DB_READ, &ground->err), &ground->err);
    assert_ok(db_commit(reader, &ground->err), &ground->err);
    db_close(reader);
}

static void a_statement_can_run_within_itself(struct ground *ground)
{
    struct db_rows *rows[40] = {NULL};
    begin(ground);
    set(ground, "a", "1");
    for (size_t i = 0; i < 40; i++) {
        bool more = false;
        static const struct db_sql BUILT = {SQL_BUILT, "SELECT value FROM meta WHERE name = $1"};
        assert_ok(db_query(ground->db, i % 2 ? SQL(META_GET) : &BUILT, DB_VALUES(db_of_text("a")), &rows[i],
                           &ground->err),
                  &ground->err);
        assert_ok(db_next(rows[i], &more, &ground->err), &ground->err);
        assert_true(more);
    }
    for (size_t i = 0; i < 40; i++) {
        bool more = true;
        assert_string_equal(db_text(rows[i], 0, &ground->arena), "1");
        assert_ok(db_next(rows[i], &more, &ground->err), &ground->err);
        assert_false(more);
        db_finish(rows[i]);
    }
    commit(ground);
}

static void an_order_of_bytes_is_the_order_of_text(struct ground *ground)
{
    static const char *const NAMES[] = {"A", "a", "a-1", "a1", "z", "中", "文"};
    struct db_rows *rows = NULL;
    bool more = true;
    begin(ground);
    for (size_t i = 7; i > 0; i--)
        set(ground, NAMES[i - 1], "x");
    commit(ground);
    assert_ok(db_query(ground->db, SQL(ROWS_META), NULL, 0, &rows, &ground->err), &ground->err);
    for (size_t i = 0; i < 7; i++) {
        assert_ok(db_next(rows, &more, &ground->err), &ground->err);
        assert_string_equal(db_text(rows, 0, &ground->arena), NAMES[i]);
    }
    db_finish(rows);
}

/* $1, $2 … in the order of their first appearance: what both engines bind by. */
static void check_placeholders(const char *text)
{
    unsigned long seen = 0;
    for (const char *at = strchr(text, '$'); at; at = strchr(at + 1, '$')) {
        unsigned long number = strtoul(at + 1, NULL, 10);
        if (number == 0 || number > seen + 1)
            fail_msg("$%lu comes out of turn: %s", number, text);
        seen = number > seen ? number : seen;
    }
}

static void every_statement_is_understood(struct ground *ground)
{
    struct ground old;
    ground_init(&old, ground->driver); /* some statements read from a second database */
    assert_ok(ground->driver->admin(ground->db, DB_ADMIN_ATTACH, old.path, &ground->err), &ground->err);
    begin(ground);
    for (size_t i = 0; i < SQL_COUNT; i++) {
        struct db_value values[32] = {{0}};
        struct db_rows *rows = NULL;
        size_t count = 0;
        check_placeholders(SQL_TABLE[i].text);
        for (const char *at = strchr(SQL_TABLE[i].text, '$'); at; at = strchr(at + 1, '$')) {
            size_t number = strtoul(at + 1, NULL, 10);
            count = number > count ? number : count;
        }
        for (size_t v = 0; v < count; v++)
            values[v] = db_of_text("0");
        enum errc rc = db_query(ground->db, &SQL_TABLE[i], values, count, &rows, &ground->err);
        if (rc < 0)
            fail_msg("%s: %s", SQL_TABLE[i].text, ground->err.message);
        db_finish(rows);
    }
    db_rollback(ground->db);
    ground_done(&old);
}

static void the_admin_operations_work(struct ground *ground)
{
    char copy[RECORD_PATH_SIZE + 16];
    struct db *db = NULL;
    (void)snprintf(copy, sizeof copy, "%s/copy.db", ground->dir);
    begin(ground);
    for (int i = 0; i < 500; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i);
        set(ground, name, "value");
    }
    commit(ground);
    assert_ok(ground->driver->admin(ground->db, DB_ADMIN_CHECK, NULL, &ground->err), &ground->err);
    assert_ok(ground->driver->admin(ground->db, DB_ADMIN_OPTIMIZE, NULL, &ground->err), &ground->err);
    assert_ok(ground->driver->admin(ground->db, DB_ADMIN_DRAIN, NULL, &ground->err), &ground->err);
    struct db *reader = open_as(ground, DB_READ, false);
    assert_ok(ground->driver->admin(reader, DB_ADMIN_CHECK, NULL, &ground->err), &ground->err);
    assert_ok(ground->driver->admin(reader, DB_ADMIN_BACKUP, copy, &ground->err), &ground->err);
    db_close(reader);
    struct db_options options = {.path = copy, .access = DB_READ};
    assert_ok(db_open(ground->driver, &options, &db, &ground->err), &ground->err);
    assert_ok(ground->driver->admin(db, DB_ADMIN_CHECK, NULL, &ground->err), &ground->err);
    assert_string_equal(get(ground, db, "n499"), "value");
    db_close(db);
}

/* Some thousand transactions, so that whatever an engine does now and then happens. */
static void many_transactions_and_many_reopenings_lose_nothing(struct ground *ground)
{
    for (int i = 0; i < 1500; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i % 97);
        begin(ground);
        set(ground, name, name);
        if (i % 3)
            commit(ground);
        else
            db_rollback(ground->db);
        if (i % 400 == 399) {
            db_close(ground->db);
            ground->db = open_as(ground, DB_WRITE, false);
        }
    }
    assert_string_equal(get(ground, ground->db, "n96"), "n96");
    assert_ok(ground->driver->admin(ground->db, DB_ADMIN_CHECK, NULL, &ground->err), &ground->err);
}

/* One cmocka test for each rule, run on every driver. */
#define EACH_DRIVER(rule)                                                                                    \
    static void test_##rule(void **state)                                                                    \
    {                                                                                                        \
        (void)state;                                                                                         \
        for (size_t i = 0; i < sizeof DRIVERS / sizeof DRIVERS[0]; i++) {                                    \
            struct ground ground;                                                                            \
            ground_init(&ground, DRIVERS[i]);                                                                \
            rule(&ground);                                                                                   \
            ground_done(&ground);                                                                            \
        }                                                                                                    \
    }

EACH_DRIVER(migrating_twice_changes_nothing)
EACH_DRIVER(what_is_not_there_is_not_opened)
EACH_DRIVER(a_commit_stays_and_a_rollback_leaves_nothing)
EACH_DRIVER(misuse_is_told_and_harmless)
EACH_DRIVER(values_come_back_as_they_went_in)
EACH_DRIVER(keys_are_unique_and_the_conflict_leaves_the_transaction_open)
EACH_DRIVER(a_reader_keeps_its_view_until_it_ends)
EACH_DRIVER(a_statement_can_run_within_itself)
EACH_DRIVER(an_order_of_bytes_is_the_order_of_text)
EACH_DRIVER(every_statement_is_understood)
EACH_DRIVER(the_admin_operations_work)
EACH_DRIVER(many_transactions_and_many_reopenings_lose_nothing)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrating_twice_changes_nothing),
        cmocka_unit_test(test_what_is_not_there_is_not_opened),
        cmocka_unit_test(test_a_commit_stays_and_a_rollback_leaves_nothing),
        cmocka_unit_test(test_misuse_is_told_and_harmless),
        cmocka_unit_test(test_values_come_back_as_they_went_in),
        cmocka_unit_test(test_keys_are_unique_and_the_conflict_leaves_the_transaction_open),
        cmocka_unit_test(test_a_reader_keeps_its_view_until_it_ends),
        cmocka_unit_test(test_a_statement_can_run_within_itself),
        cmocka_unit_test(test_an_order_of_bytes_is_the_order_of_text),
        cmocka_unit_test(test_every_statement_is_understood),
        cmocka_unit_test(test_the_admin_operations_work),
        cmocka_unit_test(test_many_transactions_and_many_reopenings_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
