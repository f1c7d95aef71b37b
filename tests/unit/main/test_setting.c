#include "main/setting.h"
#include "lib/check.h"

#include <string.h>

static void takes(struct setting_row row, const char *text, int64_t want)
{
    struct err err;
    int64_t number = -1;
    assert_ok(setting_parse(&row, text, &number, &err), &err);
    if (setting_is_number(row.type))
        assert_true(number == want);
}

static void refuses(struct setting_row row, const char *text, const char *why)
{
    struct err err;
    int64_t number = -1;
    assert_code(setting_parse(&row, text, &number, &err), ERR_INVALID);
    assert_true(number == -1);
    if (!strstr(err.message, why))
        fail_msg("'%s': '%s' does not say '%s'", text, err.message, why);
}

static const struct setting_row COUNT = {.type = SETTING_COUNT, .min = 0, .max = 100};
static const struct setting_row TIME = {.type = SETTING_DURATION, .min = 1, .max = 172800000};
static const struct setting_row SIZE = {.type = SETTING_SIZE, .min = 1, .max = INT64_MAX};

static void amounts_have_the_unit_of_their_kind(void **state)
{
    (void)state;
    takes(COUNT, "100", 100);
    takes(TIME, "5 min", 300000);
    takes(TIME, "250ms", 250);
    takes(TIME, "2 d", 172800000);
    takes(SIZE, "3 GiB", INT64_C(3) << 30);
    takes(SIZE, "7 B", 7);
    refuses(COUNT, "5 s", "takes a whole number, not '5 s'");
    refuses(TIME, "60", "one of ms, s, min, h, d, not '60'");
    refuses(TIME, "5 MiB", "one of ms, s, min, h, d");
    refuses(SIZE, "5 MB", "one of B, KiB, MiB, GiB");
    refuses(SIZE, "5 mib", "one of B, KiB, MiB, GiB");
}

static void amounts_are_whole_signed_and_in_range(void **state)
{
    (void)state;
    static const char *const BAD[] = {"", " ", "1.5", "0x10", "1e3", "１", "+5", "5  s", "5 ", "--5", "s"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        refuses(COUNT, BAD[i], "takes a whole number");
    refuses(COUNT, "-4", "takes 0 to 100, not '-4'");
    refuses(COUNT, "101", "takes 0 to 100");
    refuses(COUNT, "99999999999999999999", "takes 0 to 100");
    refuses(TIME, "3 d", "takes 1 to 172800000 ms");
    refuses(TIME, "0 s", "takes 1 to");
    refuses(SIZE, "9223372036854775807 GiB", "takes 1 to 9223372036854775807 B");
}

static void addresses_are_numbers_with_a_port(void **state)
{
    (void)state;
    static const struct setting_row ROW = {.type = SETTING_ADDRESS, .min = 3, .max = 100};
    static const char *const GOOD[] = {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:8480", "[::]:1"};
    static const char *const BAD[] = {"127.0.0.1",      "localhost:80", ":8480",     "127.0.0.1:65536",
                                      "127.0.0.1:",     "::1:8480",     "[::1]8480", "127.0.0.1:80x",
                                      "[127.0.0.1]:80", "256.0.0.1:1",  "[]:80",     "127.0.0.1:-1"};
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        takes(ROW, GOOD[i], 0);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        refuses(ROW, BAD[i], "takes an address and port");
    refuses(ROW, "", "must not be empty");
}

static void urls_are_https_and_name_a_host(void **state)
{
    (void)state;
    static const struct setting_row ROW = {.type = SETTING_URL, .min = 0, .max = 500};
    static const char *const GOOD[] = {"", "https://a.example", "https://10.0.0.1:8443",
                                       "https://[::1]:8443"};
    static const char *const BAD[] = {"http://a.example", "https://",    "https://a/b",
                                      "https://a:99999",  "https://a b", "https://[::1",
                                      "https://a:8443/",  "a.example"};
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        takes(ROW, GOOD[i], 0);
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        refuses(ROW, BAD[i], "takes https://host");
}

static void texts_choices_and_names_are_what_their_row_says(void **state)
{
    (void)state;
    static const struct setting_row ID = {.type = SETTING_ID, .min = 1, .max = 8};
    static const struct setting_row CHOICE = {.type = SETTING_CHOICE, .unit = "text|json"};
    static const struct setting_row BOOL = {.type = SETTING_BOOL};
    static const struct setting_row PATH = {.type = SETTING_PATH, .min = 1, .max = 4};
    takes(ID, "pca-33", 0);
    refuses(ID, "PCA", "small letters");
    refuses(ID, "-a", "small letters");
    refuses(ID, "abcdefghi", "1 to 8 characters, not 9");
    takes(CHOICE, "json", 0);
    refuses(CHOICE, "xml", "takes text|json, not 'xml'");
    refuses(CHOICE, "", "takes text|json");
    takes(BOOL, "true", 1);
    takes(BOOL, "false", 0);
    refuses(BOOL, "yes", "takes true or false");
    takes(PATH, "烽燧烽燧", 0);
    refuses(PATH, "烽燧烽燧烽", "1 to 4 characters, not 5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_have_the_unit_of_their_kind),
        cmocka_unit_test(amounts_are_whole_signed_and_in_range),
        cmocka_unit_test(addresses_are_numbers_with_a_port),
        cmocka_unit_test(urls_are_https_and_name_a_host),
        cmocka_unit_test(texts_choices_and_names_are_what_their_row_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
