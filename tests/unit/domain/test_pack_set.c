#include "domain/pack_set.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

static void loads_every_pack_of_the_repository(void **state)
{
    (void)state;
    struct pack_set *set = rules_load();
    const struct pack *plan = pack_set_main(set);
    assert_non_null(plan);
    assert_string_equal(plan->head->id, "miit-2017-281");
    assert_int_equal(plan->conditions_count, 19);
    pack_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_every_pack_of_the_repository),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
