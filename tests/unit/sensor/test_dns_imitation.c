#include "sensor/dns_imitation.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <string.h>

static void a_question_for_an_imitation_is_told(void **state)
{
    (void)state;
    struct dns_told told;
    struct dns_open_list list;
    struct lookalike *lookalike = NULL;
    struct dns_fixture_event one;
    struct err err;
    dns_fixture_list(&list, &told);
    assert_ok(lookalike_new(&lookalike, &err), &err);
    assert_ok(lookalike_protect(lookalike, (struct str){"mybank.example", 14}, &err), &err);
    dns_fixture_event(&one, 1, "login.mybamk.example", DNS_A, -1, NULL, 1000);
    dns_imitation_look(lookalike, &list, &one.event);
    dns_imitation_look(lookalike, &list, &one.event);
    dns_fixture_event(&one, 1, "login.mybank.example", DNS_A, -1, NULL, 1000);
    dns_imitation_look(lookalike, &list, &one.event);
    dns_fixture_event(&one, 1, "login.mybamk.example", DNS_A, DNS_NXDOMAIN, NULL, 1000);
    dns_imitation_look(lookalike, &list, &one.event);
    dns_fixture_end(&list);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.kinds[0], "look-alike");
    assert_string_equal(told.targets[0], "mybank.example");
    assert_non_null(strstr(told.evidence[0], "\"messages\":2,"));
    assert_non_null(strstr(told.evidence[0], "\"examples\":[\"login.mybamk.example\"]"));
    lookalike_free(lookalike);
    dns_open_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_for_an_imitation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
