#include "base/embed.h"
#include "lib/check.h"

#include <string.h>

static const struct embed_file FILES[] = {
    {"acts/incident.yaml", "i", 1}, {"acts/warning.yaml", "w", 1}, {"acts2/x.yaml", "x", 1},
    {"openapi.yaml", "o", 1},       {"zh/acts.yaml", "", 0},
};
static const struct embed_set SET = {FILES, sizeof FILES / sizeof FILES[0]};

static void finds_every_file_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < SET.count; i++)
        assert_ptr_equal(embed_find(&SET, FILES[i].path), &FILES[i]);
    static const char *const ABSENT[] = {"",  "acts", "acts/", "acts/incident.yam", "acts/incident.yaml2",
                                         "zz"};
    for (size_t i = 0; i < sizeof ABSENT / sizeof ABSENT[0]; i++)
        assert_null(embed_find(&SET, ABSENT[i]));
}

static void gives_the_files_of_a_folder(void **state)
{
    (void)state;
    struct embed_set acts = embed_under(&SET, "acts/");
    assert_int_equal(acts.count, 2);
    assert_ptr_equal(acts.files, &FILES[0]);
    assert_int_equal(embed_under(&SET, "").count, SET.count);
    assert_int_equal(embed_under(&SET, "acts").count, 3);
    assert_int_equal(embed_under(&SET, "zh/").count, 1);
    assert_int_equal(embed_under(&SET, "zz/").count, 0);
    assert_null(embed_find(&acts, "openapi.yaml"));
}

static void an_empty_set_holds_nothing(void **state)
{
    (void)state;
    static const struct embed_set NONE = {NULL, 0};
    assert_null(embed_find(&NONE, "a"));
    assert_int_equal(embed_under(&NONE, "a").count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_file_and_no_other),
        cmocka_unit_test(gives_the_files_of_a_folder),
        cmocka_unit_test(an_empty_set_holds_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
