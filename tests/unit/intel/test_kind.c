#include "intel/kind.h"
#include "lib/check.h"

#include <string.h>

static void names_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < KIND_COUNT; i++) {
        const char *name = kind_name((enum kind)i);
        assert_int_equal(kind_parse((struct str){name, strlen(name)}), i);
    }
    assert_int_equal(kind_parse((struct str){"DOMAIN", 6}), -1);
    assert_int_equal(kind_parse((struct str){"", 0}), -1);
}

static void only_hashes_have_digests(void **state)
{
    (void)state;
    assert_int_equal(kind_digest_bytes(KIND_MD5), 16);
    assert_int_equal(kind_digest_bytes(KIND_SHA1), 20);
    assert_int_equal(kind_digest_bytes(KIND_SHA256), 32);
    assert_int_equal(kind_digest_bytes(KIND_SM3), 32);
    assert_false(kind_is_hash(KIND_DOMAIN));
    assert_false(kind_is_hash(KIND_NUMBER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_round_trip),
        cmocka_unit_test(only_hashes_have_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
