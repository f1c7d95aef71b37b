#include "domain/fingerprint.h"
#include "lib/check.h"

#include <string.h>

static void parts_cannot_be_moved_into_each_other(void **state)
{
    (void)state;
    char a[FINGERPRINT_TEXT_SIZE];
    char b[FINGERPRINT_TEXT_SIZE];
    struct err err;
    struct str one[] = {{"ab", 2}, {"c", 1}};
    struct str two[] = {{"a", 1}, {"bc", 2}};
    assert_ok(fingerprint(one, 2, a, &err), &err);
    assert_ok(fingerprint(two, 2, b, &err), &err);
    assert_string_not_equal(a, b);
    assert_ok(fingerprint(one, 2, b, &err), &err);
    assert_string_equal(a, b);
    assert_int_equal(strlen(a), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_cannot_be_moved_into_each_other)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
