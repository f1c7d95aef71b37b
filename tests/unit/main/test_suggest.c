#include "main/suggest.h"
#include "lib/check.h"

static void counts_typing_errors(void **state)
{
    (void)state;
    assert_int_equal(suggest_distance("grade", "grade"), 0);
    assert_int_equal(suggest_distance("grdae", "grade"), 1);
    assert_int_equal(suggest_distance("grad", "grade"), 1);
    assert_int_equal(suggest_distance("grande", "grade"), 1);
    assert_int_equal(suggest_distance("", "due"), 3);
    assert_int_equal(suggest_distance("kitten", "sitting"), 3);
}

static void offers_the_nearest_or_nothing(void **state)
{
    (void)state;
    struct suggest near;
    suggest_init(&near, "verfy");
    suggest_offer(&near, "serve", "serve");
    suggest_offer(&near, "verify", "verify PATH");
    suggest_offer(&near, "due", "due");
    assert_string_equal(near.best, "verify PATH");
    suggest_init(&near, "xyz");
    suggest_offer(&near, "due", "due");
    assert_null(near.best);
}

static void very_long_words_are_far(void **state)
{
    (void)state;
    static const char LONG[] = "0123456789012345678901234567890123456789012345678901234567890123";
    assert_true(suggest_distance(LONG, "due") == SIZE_MAX);
    assert_int_equal(suggest_distance(LONG + 1, LONG + 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_typing_errors),
        cmocka_unit_test(offers_the_nearest_or_nothing),
        cmocka_unit_test(very_long_words_are_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
