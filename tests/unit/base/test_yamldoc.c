#include "base/yamldoc.h"

#include "base/str.h"
#include "lib/check.h"

#include <string.h>

struct row {
    const char *id;
    int count;
    bool sure;
    const char **tags;
    uint32_t tags_count;
};
struct rows {
    struct row *rows;
    uint32_t rows_count;
};

static const cyaml_schema_field_t ROW_FIELDS[] = {
    YAML_TEXT("id", struct row, id),
    YAML_INT_OPTIONAL("count", struct row, count),
    YAML_BOOL_OPTIONAL("sure", struct row, sure),
    YAML_LIST_OPTIONAL("tags", struct row, tags, &YAML_NAME),
    YAML_END,
};
static const cyaml_schema_value_t ROW = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct row, ROW_FIELDS)};
static const cyaml_schema_field_t ROWS_FIELDS[] = {
    YAML_LIST("rows", struct rows, rows, &ROW),
    YAML_END,
};
static const cyaml_schema_value_t ROWS = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct rows, ROWS_FIELDS)};

static enum errc load(const char *text, struct rows **out, struct err *err)
{
    void *data = NULL;
    enum errc rc = yamldoc_load("a.yaml", text, strlen(text), &ROWS, &data, err);
    if (rc == ERR_OK)
        *out = data;
    return rc;
}

static void reads_rows_into_structs(void **state)
{
    (void)state;
    struct rows *rows = NULL;
    struct err err;
    assert_ok(load("rows:\n  - {id: 甲, count: 3, sure: true, tags: [a, b]}\n  - id: b\n", &rows, &err),
              &err);
    assert_int_equal(rows->rows_count, 2);
    assert_string_equal(rows->rows[0].id, "甲");
    assert_int_equal(rows->rows[0].count, 3);
    assert_true(rows->rows[0].sure);
    assert_false(rows->rows[1].sure);
    assert_string_equal(rows->rows[0].tags[1], "b");
    yamldoc_free(&ROWS, rows);
    yamldoc_free(&ROWS, NULL);
}

static void names_the_line_and_the_field_of_what_does_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *field;
        const char *said;
    } BAD[] = {
        {"rows:\n  - id: a\n    colour: red\n", 3, "rows[0].colour", "colour"},
        {"rows:\n  - id: a\n  - id: b\n    count: x\n", 4, "rows[1].count", "x"},
        {"rows:\n  - id: a\n    id: b\n", 3, "rows[0].id", "already seen"},
        {"rows:\n  - id: a\n    sure: perhaps\n", 3, "rows[0].sure", "perhaps"},
        {"rows:\n  - id: a\n    sure: 1\n", 3, "rows[0].sure", "1"},
        {"rows:\n  - count: 1\n    sure: true\n", 2, "rows[0].id", "id"},
        {"rows:\n  - id: a\n    tags:\n      - b\n      - [c]\n", 5, "rows[0].tags[1]", "STRING"},
        {"rows:\n  - id: &x a\n  - id: *x\n", 3, "rows[1].id", ""},
        {"rows:\n  - id: 'a\n", 3, "rows[0].id", ""},
        {"rows:\n  - id: ''\n", 2, "rows[0].id", "length"},
        {"rows: []\n", 1, "rows", ""},
        {"rows: {}\n", 1, "rows", "SEQUENCE"},
        {"rows: [\n", 2, "rows", ""},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct rows *rows = NULL;
        struct err err;
        assert_code(load(BAD[i].text, &rows, &err), ERR_SYNTAX);
        assert_null(rows);
        if (err.line != BAD[i].line)
            fail_msg("%s gives [%s] %s", BAD[i].text, err.field, err.message);
        assert_string_equal(err.field, BAD[i].field);
        assert_non_null(strstr(err.message, BAD[i].said));
        assert_memory_equal(err.message, "a.yaml:", 7);
    }
}

static void refuses_bytes_that_are_not_text(void **state)
{
    (void)state;
    struct rows *rows = NULL;
    struct err err;
    static char big[YAML_BYTES_MAX + 2];
    memset(big, ' ', sizeof big - 1);
    assert_code(load(big, &rows, &err), ERR_LIMIT);
    assert_code(load("rows: [{id: \xff}]", &rows, &err), ERR_SYNTAX);
}

static void finds_the_line_of_a_path(void **state)
{
    (void)state;
    static const char TEXT[] =
        "# law\nrows:\n  - id: a\n    tags: [x,\n      y]\n\n  - id: b\n    deep:\n      one: 1\n";
    static const struct {
        const char *path;
        int line;
    } AT[] = {{"rows", 2},
              {"rows[0]", 3},
              {"rows[0].id", 3},
              {"rows[0].tags[1]", 5},
              {"rows[1]", 7},
              {"rows[1].id", 7},
              {"rows[1].deep.one", 9},
              {"rows[1].gone", 7},
              {"rows[7]", 2},
              {"", 2}};
    for (size_t i = 0; i < sizeof AT / sizeof AT[0]; i++)
        assert_int_equal(yamldoc_line(TEXT, strlen(TEXT), AT[i].path), AT[i].line);
    assert_int_equal(yamldoc_line("a: [", 4, "b"), 1);
    assert_int_equal(yamldoc_line("", 0, "b"), 0);
    struct err err;
    assert_code(yamldoc_fault(&err, "a.yaml", TEXT, strlen(TEXT), "rows[1].id", "there is no %s", "b"),
                ERR_INVALID);
    assert_string_equal(err.message, "a.yaml:7: there is no b");
    assert_string_equal(err.field, "rows[1].id");
    assert_int_equal(err.line, 7);
}

static void gives_up_on_texts_nested_without_end(void **state)
{
    (void)state;
    char deep[400];
    memset(deep, '[', sizeof deep);
    assert_int_equal(yamldoc_line(deep, sizeof deep, "rows"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rows_into_structs),
        cmocka_unit_test(names_the_line_and_the_field_of_what_does_not_fit),
        cmocka_unit_test(refuses_bytes_that_are_not_text),
        cmocka_unit_test(finds_the_line_of_a_path),
        cmocka_unit_test(gives_up_on_texts_nested_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
