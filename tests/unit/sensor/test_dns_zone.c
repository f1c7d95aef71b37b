#include "sensor/dns_zone.h"

#include "lib/check.h"

#include <string.h>

static void the_registered_part_is_found(void **state)
{
    static const struct {
        const char *name;
        const char *zone;
        const char *label;
        const char *before;
        const char *tld;
    } CASES[] = {
        {"www.a.example.com", "example.com", "example", "www.a", "com"},
        {"www.example.com.cn", "example.com.cn", "example", "www", "cn"},
        {"example.co.uk", "example.co.uk", "example", "", "uk"},
        {"com.cn", "com.cn", "com", "", "cn"},
        {"a.com.com", "com.com", "com", "a", "com"},
        {"localhost", "localhost", "localhost", "", "localhost"},
        {"", "", "", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct dns_zone zone = dns_zone_of((struct str){CASES[i].name, strlen(CASES[i].name)});
        assert_true(str_eq(zone.zone, CASES[i].zone));
        assert_true(str_eq(zone.label, CASES[i].label));
        assert_true(str_eq(zone.before, CASES[i].before));
        assert_true(str_eq(zone.tld, CASES[i].tld));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_registered_part_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
