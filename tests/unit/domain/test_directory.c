#include "domain/directory.h"
#include "lib/check.h"

static struct node_card CARDS[] = {
    {.id = "pca-330000",
     .tier = TIER_PROVINCE,
     .region = "330000",
     .parent = "miit",
     .roles = {"PCA"},
     .role_count = 1},
    {.id = "miit",
     .tier = TIER_MINISTRY,
     .region = "000000",
     .parent = "",
     .roles = {"MEO"},
     .role_count = 1},
    {.id = "tel-zj", .tier = TIER_ENTERPRISE, .region = "330000", .parent = "pca-330000"},
    {.id = "loop-a", .tier = TIER_ENTERPRISE, .region = "320000", .parent = "loop-b"},
    {.id = "loop-b", .tier = TIER_ENTERPRISE, .region = "320000", .parent = "loop-a"},
};

static void finds_by_id_region_and_tree(void **state)
{
    (void)state;
    struct directory dir;
    directory_init(&dir, CARDS, sizeof CARDS / sizeof CARDS[0]);
    assert_string_equal(directory_find(&dir, "miit")->id, "miit");
    assert_null(directory_find(&dir, "nobody"));
    assert_null(directory_find(&dir, NULL));
    assert_string_equal(directory_ministry(&dir)->id, "miit");
    assert_string_equal(directory_province(&dir, "330100")->id, "pca-330000");
    assert_null(directory_province(&dir, "320000"));
    assert_null(directory_province(&dir, ""));
    assert_true(directory_below(&dir, "tel-zj", "miit"));
    assert_true(directory_below(&dir, "tel-zj", "pca-330000"));
    assert_false(directory_below(&dir, "miit", "miit"));
    assert_false(directory_below(&dir, "loop-a", "miit"));
    assert_true(card_has_role(directory_find(&dir, "miit"), "MEO"));
    assert_false(card_has_role(directory_find(&dir, "miit"), "PCA"));
}

static void an_empty_directory_knows_nobody(void **state)
{
    (void)state;
    struct directory dir;
    directory_init(&dir, NULL, 0);
    assert_null(directory_find(&dir, "miit"));
    assert_null(directory_ministry(&dir));
    assert_false(directory_below(&dir, "a", "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_id_region_and_tree),
        cmocka_unit_test(an_empty_directory_knows_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
