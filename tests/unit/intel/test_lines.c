#include "intel/lines.h"
#include "unit/intel/input_fixture.h"

#include <string.h>

static void gives_each_line_without_its_end(void **state)
{
    (void)state;
    static const char TEXT[] = "one\ntwo\r\n\nlast";
    static const char *const WANT[] = {"one", "two", "", "last"};
    struct input *input = input_fixture(TEXT, strlen(TEXT));
    struct lines lines;
    struct str line;
    struct err err;
    bool more;
    bool too_long;
    assert_ok(lines_init(&lines, input, &err), &err);
    for (size_t i = 0; i < 4; i++) {
        assert_ok(lines_next(&lines, &more, &line, &too_long, &err), &err);
        assert_true(more && !too_long);
        assert_true(str_eq(line, WANT[i]));
        assert_int_equal(lines.number, i + 1);
    }
    assert_ok(lines_next(&lines, &more, &line, &too_long, &err), &err);
    assert_false(more);
    lines_done(&lines);
    input_close(input);
}

static void a_line_of_any_length_costs_one_line(void **state)
{
    (void)state;
    enum { HUGE_BYTES = 3 * LINES_BUFFER_BYTES + 17 };
    char *text = malloc(HUGE_BYTES + 16);
    assert_non_null(text);
    memset(text, 'x', HUGE_BYTES);
    memcpy(text + HUGE_BYTES, "\nnext\n", 6);
    struct input *input = input_fixture(text, HUGE_BYTES + 6);
    struct lines lines;
    struct str line;
    struct err err;
    bool more;
    bool too_long;
    assert_ok(lines_init(&lines, input, &err), &err);
    assert_ok(lines_next(&lines, &more, &line, &too_long, &err), &err);
    assert_true(more && too_long);
    assert_int_equal(line.n, LINES_LINE_MAX);
    assert_ok(lines_next(&lines, &more, &line, &too_long, &err), &err);
    assert_true(more && !too_long && str_eq(line, "next"));
    assert_int_equal(lines.number, 2);
    assert_ok(lines_next(&lines, &more, &line, &too_long, &err), &err);
    assert_false(more);
    lines_done(&lines);
    input_close(input);
    free(text);
}

static void peeking_takes_nothing(void **state)
{
    (void)state;
    struct input *input = input_fixture("abc\ndef", 7);
    struct lines lines;
    struct str seen;
    struct err err;
    char got[16];
    size_t n;
    assert_ok(lines_init(&lines, input, &err), &err);
    assert_ok(lines_peek(&lines, &seen, &err), &err);
    assert_ok(lines_peek(&lines, &seen, &err), &err);
    assert_true(str_eq(seen, "abc\ndef"));
    assert_ok(lines_take(&lines, got, 5, &n, &err), &err);
    assert_int_equal(n, 5);
    assert_memory_equal(got, "abc\nd", 5);
    assert_ok(lines_take(&lines, got, 5, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_ok(lines_take(&lines, got, 5, &n, &err), &err);
    assert_int_equal(n, 0);
    lines_done(&lines);
    input_close(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_line_without_its_end),
        cmocka_unit_test(a_line_of_any_length_costs_one_line),
        cmocka_unit_test(peeking_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
