#include "sensor/dns_hijack.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <string.h>

static const char LIST[] = "www.bank.example 192.0.2.0/24\n";

static size_t tell_of(const char *name, int rcode, const char *address, struct dns_told *told)
{
    struct dns_open_list list;
    struct protect protect;
    struct dns_fixture_event one;
    struct err err;
    dns_fixture_list(&list, told);
    assert_ok(protect_read(LIST, strlen(LIST), &protect, &err), &err);
    dns_fixture_event(&one, 1, name, DNS_A, rcode, address, 1000);
    dns_hijack_look(&protect, &list, &one.event);
    dns_fixture_end(&list);
    protect_done(&protect);
    dns_open_list_done(&list);
    return told->count;
}

static void an_answer_from_elsewhere_is_told_with_it(void **state)
{
    (void)state;
    struct dns_told told;
    assert_int_equal(tell_of("www.bank.example", 0, "203.0.113.66", &told), 1);
    assert_string_equal(told.kinds[0], "dns-hijack");
    assert_string_equal(told.targets[0], "www.bank.example");
    assert_non_null(strstr(told.evidence[0], "\"answers\":[[\"203.0.113.66\",1]]"));
    assert_non_null(strstr(told.evidence[0], "\"servers\":[[\"198.51.100.53\",1]]"));
}

static void what_is_known_or_not_protected_is_nothing(void **state)
{
    (void)state;
    struct dns_told told;
    assert_int_equal(tell_of("www.bank.example", 0, "192.0.2.66", &told), 0);
    assert_int_equal(tell_of("other.example", 0, "203.0.113.66", &told), 0);
    assert_int_equal(tell_of("www.bank.example", -1, NULL, &told), 0);
    assert_int_equal(tell_of("www.bank.example", DNS_NXDOMAIN, NULL, &told), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_from_elsewhere_is_told_with_it),
        cmocka_unit_test(what_is_known_or_not_protected_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
