#include "intel/number.h"
#include "lib/check.h"

#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void numbers_ranges_and_prefixes_are_read(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"+8613800138000", "+8613800138000"},
        {"+86 138-0013-8000", "+8613800138000"},
        {"tel:+86(10)12345678", "+861012345678"},
        {"+8617000000000-+8617000009999", "+8617000000000-+8617000009999"},
        {"+86170*", "+86170*"},
        {"+1234567", "+1234567"},
        {"+123456789012345", "+123456789012345"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct number_range range;
        char back[NUMBER_TEXT_SIZE];
        assert_true(number_parse(text(GOOD[i][0]), &range));
        number_format(&range, back);
        assert_string_equal(back, GOOD[i][1]);
    }
    static const char *const BAD[] = {"",
                                      "8613800138000",
                                      "+",
                                      "+123456",
                                      "+1234567890123456",
                                      "+0123456789",
                                      "+86x",
                                      "+8617000009999-+8617000000000",
                                      "+8617000000000-+861700000",
                                      "+8613800138000 x"};
    struct number_range range;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(number_parse(text(BAD[i]), &range));
}

/* Every number of the range, and no other, has exactly one piece. */
static void pieces_cover_a_range_exactly(void **state)
{
    (void)state;
    static const uint64_t RANGES[][2] = {
        {1000000, 9999999}, {1234567, 1234567}, {1234567, 1234999}, {1000001, 1999998}, {1999999, 2000000}};
    for (size_t r = 0; r < sizeof RANGES / sizeof RANGES[0]; r++) {
        struct number_range range = {RANGES[r][0], RANGES[r][1], 7, false};
        struct number_piece pieces[NUMBER_PIECES_MAX];
        size_t count = number_split(&range, pieces);
        assert_true(count > 0 && count <= NUMBER_PIECES_MAX);
        uint64_t next = range.first;
        for (size_t i = 0; i < count; i++) {
            uint64_t block = 1;
            for (unsigned k = pieces[i].digits; k < 7; k++)
                block *= 10;
            assert_int_equal(pieces[i].length, 7);
            assert_true(pieces[i].prefix * block == next);
            next += block;
        }
        assert_true(next == range.last + 1);
    }
}

static void keys_tell_length_and_digits(void **state)
{
    (void)state;
    uint8_t key[NUMBER_KEY_MAX];
    struct number_piece piece = {13, 5, 86170};
    assert_int_equal(number_key(&piece, key), 6);
    assert_memory_equal(key,
                        "\x0D"
                        "86170",
                        6);
    struct number_range open;
    struct number_piece pieces[NUMBER_PIECES_MAX];
    assert_true(number_parse(text("+86170*"), &open));
    assert_int_equal(number_split(&open, pieces), 1);
    assert_int_equal(pieces[0].length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_ranges_and_prefixes_are_read),
        cmocka_unit_test(pieces_cover_a_range_exactly),
        cmocka_unit_test(keys_tell_length_and_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
