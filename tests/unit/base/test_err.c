#include "base/err.h"
#include "lib/check.h"

static void fills_code_and_message(void **state)
{
    (void)state;
    struct err err;
    assert_code(err_set(&err, ERR_INVALID, "bad %d", 7), ERR_INVALID);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.message, "bad 7");
    assert_string_equal(err.field, "");
    assert_code(err_set(NULL, ERR_IO, "nobody listens"), ERR_IO);
}

static void names_the_field_and_its_path(void **state)
{
    (void)state;
    struct err err;
    (void)err_field(&err, ERR_INVALID, "provinces", "no such region");
    err_field_prefix(&err, "scope");
    err_field_prefix(&err, "body");
    assert_string_equal(err.field, "body.scope.provinces");
    (void)err_field(&err, ERR_INVALID, "[3]", "no such region");
    err_field_prefix(&err, "provinces");
    assert_string_equal(err.field, "provinces[3]");
}

static void every_code_has_a_row(void **state)
{
    (void)state;
    assert_string_equal(errc_info(ERR_POWER)->slug, "power");
    assert_int_equal(errc_info(ERR_FULL)->http_status, 507);
    assert_string_equal(errc_info((enum errc)(-9999))->name, "INTERNAL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_code_and_message),
        cmocka_unit_test(names_the_field_and_its_path),
        cmocka_unit_test(every_code_has_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
