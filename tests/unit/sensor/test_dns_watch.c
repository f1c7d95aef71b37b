#include "sensor/dns_watch.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <stdio.h>
#include <string.h>

static struct dns_told told;
static struct dns_open_list list;
static struct dns_watch watch;

static int begin(void **state)
{
    (void)state;
    struct err err;
    dns_fixture_list(&list, &told);
    assert_ok(dns_watch_init(&watch, 1 << 8, &list, &err), &err);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dns_watch_done(&watch);
    dns_open_list_done(&list);
    return 0;
}

static void see(const char *name, uint16_t type, int rcode, const char *address, int64_t now_ms)
{
    struct dns_fixture_event one;
    dns_fixture_event(&one, 1, name, type, rcode, address, now_ms);
    dns_watch_add(&watch, &one.event);
}

static bool was_told(const char *kind, const char *target)
{
    for (size_t i = 0; i < told.count; i++)
        if (strcmp(told.kinds[i], kind) == 0 && strcmp(told.targets[i], target) == 0)
            return true;
    return false;
}

static void random_subdomains_are_an_attack_on_their_zone(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "x%d.victim.example", i * 7919);
        see(name, DNS_A, DNS_NXDOMAIN, NULL, 1000 + i);
    }
    dns_fixture_end(&list);
    assert_true(was_told("random-subdomain", "victim.example"));
    assert_true(was_told("nxdomain-flood", "192.0.2.9"));
}

static void one_name_that_is_missing_is_no_attack(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++)
        see("wpad.corp.example", DNS_A, DNS_NXDOMAIN, NULL, 1000 + i);
    for (int i = 0; i < 300; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "x%d.cdn.example", i);
        see(name, DNS_A, 0, "192.0.2.1", 1000 + i);
    }
    dns_fixture_end(&list);
    assert_int_equal(told.count, 0);
}

static void long_names_one_after_another_are_a_tunnel(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        char name[128];
        (void)snprintf(name, sizeof name, "%060d.%030d.tunnel.example", i * 31, i);
        see(name, DNS_A, -1, NULL, 1000 + i);
        (void)snprintf(name, sizeof name, "%d.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
                       i);
        see(name, DNS_PTR, -1, NULL, 1000 + i); /* long by nature */
    }
    dns_fixture_end(&list);
    assert_int_equal(told.count, 1);
    assert_true(was_told("dns-tunnel", "tunnel.example"));
    assert_non_null(strstr(told.evidence[0], "\"bad\":60,"));
}

static void a_server_that_fails_is_told(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++)
        see("www.example", DNS_A, i % 2 ? DNS_SERVFAIL : 0, i % 2 ? NULL : "192.0.2.1", 1000 + i);
    dns_fixture_end(&list);
    assert_true(was_told("resolver-failing", "198.51.100.53"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_subdomains_are_an_attack_on_their_zone, begin, end),
        cmocka_unit_test_setup_teardown(one_name_that_is_missing_is_no_attack, begin, end),
        cmocka_unit_test_setup_teardown(long_names_one_after_another_are_a_tunnel, begin, end),
        cmocka_unit_test_setup_teardown(a_server_that_fails_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
