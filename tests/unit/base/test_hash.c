#include "base/hash.h"
#include "base/str.h"
#include "lib/check.h"

#include <string.h>

static void known_answers_hold(void **state)
{
    (void)state;
    struct err err;
    assert_ok(hash_self_test(&err), &err);
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++)
        assert_int_equal(suite_parse(suite_name(suite)), suite);
    assert_int_equal(suite_parse("SM2-SM3"), -1);
    assert_int_equal(suite_parse(""), -1);
    assert_int_equal(suite_parse(NULL), -1);
    assert_null(suite_name(SUITE_COUNT));
}

/* GB/T 32905-2016, annex A.2: "abcd" sixteen times. */
static void streams_like_one_shot(void **state)
{
    (void)state;
    struct err err;
    struct hasher *hasher = NULL;
    uint8_t streamed[HASH_SIZE];
    uint8_t whole[HASH_SIZE];
    char text[65] = "";
    char hex[HASH_TEXT_SIZE];
    assert_ok(hasher_new(SUITE_SM2_SM3, &hasher, &err), &err);
    hash_begin(hasher);
    hash_add(hasher, "left over", 9);
    hash_begin(hasher);
    for (size_t i = 0; i < 16; i++) {
        memcpy(text + 4 * i, "abcd", 4);
        hash_add(hasher, "abcd", 4);
        hash_add(hasher, NULL, 0);
    }
    assert_ok(hash_end(hasher, streamed, &err), &err);
    hex_encode(streamed, sizeof streamed, hex);
    assert_string_equal(hex, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    assert_ok(hash_once(hasher, text, 64, whole, &err), &err);
    assert_memory_equal(whole, streamed, HASH_SIZE);
    hasher_free(hasher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers_hold),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(streams_like_one_shot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
