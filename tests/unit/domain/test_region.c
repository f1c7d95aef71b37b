#include "domain/region.h"

#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static void knows_provinces_and_prefectures(void **state)
{
    (void)state;
    struct pack_set *set = rules_load();
    const struct region_table *table = pack_set_regions(set);
    size_t provinces = 0;
    size_t administrations = 0;
    size_t prefectures = 0;
    for (size_t i = 0; i < region_count(table); i++) {
        const struct region_row *row = region_at(table, i);
        provinces += row->kind == REGION_PROVINCE;
        administrations += row->pca;
        bool municipal = strncmp(row->code, "11", 2) == 0 || strncmp(row->code, "12", 2) == 0 ||
                         strncmp(row->code, "31", 2) == 0 || strncmp(row->code, "50", 2) == 0;
        prefectures += row->kind == REGION_PREFECTURE && !municipal && strcmp(row->code + 2, "9000") != 0;
    }
    assert_int_equal(provinces, 34);
    assert_int_equal(administrations, 31);
    assert_int_equal(prefectures, 333);
    assert_string_equal(region_find(table, "330100")->name, "杭州市");
    assert_int_equal(region_find(table, "000000")->kind, REGION_COUNTRY);
    assert_int_equal(region_find(table, "310115")->kind, REGION_PREFECTURE);
    static const char *const UNKNOWN[] = {"990000", "330199", "33", "3301000", "33010x", "", "330106"};
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof UNKNOWN[0]; i++)
        assert_null(region_find(table, UNKNOWN[i]));
    assert_null(region_find(table, NULL));
    assert_null(region_at(table, region_count(table)));
    pack_set_free(set);
}

static void a_region_covers_what_lies_in_it(void **state)
{
    (void)state;
    assert_true(region_covers("000000", "330100"));
    assert_true(region_covers("330000", "330000"));
    assert_true(region_covers("330000", "330100"));
    assert_true(region_covers("330100", "330106"));
    assert_false(region_covers("330000", "320000"));
    assert_false(region_covers("330100", "330000"));
    assert_false(region_covers("330000", "000000"));
    assert_false(region_covers("33", "330000"));
    assert_false(region_covers(NULL, "330000"));
    char code[REGION_SIZE];
    region_province("330106", code);
    assert_string_equal(code, "330000");
}

static enum errc take(const char *text, struct err *err)
{
    struct region_table *table = region_table_new();
    enum errc rc = region_table_read(table, "r.yaml", text, strlen(text), err);
    if (rc == ERR_OK)
        rc = region_table_finish(table, err);
    region_table_free(table);
    return rc;
}

static void refuses_codes_that_cannot_be(void **state)
{
    (void)state;
    struct err err;
    assert_code(take("regions:\n  - {code: 330000, name: a}\n  - {code: 33, name: b}\n", &err), ERR_INVALID);
    assert_int_equal(err.line, 3);
    assert_code(take("regions:\n  - {code: 330000, name: a}\n  - {code: 330000, name: b}\n", &err),
                ERR_INVALID);
    assert_non_null(strstr(err.message, "twice"));
    assert_code(take("regions:\n  - {code: 330100, name: a}\n", &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "330000"));
    assert_code(take("regions:\n  - {code: 330000, name: a, tier: 1}\n", &err), ERR_SYNTAX);
    assert_int_equal(err.line, 2);
    assert_ok(take("", &err), &err);
    region_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_provinces_and_prefectures),
        cmocka_unit_test(a_region_covers_what_lies_in_it),
        cmocka_unit_test(refuses_codes_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
