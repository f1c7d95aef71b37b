#include "desk/route.h"
#include "lib/check.h"

static struct node_card CARDS[] = {
    {.id = "miit", .tier = TIER_MINISTRY, .region = "000000", .parent = "", .url = "https://miit"},
    {.id = "pca-330000", .tier = TIER_PROVINCE, .region = "330000", .parent = "miit", .url = ""},
    {.id = "pca-320000", .tier = TIER_PROVINCE, .region = "320000", .parent = "miit", .url = ""},
    {.id = "tel-zj", .tier = TIER_ENTERPRISE, .region = "330000", .parent = "pca-330000", .url = ""},
    {.id = "sub-zj", .tier = TIER_ENTERPRISE, .region = "330000", .parent = "tel-zj", .url = ""},
};

static void each_target_has_one_next_hop(void **state)
{
    (void)state;
    static const char *const ROWS[][3] = {
        {"tel-zj", "pca-330000", "pca-330000"}, {"tel-zj", "miit", "miit"},
        {"tel-zj", "pca-320000", "miit"},       {"tel-zj", "sub-zj", "sub-zj"},
        {"miit", "tel-zj", "pca-330000"},       {"miit", "sub-zj", "pca-330000"},
        {"pca-330000", "sub-zj", "tel-zj"},     {"pca-330000", "pca-320000", "miit"},
    };
    struct directory dir;
    directory_init(&dir, CARDS, sizeof CARDS / sizeof CARDS[0]);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct node_card *hop = route_next_hop(&dir, ROWS[i][0], ROWS[i][1]);
        assert_non_null(hop);
        assert_string_equal(hop->id, ROWS[i][2]);
    }
    assert_null(route_next_hop(&dir, "tel-zj", "tel-zj"));
    assert_null(route_next_hop(&dir, "tel-zj", "nobody"));
    assert_null(route_next_hop(&dir, "nobody", "miit"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_target_has_one_next_hop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
