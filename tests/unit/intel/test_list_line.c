#include "intel/list_line.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

static const char *split(const char *line, enum list_form want)
{
    static char out[512];
    struct list_pieces pieces;
    size_t n = 0;
    struct str trimmed = list_line_trim((struct str){line, strlen(line)});
    assert_int_equal(list_line_split(trimmed, &pieces), want);
    out[0] = '\0';
    for (size_t i = 0; want != LIST_NOTHING && i < pieces.count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s", i ? "|" : "", (int)pieces.at[i].n,
                              pieces.at[i].p);
    return out;
}

static void comments_and_blanks_are_nothing(void **state)
{
    (void)state;
    static const char *const NOTHING[] = {"", "   ", "# x", "#", "; x", "! x", "  # x", "\t"};
    for (size_t i = 0; i < sizeof NOTHING / sizeof NOTHING[0]; i++)
        (void)split(NOTHING[i], LIST_NOTHING);
    assert_true(str_eq(list_line_comment((struct str){"## a,b", 6}), "a,b"));
}

static void what_stands_behind_is_cut(void **state)
{
    (void)state;
    assert_string_equal(split("  evil.example  ", LIST_FIRST), "evil.example");
    assert_string_equal(split("evil.example # why", LIST_FIRST), "evil.example");
    assert_string_equal(split("192.0.2.0/24 ; SBL1", LIST_FIRST), "192.0.2.0/24");
    assert_string_equal(split("http://evil.example/#part", LIST_FIRST), "http://evil.example/#part");
    assert_string_equal(split("evil.example\r", LIST_FIRST), "evil.example");
}

static void hosts_files_name_what_they_block(void **state)
{
    (void)state;
    assert_string_equal(split("0.0.0.0 a.example b.example", LIST_ALL), "a.example|b.example");
    assert_string_equal(split("127.0.0.1\ta.example # x", LIST_ALL), "a.example");
    assert_string_equal(split("::1 a.example", LIST_ALL), "a.example");
    (void)split("127.0.0.1 localhost", LIST_NOTHING);
    (void)split("::1 ip6-localhost ip6-loopback", LIST_NOTHING);
    assert_string_equal(split("127.0.0.1", LIST_FIRST), "127.0.0.1");
}

static void blockers_have_their_own_forms(void **state)
{
    (void)state;
    assert_string_equal(split("||evil.example^", LIST_ALL), "evil.example");
    assert_string_equal(split("||evil.example^$third-party", LIST_ALL), "evil.example");
    assert_string_equal(split("address=/a.example/b.example/0.0.0.0", LIST_ALL), "a.example|b.example");
    assert_string_equal(split("local=/a.example/", LIST_ALL), "a.example");
}

static void tables_give_their_cells(void **state)
{
    (void)state;
    assert_string_equal(split("192.0.2.1\t10", LIST_FIRST), "192.0.2.1|10");
    assert_string_equal(split("1,evil.example,x", LIST_FIRST), "1,evil.example,x|1|evil.example|x");
    assert_string_equal(split("evil.example some words", LIST_FIRST), "evil.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_and_blanks_are_nothing),  cmocka_unit_test(what_stands_behind_is_cut),
        cmocka_unit_test(hosts_files_name_what_they_block), cmocka_unit_test(blockers_have_their_own_forms),
        cmocka_unit_test(tables_give_their_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
