#include "intel/words.h"
#include "unit/intel/field_fixture.h"

static void words_are_taken_from_the_left(void **state)
{
    (void)state;
    struct str rest = str_of("  one\ttwo  three:four");
    assert_true(str_eq(words_next(&rest), "one"));
    assert_true(str_eq(words_next(&rest), "two"));
    assert_true(str_eq(words_until(&rest, ':'), "  three"));
    assert_true(str_eq(words_next(&rest), "four"));
    assert_int_equal(words_next(&rest).n, 0);
    assert_int_equal(words_until(&rest, ':').n, 0);
}

static void skipping_finds_or_changes_nothing(void **state)
{
    (void)state;
    struct str rest = str_of("client 192.0.2.1");
    assert_false(words_skip_to(&rest, "query"));
    assert_true(str_eq(rest, "client 192.0.2.1"));
    assert_true(words_skip_to(&rest, "client "));
    assert_true(str_eq(rest, "192.0.2.1"));
    assert_true(words_starts(rest, "192"));
    assert_false(words_starts(rest, "192.0.2.10"));
    rest = (struct str){NULL, 0};
    assert_false(words_skip_to(&rest, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_taken_from_the_left),
        cmocka_unit_test(skipping_finds_or_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
