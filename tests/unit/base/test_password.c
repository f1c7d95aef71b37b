#include "base/password.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

static const struct password_cost FAST = {.memory_kib = 8, .passes = 1};

static void a_password_is_known_again_and_no_other(void **state)
{
    (void)state;
    static const char *const OTHERS[] = {"", "Abcdef-12345", "abcdef-1234", "Abcdef-123", "Abcdef-1234 "};
    char hash[PASSWORD_TEXT_SIZE];
    struct err err;
    bool same = false;
    assert_ok(password_hash("Abcdef-1234", &FAST, &ENV_REAL, hash, &err), &err);
    assert_ok(password_check(hash, "Abcdef-1234", &same, &err), &err);
    assert_true(same);
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
        assert_ok(password_check(hash, OTHERS[i], &same, &err), &err);
        assert_false(same);
    }
}

static void the_same_password_never_looks_the_same(void **state)
{
    (void)state;
    char a[PASSWORD_TEXT_SIZE];
    char b[PASSWORD_TEXT_SIZE];
    struct err err;
    assert_ok(password_hash("口令-Abcdef", &FAST, &ENV_REAL, a, &err), &err);
    assert_ok(password_hash("口令-Abcdef", &FAST, &ENV_REAL, b, &err), &err);
    assert_string_not_equal(a, b);
    assert_null(strstr(a, "Abcdef"));
}

static void the_shipped_cost_is_what_the_rfc_asks_of_a_server(void **state)
{
    (void)state;
    char hash[PASSWORD_TEXT_SIZE];
    struct err err;
    assert_ok(password_hash("x", &PASSWORD_COST, &ENV_REAL, hash, &err), &err);
    assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=3,p=1$", 31);
}

static void a_known_answer_of_the_reference_holds(void **state)
{
    (void)state;
    /* phc-winner-argon2, src/test.c: argon2id, m=65536, t=2, p=1 */
    static const char HASH[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                               "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    struct err err;
    bool same = false;
    assert_ok(password_check(HASH, "password", &same, &err), &err);
    assert_true(same);
}

static void what_is_no_hash_is_damage(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"", "x", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$"};
    struct err err;
    bool same = true;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_code(password_check(WRONG[i], "x", &same, &err), ERR_DAMAGED);
    assert_true(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_known_again_and_no_other),
        cmocka_unit_test(the_same_password_never_looks_the_same),
        cmocka_unit_test(the_shipped_cost_is_what_the_rfc_asks_of_a_server),
        cmocka_unit_test(a_known_answer_of_the_reference_holds),
        cmocka_unit_test(what_is_no_hash_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
