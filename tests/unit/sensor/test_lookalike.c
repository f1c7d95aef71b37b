#include "sensor/lookalike.h"

#include "lib/check.h"

#include <stdio.h>
#include <string.h>

static struct lookalike *guard(const char *const *names)
{
    struct lookalike *lookalike = NULL;
    struct err err;
    assert_ok(lookalike_new(&lookalike, &err), &err);
    for (; *names; names++)
        assert_ok(lookalike_protect(lookalike, (struct str){*names, strlen(*names)}, &err), &err);
    return lookalike;
}

static void imitations_are_recognised(void **state)
{
    static const struct {
        const char *name;
        const char *imitates;
        enum imitation how;
    } CASES[] = {
        {"paypal.com", NULL, IMITATION_NONE},
        {"www.paypal.com", NULL, IMITATION_NONE},
        {"paypal.cn", "paypal.com", IMITATION_SUFFIX},
        {"paypa1.com", "paypal.com", IMITATION_GLYPHS},
        {"xn--pypal-4ve.com", "paypal.com", IMITATION_GLYPHS}, /* a Cyrillic а */
        {"login.paypall.com", "paypal.com", IMITATION_TYPING},
        {"papal.com", "paypal.com", IMITATION_TYPING},
        {"paypzl.com", "paypal.com", IMITATION_TYPING},
        {"pyapal.com", "paypal.com", IMITATION_TYPING},
        {"pay-pal.com", "paypal.com", IMITATION_TYPING},
        {"rnicrosoft.com", "microsoft.com", IMITATION_PAIRS},
        {"vvechat.com", "wechat.com", IMITATION_PAIRS},
        {"wwwpaypal.com", "paypal.com", IMITATION_JOINED},
        {"paypalcom.net", "paypal.com", IMITATION_JOINED},
        {"paypal-com.net", "paypal.com", IMITATION_JOINED},
        {"pay.pal.com", "paypal.com", IMITATION_JOINED},
        {"pineapple.com", NULL, IMITATION_NONE},
        {"aaa.com", NULL, IMITATION_NONE}, /* three letters: a neighbour of abb is no typing error */
        {"paypal", NULL, IMITATION_NONE},
        {"", NULL, IMITATION_NONE},
    };
    static const char *const NAMES[] = {"paypal.com",      "microsoft.com", "wechat.com",
                                        "digitalbank.com", "abb.com",       NULL};
    (void)state;
    struct lookalike *lookalike = guard(NAMES);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        enum imitation how;
        const char *found = lookalike_find(lookalike, (struct str){CASES[i].name, strlen(CASES[i].name)},
                                           &how);
        if (how != CASES[i].how || (found != NULL) != (CASES[i].imitates != NULL) ||
            (found && strcmp(found, CASES[i].imitates) != 0))
            fail_msg("%s: %s, %s", CASES[i].name, found ? found : "-", imitation_name(how));
    }
    lookalike_free(lookalike);
}

static void what_is_known_to_be_itself_imitates_nobody(void **state)
{
    static const char *const NAMES[] = {"paypal.com", NULL};
    (void)state;
    enum imitation how;
    struct err err;
    struct lookalike *lookalike = guard(NAMES);
    assert_ok(lookalike_allow(lookalike, (struct str){"paypay.com", 10}, &err), &err);
    assert_null(lookalike_find(lookalike, (struct str){"www.paypay.com", 14}, &how));
    assert_non_null(lookalike_find(lookalike, (struct str){"paypay.net", 10}, &how));
    lookalike_free(lookalike);
}

static void none_is_imitated_where_none_is_protected(void **state)
{
    static const char *const NAMES[] = {NULL};
    (void)state;
    enum imitation how;
    struct lookalike *lookalike = guard(NAMES);
    assert_null(lookalike_find(lookalike, (struct str){"a.example", 9}, &how));
    lookalike_free(lookalike);
    lookalike_free(NULL);
}

static void many_names_are_all_found(void **state)
{
    static const char *const NAMES[] = {NULL};
    (void)state;
    char name[64];
    enum imitation how;
    struct err err;
    struct lookalike *lookalike = guard(NAMES);
    for (int i = 0; i < 2000; i++) {
        int n = snprintf(name, sizeof name, "company%dab%d.com", i * 7919, i);
        assert_ok(lookalike_protect(lookalike, (struct str){name, (size_t)n}, &err), &err);
    }
    for (int i = 0; i < 2000; i++) {
        int n = snprintf(name, sizeof name, "ccompany%dab%d.com", i * 7919, i);
        assert_non_null(lookalike_find(lookalike, (struct str){name, (size_t)n}, &how));
    }
    lookalike_free(lookalike);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imitations_are_recognised),
        cmocka_unit_test(what_is_known_to_be_itself_imitates_nobody),
        cmocka_unit_test(none_is_imitated_where_none_is_protected),
        cmocka_unit_test(many_names_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
