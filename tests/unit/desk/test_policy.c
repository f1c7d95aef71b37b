#include "desk/policy.h"
#include "lib/check.h"

#include <string.h>

static enum errc check(const char *password)
{
    struct err err;
    enum errc rc = policy_check_text(&ACCESS_POLICY, "zhangsan", password, &err);
    if (rc < 0)
        assert_string_equal(err.field, "password");
    return rc;
}

static void passwords_that_people_can_live_with_are_taken(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"Jade-Gate_2017", "烽火台Abc4567890", "correct horse Battery 9",
                                       "xK4#mmmmmm", "Passwords-are-a-bore-1"};
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++)
        assert_code(check(GOOD[i]), ERR_OK);
}

static void short_plain_and_wellknown_ones_are_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",
        "Ab-4567890"
        "\xff",
        "Ab-456789",        /* nine characters */
        "abcdefghijklmnop", /* one class */
        "abcdefgh12345678", /* two */
        "Zhangsan-98765",   /* holds the login name */
        "x-ZHANGSAN-9876",  /* in any case */
        "Password-12",      /* and what is built around it */
        "Admin@12345",
        "P@ssw0rd-77",
        "Fengsui-2026",
    };
    char longest[200];
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (check(BAD[i]) != ERR_INVALID)
            fail_msg("%s is taken", BAD[i]);
    memset(longest, 'x', sizeof longest);
    memcpy(longest, "A1-", 3);
    longest[129] = '\0';
    assert_code(check(longest), ERR_INVALID);
    longest[128] = '\0';
    assert_code(check(longest), ERR_OK);
}

static void the_last_passwords_do_not_come_back(void **state)
{
    (void)state;
    struct access_policy policy = ACCESS_POLICY;
    static const char *const WAS[] = {"Was-number-1", "Was-number-2", "Was-number-3",
                                      "Was-number-4", "Was-number-5", "Was-number-6"};
    char hashes[6][PASSWORD_TEXT_SIZE];
    const char *former[5];
    struct err err;
    policy.cost = (struct password_cost){.memory_kib = 8, .passes = 1};
    for (size_t i = 0; i < 6; i++)
        assert_ok(password_hash(WAS[i], &policy.cost, &ENV_REAL, hashes[i], &err), &err);
    for (size_t i = 0; i < 5; i++)
        former[i] = hashes[i + 1];
    struct account account = {.name = "zhangsan", .password = hashes[0], .former = former, .former_count = 5};
    for (size_t i = 0; i < 5; i++) /* the one in force and four before it */
        assert_code(policy_check(&policy, &account, WAS[i], &err), ERR_INVALID);
    assert_code(policy_check(&policy, &account, WAS[5], &err), ERR_OK);
    account.password = "";
    assert_code(policy_check(&policy, &account, WAS[0], &err), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_that_people_can_live_with_are_taken),
        cmocka_unit_test(short_plain_and_wellknown_ones_are_refused),
        cmocka_unit_test(the_last_passwords_do_not_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
