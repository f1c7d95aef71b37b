#include "base/plant.h"
#include "lib/check.h"

#include <string.h>

static void every_plant_has_its_own_name_and_story(void **state)
{
    (void)state;
    for (enum plant a = 0; a < PLANT_COUNT; a++) {
        assert_true(strlen(plant_what(a)) > 10);
        for (enum plant b = 0; b < a; b++)
            assert_string_not_equal(plant_name(a), plant_name(b));
    }
}

static void nothing_is_planted_unless_it_is_set(void **state)
{
    (void)state;
    assert_false(PLANTED(ACCEPT_GAPS));
#ifdef FENGSUI_PLANT
    plant_set(PLANT_ACCEPT_GAPS, true);
    assert_true(PLANTED(ACCEPT_GAPS));
    assert_false(PLANTED(SKIP_POWER));
    plant_set(PLANT_ACCEPT_GAPS, false);
    assert_false(PLANTED(ACCEPT_GAPS));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_plant_has_its_own_name_and_story),
        cmocka_unit_test(nothing_is_planted_unless_it_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
