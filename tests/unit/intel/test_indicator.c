#include "intel/indicator.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

#define HEX64 "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

static void every_form_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        enum kind kind;
        const char *out;
    } GOOD[] = {
        {"Evil.Example", KIND_DOMAIN, "evil.example"},
        {"*.evil.example", KIND_DOMAIN, "evil.example"},
        {".zip", KIND_DOMAIN, "zip"},
        {"evil[.]example", KIND_DOMAIN, "evil.example"},
        {"deadbeef.example", KIND_DOMAIN, "deadbeef.example"},
        {"192.0.2.1", KIND_IPV4, "192.0.2.1"},
        {"192.0.2.0/24", KIND_IPV4, "192.0.2.0/24"},
        {"192[.]0[.]2[.]1", KIND_IPV4, "192.0.2.1"},
        {"2001:db8::1", KIND_IPV6, "2001:db8::1"},
        {"[2001:db8::1]", KIND_IPV6, "2001:db8::1"},
        {"2001:db8::/32", KIND_IPV6, "2001:db8::/32"},
        {"192.0.2.1:8080", KIND_ENDPOINT, "192.0.2.1:8080"},
        {"[2001:db8::1]:53", KIND_ENDPOINT, "[2001:db8::1]:53"},
        {"http://evil.example/a", KIND_URL, "http://evil.example/a"},
        {"hxxps://evil[.]example/a", KIND_URL, "https://evil.example/a"},
        {"evil.example/a", KIND_URL, "evil.example/a"},
        {"evil.example:8080", KIND_URL, "evil.example:8080/"},
        {"192.0.2.1/a.sh", KIND_URL, "192.0.2.1/a.sh"},
        {"d41d8cd98f00b204e9800998ecf8427e", KIND_MD5, "d41d8cd98f00b204e9800998ecf8427e"},
        {"MD5:D41D8CD98F00B204E9800998ECF8427E", KIND_MD5, "d41d8cd98f00b204e9800998ecf8427e"},
        {"da39a3ee5e6b4b0d3255bfef95601890afd80709", KIND_SHA1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {HEX64, KIND_SHA256, HEX64},
        {"sm3:" HEX64, KIND_SM3, HEX64},
        {"sha256:" HEX64, KIND_SHA256, HEX64},
        {"+8613800138000", KIND_NUMBER, "+8613800138000"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct indicator indicator;
        char back[INDICATOR_TEXT_SIZE];
        if (!indicator_parse(text(GOOD[i].in), KIND_SHA256, &indicator))
            fail_msg("refused: %s", GOOD[i].in);
        assert_string_equal(kind_name(indicator.kind), kind_name(GOOD[i].kind));
        assert_int_equal(indicator_format(&indicator, back), strlen(GOOD[i].out));
        assert_string_equal(back, GOOD[i].out);
    }
}

static void bare_64_digits_are_what_the_list_says(void **state)
{
    (void)state;
    struct indicator indicator;
    assert_true(indicator_parse(text(HEX64), KIND_SM3, &indicator));
    assert_int_equal(indicator.kind, KIND_SM3);
}

static void what_is_no_indicator_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "",      "x",         "localhost",  "garbage", "not an indicator", "/path/only",
        "1.2.3", "1.2.3.400", "1.2.3.4/33", "a..b",    "sm3:abcd",         ("md5:" HEX64),
        "+86",   "http://",   "1234567890", "10",      "2024-01-02",       "a b.example"};
    struct indicator indicator;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        if (indicator_parse(text(BAD[i]), KIND_SHA256, &indicator))
            fail_msg("taken as %s: %s", kind_name(indicator.kind), BAD[i]);
}

static void digests_may_have_colons(void **state)
{
    (void)state;
    uint8_t out[DIGEST_MAX];
    assert_int_equal(indicator_digest(text("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42:7e"), out), 16);
    assert_int_equal(out[15], 0x7E);
    assert_int_equal(indicator_digest(text("d4:1d:8c:d9:8f:00:b2:04:e9:80:09:98:ec:f8:42-7e"), out), 0);
    assert_int_equal(indicator_digest(text(HEX64 "00"), out), 0);
}

static void a_url_at_the_limit_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    char url[URL_LISTED_MAX + 64];
    struct indicator indicator;
    memset(url, 'a', sizeof url);
    memcpy(url, "evil.example/", 13);
    assert_true(indicator_parse((struct str){url, URL_LISTED_MAX}, KIND_SHA256, &indicator));
    assert_int_equal(indicator.text_size, URL_LISTED_MAX);
    assert_false(indicator_parse((struct str){url, URL_LISTED_MAX + 1}, KIND_SHA256, &indicator));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_told_apart),
        cmocka_unit_test(bare_64_digits_are_what_the_list_says),
        cmocka_unit_test(what_is_no_indicator_is_refused),
        cmocka_unit_test(digests_may_have_colons),
        cmocka_unit_test(a_url_at_the_limit_is_taken_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
