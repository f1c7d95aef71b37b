#include "domain/facts.h"
#include "lib/check.h"
#include "lib/rules.h"

#define PLAN "miit-2017-281/"

static void refuses_references_to_what_is_not_there(void **state)
{
    (void)state;
    static const struct rules_fault FAULTS[] = {
        {PLAN "duties.yaml", "provision: 004.4.1b", "provision: 004.4.1z", "004.4.1z",
         "no provision '004.4.1z'"},
        {PLAN "routes.yaml", "provision: 004.4.1d", "provision: 004.4.1z", "004.4.1z", "no provision"},
        {PLAN "powers.yaml", "provision: 004.4.4d\n    needs", "provision: 004.x\n    needs", "004.x",
         "no provision"},
        {PLAN "powers.yaml", "provision: 004.2.1b", "provision: 004.x", "004.x", "no provision"},
        {PLAN "levels.yaml", "provision: L2-4", "provision: L2-9", "L2-9", "no provision"},
        {PLAN "levels.yaml", "fact: leaked_users, op: min", "fact: leaked_people, op: min", "leaked_people",
         "no fact"},
        {PLAN "levels.yaml", "op: min, value: 10000000}", "op: min, value: many}", "value: many",
         "whole number"},
        {PLAN "levels.yaml", "op: min, value: 10000000}", "op: min, value: -1}", "value: -1", "whole number"},
        {PLAN "levels.yaml", "op: min, value: 10000000}", "op: min}", "leaked_users, op: min}",
         "whole number"},
        {PLAN "levels.yaml", "op: min, value: 10000000}", "op: has, value: leak}", "op: has, value: leak}]",
         "cannot be asked"},
        {PLAN "levels.yaml", "op: is, value: national", "op: is, value: city", "value: city",
         "never be 'city'"},
        {PLAN "levels.yaml", "op: above, value: leaked_records", "op: above, value: happened",
         "value: happened", "same kind"},
        {PLAN "levels.yaml", "{fact: leaked_records, op: known}",
         "{fact: leaked_records, op: known, value: 1}", "op: known, value: 1", "no value"},
        {PLAN "levels.yaml", "wants: [judged.other_reason]", "wants: [judged.why]", "judged.why", "no fact"},
        {PLAN "levels.yaml", "from: scope.prefectures", "from: leaked_users", "  - fact: scope.provinces\n",
         "regions"},
    };
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        assert_rules_refused(&FAULTS[i]);
}

static void gives_every_row_its_law_and_every_test_its_fact(void **state)
{
    (void)state;
    struct pack_set *set = rules_load();
    for (size_t p = 0; p < pack_set_count(set); p++) {
        const struct pack *pack = pack_set_at(set, p);
        for (uint32_t i = 0; i < pack->duties_count; i++)
            assert_string_equal(pack->duties[i].law->id, pack->duties[i].provision);
        for (uint32_t i = 0; i < pack->routes_count; i++)
            assert_string_equal(pack->routes[i].law->id, pack->routes[i].provision);
        for (uint32_t i = 0; i < pack->powers_count; i++)
            for (uint32_t n = 0; n < pack->powers[i].needs_count; n++)
                assert_non_null(pack->powers[i].needs[n].law);
    }
    const struct condition_row *leak = &pack_set_main(set)->conditions[8];
    assert_int_equal(leak->tests.at[0].fact_id, FACT_LEAKED_USERS);
    assert_int_equal(leak->tests.at[0].number, 10000000);
    pack_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_references_to_what_is_not_there),
        cmocka_unit_test(gives_every_row_its_law_and_every_test_its_fact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
