#include "base/str.h"
#include "lib/check.h"

#include <string.h>

static void knows_good_and_bad_utf8(void **state)
{
    (void)state;
    static const char *const BAD[] = {"\x80",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x80\x80",
                                      "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80", "\xE7\x83",
                                      "a\xFF"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(utf8_valid(BAD[i], strlen(BAD[i])));
    assert_true(utf8_valid("烽燧 \xF0\x9F\x94\xA5", strlen("烽燧 \xF0\x9F\x94\xA5")));
    assert_int_equal(utf8_count("烽燧a", strlen("烽燧a")), 3);
    size_t at = 0;
    assert_int_equal(utf8_next("烽", 3, &at), 0x70FD);
    assert_int_equal(at, 3);
}

static void hex_round_trip(void **state)
{
    (void)state;
    unsigned char back[3];
    char text[7];
    hex_encode("\x00\xAB\xFF", 3, text);
    assert_string_equal(text, "00abff");
    assert_true(hex_decode("00ABff", 6, back, 3));
    assert_memory_equal(back, "\x00\xAB\xFF", 3);
    assert_false(hex_decode("00ABf", 5, back, 3));
    assert_false(hex_decode("00ABfg", 6, back, 3));
}

static void base64_round_trip_and_canonical_only(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    unsigned char bytes[64];
    for (size_t n = 0; n < sizeof bytes; n++) {
        bytes[n] = (unsigned char)(n * 37 + 1);
        char *text = base64_encode(&arena, bytes, n);
        size_t size = 0;
        unsigned char *back = base64_decode(&arena, text, strlen(text), &size);
        assert_non_null(back);
        assert_int_equal(size, n);
        assert_memory_equal(back, bytes, n);
    }
    size_t size = 0;
    static const char *const BAD[] = {"QQ=", "QR==", "QUJ=", "Q===", "QQ==QQ==", "Q Q=", "====", "QUJ\xC3"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_null(base64_decode(&arena, BAD[i], strlen(BAD[i]), &size));
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_good_and_bad_utf8),
        cmocka_unit_test(hex_round_trip),
        cmocka_unit_test(base64_round_trip_and_canonical_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
