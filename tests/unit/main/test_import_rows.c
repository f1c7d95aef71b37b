#include "main/import_rows.h"

#include "lib/check.h"

#include <string.h>

static struct arena ARENA;

static int set_up(void **state)
{
    (void)state;
    arena_init(&ARENA, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&ARENA);
    return 0;
}

static struct import_rows read_as(enum import_format format, const char *text)
{
    struct err err;
    struct import_rows rows = {0};
    struct import_map map = {.format = format};
    assert_ok(import_rows_read((struct str){text, strlen(text)}, &map, &ARENA, &rows, &err), &err);
    return rows;
}

static const char *cell(const struct import_rows *rows, size_t row, const char *column)
{
    assert_true(row < rows->count);
    const char *text = json_string_value(json_object_get(rows->at[row].values, column));
    return text ? text : "";
}

static void cells_in_quotes_hold_separators_line_ends_and_quotes(void **state)
{
    (void)state;
    struct import_rows rows = read_as(IMPORT_CSV, "\xEF\xBB\xBF"
                                                  "a,b\r\n\"x, \"\"y\"\"\n断网\",2\r\n\n3,\"\"\n");
    assert_int_equal(rows.count, 2);
    assert_string_equal(cell(&rows, 0, "a"), "x, \"y\"\n断网");
    assert_string_equal(cell(&rows, 0, "b"), "2");
    assert_int_equal(rows.at[0].line, 2);
    assert_string_equal(cell(&rows, 1, "a"), "3");
    assert_int_equal(rows.at[1].line, 5);
}

static void a_faulty_row_leaves_the_others_as_they_are(void **state)
{
    (void)state;
    struct import_rows rows = read_as(IMPORT_CSV, "a,b\n1\n\xFF,2\n\"x\"y,2\n3,4\n\"open,5\n");
    assert_int_equal(rows.count, 5);
    assert_non_null(strstr(rows.at[0].fault, "1 cells, and the heading has 2"));
    assert_non_null(strstr(rows.at[1].fault, "UTF-8"));
    assert_non_null(strstr(rows.at[2].fault, "behind a closing quote"));
    assert_string_equal(cell(&rows, 3, "b"), "4");
    assert_non_null(strstr(rows.at[4].fault, "not closed"));
}

static void json_comes_as_one_array_or_line_by_line(void **state)
{
    (void)state;
    struct import_rows rows = read_as(IMPORT_JSON, " [{\"a\":\"1\"}, 2, {\"a\":\"3\"}]");
    assert_int_equal(rows.count, 3);
    assert_non_null(rows.at[1].fault);
    assert_string_equal(cell(&rows, 2, "a"), "3");
    rows = read_as(IMPORT_JSON, "{\"a\":\"1\"}\r\n\n{\"a\":1,\"a\":2}\n{\"a\":\"4\"}");
    assert_int_equal(rows.count, 3);
    assert_int_equal(rows.at[1].line, 3);
    assert_non_null(rows.at[1].fault);
    assert_string_equal(cell(&rows, 2, "a"), "4");
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct import_rows rows;
    struct import_map json = {.format = IMPORT_JSON};
    struct import_map csv = {.format = IMPORT_CSV};
    assert_code(import_rows_read((struct str){"[{", 2}, &json, &ARENA, &rows, &err), ERR_SYNTAX);
    assert_code(import_rows_read((struct str){"", 0}, &csv, &ARENA, &rows, &err), ERR_SYNTAX);
    assert_code(import_rows_read((struct str){"\"a", 2}, &csv, &ARENA, &rows, &err), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cells_in_quotes_hold_separators_line_ends_and_quotes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_faulty_row_leaves_the_others_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_comes_as_one_array_or_line_by_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_table_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
