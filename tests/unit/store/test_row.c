#include "store/row.h"
#include "lib/check.h"

#include <string.h>

/* A row of one column, from no database. */
struct fixed {
    struct db_rows rows;
    struct db db;
    struct db_driver driver;
    struct db_value value;
};

static struct db_value column(struct db_rows *rows, int at)
{
    (void)at;
    return ((struct fixed *)rows)->value;
}

static struct db_rows *row_of(struct fixed *fixed, struct db_value value)
{
    *fixed = (struct fixed){.driver = {.column = column}, .value = value};
    fixed->db.driver = &fixed->driver;
    fixed->rows.db = &fixed->db;
    return &fixed->rows;
}

static void what_cannot_be_right_is_damage(void **state)
{
    (void)state;
    struct fixed fixed;
    struct err err;
    struct arena arena;
    char name[PROOF_NAME_MAX + 1] = "kept";
    uint8_t hash[HASH_SIZE];
    struct signature sig;
    enum suite suite;
    json_t *doc = NULL;
    const char **texts = NULL;
    size_t count = 0;
    char longest[100];
    memset(longest, 'x', sizeof longest);
    arena_init(&arena, 4096);
    assert_code(row_name(row_of(&fixed, db_of_blob(longest, 65)), 0, name, &err), ERR_DAMAGED);
    assert_string_equal(name, "kept");
    assert_code(row_hash(row_of(&fixed, db_of_blob(longest, 31)), 0, hash, &err), ERR_DAMAGED);
    assert_code(row_signature(row_of(&fixed, db_of_blob(longest, 73)), 0, &sig, &err), ERR_DAMAGED);
    assert_code(row_suite(row_of(&fixed, db_of_text("md5")), 0, &suite, &err), ERR_DAMAGED);
    assert_code(row_doc(row_of(&fixed, db_of_text("{")), 0, &arena, &doc, &err), ERR_DAMAGED);
    assert_code(row_texts(row_of(&fixed, db_of_text("[1]")), 0, &arena, &texts, &count, &err), ERR_DAMAGED);
    arena_done(&arena);
}

static void good_values_are_copied(void **state)
{
    (void)state;
    struct fixed fixed;
    struct err err;
    struct arena arena;
    char name[PROOF_NAME_MAX + 1];
    uint8_t hash[HASH_SIZE], want[HASH_SIZE] = {1, 2, 3};
    enum suite suite;
    const char **texts = NULL;
    size_t count = 0;
    static const char *const LIST[] = {"a", "浙江"};
    arena_init(&arena, 4096);
    assert_ok(row_name(row_of(&fixed, db_of_text("miit")), 0, name, &err), &err);
    assert_string_equal(name, "miit");
    assert_ok(row_hash(row_of(&fixed, db_of_blob(want, HASH_SIZE)), 0, hash, &err), &err);
    assert_memory_equal(hash, want, HASH_SIZE);
    assert_ok(row_suite(row_of(&fixed, db_of_text("sm2-sm3")), 0, &suite, &err), &err);
    assert_int_equal(suite, SUITE_SM2_SM3);
    const char *list = row_list(LIST, 2, &arena);
    assert_string_equal(list, "[\"a\",\"浙江\"]");
    assert_ok(row_texts(row_of(&fixed, db_of_text(list)), 0, &arena, &texts, &count, &err), &err);
    assert_int_equal(count, 2);
    assert_string_equal(texts[1], "浙江");
    assert_string_equal(row_list(NULL, 0, &arena), "[]");
    arena_done(&arena);
}

static void an_exhausted_arena_is_said(void **state)
{
    (void)state;
    struct err err;
    struct arena arena;
    static const char *const LIST[] = {"a"};
    arena_init(&arena, 0);
    assert_null(row_list(LIST, 1, &arena));
    assert_code(row_check(&arena, &err), ERR_NOMEM);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_right_is_damage),
        cmocka_unit_test(good_values_are_copied),
        cmocka_unit_test(an_exhausted_arena_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
