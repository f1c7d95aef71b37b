/* What the words do to running nodes is in tests/e2e/test_demo.py. */
#include "main/demo_control.h"

#include "lib/check.h"

#include <string.h>

static void spans_of_time_have_a_unit(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } GOOD[] = {{"90s", 90000}, {"30m", 1800000}, {"12h", 43200000}, {"3d", 259200000}};
    static const char *const BAD[] = {
        "", "3", "d", "-3d", "0d", "3w", "3dd", "100001d", "99999999999999999999d"};
    struct err err;
    int64_t ms = 0;
    (void)state;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        assert_ok(demo_control_span(GOOD[i].text, &ms, &err), &err);
        assert_int_equal(ms, GOOD[i].ms);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(demo_control_span(BAD[i], &ms, &err), ERR_USAGE);
}

static void words_that_mean_nothing_are_refused(void **state)
{
    static const char *const BAD[] = {"",         "   ",       "dance",         "cut",      "kill",
                                      "kill a b", "cut a b c", "cut a b c d e", "clock 3w", "start"};
    struct err err;
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(demo_control(NULL, BAD[i], &err), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_of_time_have_a_unit),
        cmocka_unit_test(words_that_mean_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
