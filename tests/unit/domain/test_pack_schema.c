#include "domain/pack_schema.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

#define PLAN "miit-2017-281/"

static void refuses_what_is_not_in_the_shape(void **state)
{
    (void)state;
    static const struct rules_fault FAULTS[] = {
        {PLAN "duties.yaml", "    owners: [meo]\n", "    ownerz: [meo]\n", "ownerz", "ownerz"},
        {PLAN "duties.yaml", "kind: immediate", "kind: soon", "kind: soon", "soon"},
        {PLAN "duties.yaml", "    confidence: source\n", "", "  - id: 004.2.2b.1", "confidence"},
        {PLAN "duties.yaml", "confidence: source", "confidence: sure", "confidence: sure", "sure"},
        {PLAN "duties.yaml", "n: 10", "n: ten", "n: ten", "ten"},
        {PLAN "duties.yaml", "enforce: true", "enforce: perhaps", "enforce: perhaps", "perhaps"},
        {PLAN "duties.yaml", "when: {tier: [ministry]}", "when: {tier: [minister]}", "minister]", "minister"},
        {PLAN "powers.yaml", "what: tier", "what: rank", "what: rank", "rank"},
        {PLAN "levels.yaml", "op: min", "op: least", "op: least", "least"},
        {PLAN "levels.yaml", "{level: I, name", "{level: V, name", "level: V", "V"},
        {PLAN "provisions.yaml", "modality: goal", "modality: wish", "modality: wish", "wish"},
        {PLAN "routes.yaml", "routes:\n", "routes:\n  - {id: a, act: b, provision: c, id: d, to: [meo]}\n",
         "id: d", "already seen"},
        {PLAN "gaps.yaml", "gaps:\n", "gapz:\n", "gapz", "gapz"},
        {PLAN "pack.yaml", "  version: \"2017.1\"\n", "", "pack:\n", "version"},
        {PLAN "enums.yaml", "enums:\n", "enums: [\n", "  - name: incident.cause", ""},
        {"calendar/2020.yaml", "url:", "link:", "link:", "link"},
        {"regions/provinces.yaml", "pca: true", "pca: maybe", "pca: maybe", "maybe"},
    };
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        assert_rules_refused(&FAULTS[i]);
}

static void every_list_is_found_by_its_key_and_id(void **state)
{
    (void)state;
    struct pack_set *set = rules_load();
    const struct pack *plan = pack_set_main(set);
    for (int l = 0; l < PACK_LIST_COUNT; l++) {
        enum pack_list list = (enum pack_list)l;
        assert_non_null(PACK_LISTS[l].key);
        assert_true(pack_row_count(plan, list) > 0);
        for (uint32_t i = 0; i < pack_row_count(plan, list); i++) {
            const char *row = (const char *)pack_rows(plan, list) + PACK_LISTS[l].row_bytes * i;
            assert_ptr_equal(pack_row_find(plan, list, pack_row_id(plan, list, i)), row);
        }
        assert_null(pack_row_find(plan, list, "no such row"));
    }
    pack_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_not_in_the_shape),
        cmocka_unit_test(every_list_is_found_by_its_key_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
