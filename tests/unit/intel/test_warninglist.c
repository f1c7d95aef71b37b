#include "lib/shared.h"
#include "unit/intel/list_fixture.h"

static void types_say_how_an_entry_matches(void **state)
{
    (void)state;
    static struct list_told told;
    struct err err;
    static const char STRINGS[] =
        "{\"name\":\"Top\",\"type\":\"string\",\"list\":[\"good.example\",\"x\",7]}";
    assert_ok(list_fixture_read(STRINGS, strlen(STRINGS), &told, &err), &err);
    assert_string_equal(told.text, "domain good.example [ -1  1]\nbad 2 x\nbad 3 \n");
    assert_string_equal(told.name, "Top");
    assert_int_equal(told.counts.lines, 3);
    static const char CIDR[] = " \n {\"type\":\"cidr\",\"list\":[\"10.0.0.0/8\"]}";
    assert_ok(list_fixture_read(CIDR, strlen(CIDR), &told, &err), &err);
    assert_string_equal(told.text, "ipv4 10.0.0.0/8\n");
    static const char REGEX[] = "{\"type\":\"regex\",\"list\":[\"/a/\",\"good.example\"]}";
    assert_ok(list_fixture_read(REGEX, strlen(REGEX), &told, &err), &err);
    assert_int_equal(told.counts.bad_lines, 2);
}

static void other_json_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {"{",
                                      "{}",
                                      "{\"type\":\"string\"}",
                                      "{\"list\":[]}",
                                      "{\"type\":\"cidr\",\"list\":[}",
                                      "{\"type\":1,\"list\":[]}"};
    static struct list_told told;
    struct err err;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_code(list_fixture_read(BAD[i], strlen(BAD[i]), &told, &err), ERR_SYNTAX);
}

static void one_line_may_be_megabytes(void **state)
{
    (void)state;
    static struct list_told told;
    struct err err;
    size_t size = 2 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, ' ', size);
    memcpy(text, "{\"type\":\"string\",\"list\":[\"good.example\"", 39);
    memcpy(text + size - 2, "]}", 2);
    assert_ok(list_fixture_read(text, size, &told, &err), &err);
    assert_int_equal(told.counts.indicators, 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_say_how_an_entry_matches),
        cmocka_unit_test(other_json_is_refused),
        cmocka_unit_test(one_line_may_be_megabytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
