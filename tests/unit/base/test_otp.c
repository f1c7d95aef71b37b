#include "base/otp.h"
#include "lib/check.h"

#include <string.h>

static const uint8_t SECRET[OTP_SECRET_BYTES] = "12345678901234567890"; /* RFC 6238, appendix B */

static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t s;
        const char *code; /* the last six of its eight digits */
    } ROWS[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {INT64_C(20000000000), "353130"}};
    struct err err;
    char code[OTP_CODE_SIZE];
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        assert_ok(otp_code(SECRET, otp_step(ROWS[i].s * 1000), code, &err), &err);
        assert_string_equal(code, ROWS[i].code);
    }
}

static void a_code_is_good_for_its_step_and_its_neighbours_once(void **state)
{
    (void)state;
    struct err err;
    char code[OTP_CODE_SIZE];
    int64_t step = 0;
    int64_t now_ms = INT64_C(1242741000000);
    int64_t now = otp_step(now_ms);
    for (int64_t off = -2; off <= 2; off++) {
        assert_ok(otp_code(SECRET, now + off, code, &err), &err);
        assert_ok(otp_find(SECRET, code, now_ms, 0, &step, &err), &err);
        assert_int_equal(step, off >= -1 && off <= 1 ? now + off : 0);
        assert_ok(otp_find(SECRET, code, now_ms, now + off, &step, &err), &err);
        assert_int_equal(step, 0);
    }
    assert_ok(otp_code(SECRET, now - 1, code, &err), &err);
    assert_ok(otp_find(SECRET, code, now_ms, now, &step, &err), &err);
    assert_int_equal(step, 0); /* an older one than the last used */
}

static void what_is_no_code_is_none(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"", "28708", "2870820", "abcdef", "28708\n", "２８７０８２"};
    struct err err;
    int64_t step = 9;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        assert_ok(otp_find(SECRET, WRONG[i], 59000, 0, &step, &err), &err);
        assert_int_equal(step, 0);
    }
    assert_ok(otp_find(SECRET, "287082", 59000, 0, &step, &err), &err);
    assert_int_equal(step, 1);
}

static void the_secret_is_told_in_base32(void **state)
{
    (void)state;
    char text[OTP_SECRET_TEXT_SIZE];
    otp_text(SECRET, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(a_code_is_good_for_its_step_and_its_neighbours_once),
        cmocka_unit_test(what_is_no_code_is_none),
        cmocka_unit_test(the_secret_is_told_in_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
