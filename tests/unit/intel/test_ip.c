#include "intel/ip.h"
#include "lib/check.h"

#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void reads_addresses_and_writes_them_back(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"0.0.0.0", "0.0.0.0"},
        {"255.255.255.255", "255.255.255.255"},
        {"192.0.2.1", "192.0.2.1"},
        {"::", "::"},
        {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"::FFFF:c000:201", "192.0.2.1"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct ip ip;
        char back[IP_TEXT_SIZE];
        assert_true(ip_parse(text(GOOD[i][0]), &ip));
        ip_format(&ip, ip.bits, back);
        assert_string_equal(back, GOOD[i][1]);
    }
}

static void refuses_what_only_looks_like_one(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",          "1.2.3",    "1.2.3.4.5", "1.2.3.256",  "01.2.3.4",
                                      "1.2.3.04",  "1.2.3.",   ".1.2.3",    "1..2.3",     "1.2.3.4 ",
                                      "0x1.2.3.4", "1.2.3.4a", "999.1.1.1", "1111.2.3.4", ":",
                                      ":::",       "1::2::3",  "12345::",   "::1%eth0",   "g::1"};
    struct ip ip;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(ip_parse(text(BAD[i]), &ip));
    assert_false(ip_parse((struct str){"::1\0", 4}, &ip));
}

static void prefixes_lose_the_bits_behind(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"192.0.2.77/24", "192.0.2.0/24"},
        {"192.0.2.77/32", "192.0.2.77"},
        {"10.255.255.255/9", "10.128.0.0/9"},
        {"1.2.3.4/0", "0.0.0.0/0"},
        {"2001:db8::ffff/64", "2001:db8::/64"},
        {"2001:db8::1/128", "2001:db8::1"},
        {"ffff::/1", "8000::/1"},
        {"::ffff:10.1.2.3/104", "10.0.0.0/8"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct ip ip;
        uint8_t length;
        char back[IP_TEXT_SIZE];
        assert_true(ip_parse_prefix(text(GOOD[i][0]), &ip, &length));
        ip_format(&ip, length, back);
        assert_string_equal(back, GOOD[i][1]);
    }
    static const char *const BAD[] = {"1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "1.2.3.4/08",       "::/129",
                                      "1.2.3/8",    "/8",       "1.2.3.4",    "::ffff:1.2.3.4/32"};
    struct ip ip;
    uint8_t length;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(ip_parse_prefix(text(BAD[i]), &ip, &length));
}

static void endpoints_have_one_meaning(void **state)
{
    (void)state;
    struct ip ip;
    uint16_t port;
    char back[IP_TEXT_SIZE];
    assert_true(ip_parse_endpoint(text("192.0.2.1:8080"), &ip, &port));
    ip_format_endpoint(&ip, port, back);
    assert_string_equal(back, "192.0.2.1:8080");
    assert_true(ip_parse_endpoint(text("[2001:db8::1]:443"), &ip, &port));
    ip_format_endpoint(&ip, port, back);
    assert_string_equal(back, "[2001:db8::1]:443");
    assert_false(ip_parse_endpoint(text("2001:db8::1:443"), &ip, &port));
    assert_false(ip_parse_endpoint(text("192.0.2.1:0"), &ip, &port));
    assert_false(ip_parse_endpoint(text("192.0.2.1:65536"), &ip, &port));
    assert_false(ip_parse_endpoint(text("192.0.2.1"), &ip, &port));
    assert_false(ip_parse_endpoint(text("[192.0.2.1:80"), &ip, &port));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_addresses_and_writes_them_back),
        cmocka_unit_test(refuses_what_only_looks_like_one),
        cmocka_unit_test(prefixes_lose_the_bits_behind),
        cmocka_unit_test(endpoints_have_one_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
