#include "http/chars.h"
#include "lib/check.h"

#include <string.h>

#define ALNUM "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Each row of RFC 9110 and RFC 3986 spelled out. */
static const struct class_row {
    enum char_class set;
    const char *members;
} CLASSES[] = {
    {CHAR_TOKEN, ALNUM "!#$%&'*+-.^_`|~"},
    {CHAR_URI, ALNUM "-._~!$&'()*+,;=:@/?%[]"},
    {CHAR_HEX, "0123456789ABCDEFabcdef"},
    {CHAR_HOST, ALNUM "-._~"},
};

static void the_table_is_what_the_standards_list(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        for (size_t i = 0; i < sizeof CLASSES / sizeof CLASSES[0]; i++) {
            bool want = c != 0 && strchr(CLASSES[i].members, c) != NULL;
            if (char_is((char)c, CLASSES[i].set) != want)
                fail_msg("byte %d, class %d", c, (int)CLASSES[i].set);
        }
        bool field = c == '\t' || (c >= ' ' && c != 127);
        assert_int_equal(char_is((char)c, CHAR_FIELD), field);
    }
}

static void lists_are_taken_apart(void **state)
{
    (void)state;
    static const char LIST[] = " a ,,\tb c\t, d";
    static const char *const WANT[] = {"a", "", "b c", "d"};
    struct str list = {LIST, sizeof LIST - 1};
    struct str element;
    for (size_t i = 0; i < 4; i++)
        assert_true(chars_list_next(&list, &element) && str_eq(element, WANT[i]));
    assert_false(chars_list_next(&list, &element));
}

static void letters_compare_without_case(void **state)
{
    (void)state;
    assert_true(chars_same((struct str){"ChUnKeD", 7}, "chunked"));
    assert_false(chars_same((struct str){"chunke", 6}, "chunked"));
    assert_false(chars_same((struct str){"chunkedx", 8}, "chunked"));
    assert_false(chars_same((struct str){"\x01", 1}, "!"));
    assert_int_equal(char_hex('a'), 10);
    assert_int_equal(char_hex('F'), 15);
    assert_int_equal(char_hex('9'), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_what_the_standards_list),
        cmocka_unit_test(lists_are_taken_apart),
        cmocka_unit_test(letters_compare_without_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
