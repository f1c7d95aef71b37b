#include "intel/name.h"
#include "lib/check.h"

#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void indicators_get_one_form(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"Evil.Example", "evil.example"},
        {"evil.example.", "evil.example"},
        {"_dmarc.a-b.example", "_dmarc.a-b.example"},
        {"1.2.3.example", "1.2.3.example"},
        {"烽燧.中国", "xn--1rxmt.xn--fiqs8s"},
        {"烽燧。中国", "xn--1rxmt.xn--fiqs8s"},
        {"BÜCHER.example", "xn--bcher-kva.example"},
        {"faß.example", "xn--fa-hia.example"},
        {"XN--BCHER-KVA.example", "xn--bcher-kva.example"},
        {"com", "com"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        char out[NAME_SIZE];
        assert_int_equal(name_indicator(text(GOOD[i][0]), out), strlen(GOOD[i][1]));
        assert_string_equal(out, GOOD[i][1]);
    }
}

static void what_cannot_be_a_name_is_refused(void **state)
{
    (void)state;
    char out[NAME_SIZE];
    char longest[300];
    static const char *const BAD[] = {"",      ".",       "a..b",      ".a",    "a b.example",
                                      "a/b",   "1.2.3.4", "1.2.3.400", "a.123", "a@b.c",
                                      "a,b.c", "*.a.b",   "a.b..",     "a:80",  "\xFF.example"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_int_equal(name_indicator(text(BAD[i]), out), 0);
    memset(longest, 'a', sizeof longest);
    assert_int_equal(name_indicator((struct str){longest, 64}, out), 0);
    for (size_t i = 50; i < sizeof longest; i += 50)
        longest[i] = '.';
    assert_int_equal(name_indicator((struct str){longest, 253}, out), 253);
    assert_int_equal(name_indicator((struct str){longest, 254}, out), 0);
    assert_int_equal(name_indicator((struct str){longest, 299}, out), 0);
}

static void values_keep_what_was_asked(void **state)
{
    (void)state;
    char out[NAME_SIZE];
    assert_int_equal(name_value(text("*.Evil.Example."), false, out), 14);
    assert_string_equal(out, "*.evil.example");
    assert_true(name_value(text("Brother Printer._pdl.local"), true, out) > 0);
    assert_int_equal(name_value(text("Brother Printer._pdl.local"), false, out), 0);
    assert_int_equal(name_value(text("v=spf1 include:evil.example"), false, out), 0);
    assert_int_equal(name_value(text("a/evil.example"), false, out), 0);
    assert_true(name_value(text("烽燧.中国"), false, out) > 0);
    assert_string_equal(out, "xn--1rxmt.xn--fiqs8s");
    assert_int_equal(name_value(text(""), true, out), 0);
}

static void an_escaped_dot_is_no_boundary(void **state)
{
    (void)state;
    char out[NAME_SIZE];
    assert_true(name_value(text("not\\.evil.example"), true, out) > 0);
    assert_null(strstr(out, ".evil.example"));
    assert_true(name_value(text("not\\046evil.example"), true, out) > 0);
    assert_null(strstr(out, ".evil.example"));
    assert_true(name_value(text("\\101.evil.example"), true, out) > 0);
    assert_string_equal(out, "e.evil.example");
}

static void labels_are_counted(void **state)
{
    (void)state;
    assert_int_equal(name_labels(text("a.b.c")), 3);
    assert_int_equal(name_labels(text("a")), 1);
    assert_int_equal(name_labels(text("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indicators_get_one_form),    cmocka_unit_test(what_cannot_be_a_name_is_refused),
        cmocka_unit_test(values_keep_what_was_asked), cmocka_unit_test(an_escaped_dot_is_no_boundary),
        cmocka_unit_test(labels_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
