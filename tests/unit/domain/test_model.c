#include "domain/model.h"
#include "lib/check.h"

static void names_and_values_are_inverse(void **state)
{
    (void)state;
    for (int i = 0; i < TIER_COUNT; i++)
        assert_int_equal(tier_parse(tier_name((enum tier)i)), i);
    for (int i = LEVEL_I; i <= LEVEL_IV; i++)
        assert_int_equal(level_parse(level_name((enum level)i)), i);
    for (int i = COLOUR_RED; i <= COLOUR_BLUE; i++)
        assert_int_equal(colour_parse(colour_name((enum colour)i)), i);
    for (int i = DEADLINE_IMMEDIATE; i <= DEADLINE_CONTINUOUS; i++)
        assert_int_equal(deadline_parse(deadline_name((enum deadline_kind)i)), i);
    for (int i = DUTY_OPEN; i <= DUTY_CANCELLED; i++)
        assert_int_equal(duty_state_parse(duty_state_name((enum duty_state)i)), i);
}

static void unknown_names_are_refused(void **state)
{
    (void)state;
    assert_int_equal(tier_parse("county"), -1);
    assert_int_equal(tier_parse(NULL), -1);
    assert_int_equal(level_parse("V"), LEVEL_NONE);
    assert_int_equal(level_parse(""), LEVEL_NONE);
    assert_int_equal(colour_parse("purple"), COLOUR_NONE);
    assert_int_equal(deadline_parse("soon"), -1);
    assert_int_equal(duty_state_parse("maybe"), -1);
    assert_string_equal(tier_name((enum tier)99), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_inverse),
        cmocka_unit_test(unknown_names_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
