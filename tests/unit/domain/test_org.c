#include "domain/org.h"

#include "lib/check.h"
#include "lib/rules.h"

static void finds_an_organisation_by_any_name_it_bore(void **state)
{
    (void)state;
    struct pack_set *set = rules_load();
    const struct pack *plan = pack_set_main(set);
    assert_string_equal(org_find(plan, "中国信息通信研究院", NULL)->id, "caict");
    assert_string_equal(org_find(plan, "工业和信息化部电信研究院", NULL)->id, "caict");
    assert_string_equal(org_find(plan, "中国电信集团公司", "2017-11-14")->id, "china-telecom");
    assert_null(org_find(plan, "中国电信集团", NULL));
    size_t professional = 0;
    for (uint32_t i = 0; i < plan->organisations_count; i++) {
        const char *const roles[] = {plan->organisations[i].role};
        struct node_card card = {.roles = {roles[0]}, .role_count = 1};
        professional += pack_role(plan, &card, "PRO");
    }
    assert_int_equal(professional, 4); /* the list of 2.3 is closed */
    pack_set_free(set);
}

static void a_name_holds_only_in_its_time(void **state)
{
    (void)state;
    struct alias_row aliases[] = {{.name = "old", .until = "2018-01-01"},
                                  {.name = "short", .from = "2018-01-01"}};
    struct organisation_row row = {.id = "a", .name = "new", .aliases = aliases, .aliases_count = 2};
    struct pack pack = {.organisations = &row, .organisations_count = 1};
    assert_ptr_equal(org_find(&pack, "old", "2017-12-31"), &row);
    assert_null(org_find(&pack, "old", "2018-01-01"));
    assert_ptr_equal(org_find(&pack, "old", NULL), &row);
    assert_null(org_find(&pack, "short", "2017-12-31"));
    assert_ptr_equal(org_find(&pack, "short", "2018-01-01"), &row);
    assert_string_equal(org_name_on(&row, "2017-06-01"), "old");
    assert_string_equal(org_name_on(&row, "2018-06-01"), "new");
    assert_string_equal(org_name_on(&row, NULL), "new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_an_organisation_by_any_name_it_bore),
        cmocka_unit_test(a_name_holds_only_in_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
