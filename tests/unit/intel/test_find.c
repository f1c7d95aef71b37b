#include "intel/find.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>
#include <string.h>

#define HEX64 "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

static const char *const LIST[] = {
    "evil.example",
    "b.evil.example",
    "xn--1rxmt.xn--fiqs8s",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3",
    "192.0.2.1",
    "198.51.100.7:8080",
    "2001:db8::/32",
    "2001:db8::1",
    "[2001:db8::2]:53",
    "http://files.example/a/b",
    "files.example/a/",
    "https://shop.example:8443/",
    "http://192.0.2.9/x.sh",
    "d41d8cd98f00b204e9800998ecf8427e",
    HEX64,
    ("sm3:" HEX64),
    "+8613800138000",
    "+8613800130000-+8613800139999",
    "+86138*",
};

static void open_list(struct index_fixture *f)
{
    fixture_begin(f);
    for (size_t i = 0; i < sizeof LIST / sizeof LIST[0]; i++)
        fixture_add(f, LIST[i], "list.txt", "");
    fixture_open(f);
}

/* The hits as "a b c". */
static const char *told(const struct find_hits *hits)
{
    static char text[1024];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < hits->count; i++) {
        char one[INDICATOR_TEXT_SIZE];
        (void)find_format(&hits->at[i], one);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? " " : "", one);
    }
    return text;
}

static const char *by_name(const struct index *index, const char *name)
{
    struct find_hits hits;
    struct err err;
    assert_ok(find_name(index, (struct str){name, strlen(name)}, &hits, &err), &err);
    return told(&hits);
}

static void names_match_at_label_boundaries_only(void **state)
{
    (void)state;
    struct index_fixture f;
    open_list(&f);
    assert_string_equal(by_name(f.index, "evil.example"), "evil.example");
    assert_string_equal(by_name(f.index, "a.b.evil.example"), "b.evil.example evil.example");
    assert_string_equal(by_name(f.index, "x.evil.example"), "evil.example");
    assert_string_equal(by_name(f.index, "notevil.example"), "");
    assert_string_equal(by_name(f.index, "evil.example.com"), "");
    assert_string_equal(by_name(f.index, "example"), "");
    assert_string_equal(by_name(f.index, ""), "");
    assert_string_equal(by_name(f.index, "."), "");
    assert_string_equal(by_name(f.index, "www.xn--1rxmt.xn--fiqs8s"), "xn--1rxmt.xn--fiqs8s");
    fixture_end(&f);
}

static const char *by_ip(const struct index *index, const char *text)
{
    struct find_hits hits;
    struct err err;
    struct ip ip;
    assert_true(ip_parse((struct str){text, strlen(text)}, &ip));
    assert_ok(find_ip(index, &ip, &hits, &err), &err);
    return told(&hits);
}

static void addresses_have_every_prefix_around_them(void **state)
{
    (void)state;
    struct index_fixture f;
    open_list(&f);
    assert_string_equal(by_ip(f.index, "10.1.2.3"), "10.1.2.3 10.1.0.0/16 10.0.0.0/8");
    assert_string_equal(by_ip(f.index, "10.1.2.4"), "10.1.0.0/16 10.0.0.0/8");
    assert_string_equal(by_ip(f.index, "10.255.255.255"), "10.0.0.0/8");
    assert_string_equal(by_ip(f.index, "11.0.0.0"), "");
    assert_string_equal(by_ip(f.index, "192.0.2.1"), "192.0.2.1");
    assert_string_equal(by_ip(f.index, "192.0.2.2"), "");
    assert_string_equal(by_ip(f.index, "2001:db8::1"), "2001:db8::1 2001:db8::/32");
    assert_string_equal(by_ip(f.index, "2001:db8:ffff::"), "2001:db8::/32");
    assert_string_equal(by_ip(f.index, "2001:db9::"), "");
    fixture_end(&f);
}

static void an_address_listed_with_a_port_needs_the_port(void **state)
{
    (void)state;
    struct index_fixture f;
    struct find_hits hits;
    struct err err;
    open_list(&f);
    struct ip ip = ip_from_ip4(0xC6336407);
    assert_string_equal(by_ip(f.index, "198.51.100.7"), "");
    assert_ok(find_endpoint(f.index, &ip, 8080, &hits, &err), &err);
    assert_string_equal(told(&hits), "198.51.100.7:8080");
    assert_ok(find_endpoint(f.index, &ip, 8081, &hits, &err), &err);
    assert_int_equal(hits.count, 0);
    assert_true(ip_parse((struct str){"2001:db8::2", 11}, &ip));
    assert_ok(find_endpoint(f.index, &ip, 53, &hits, &err), &err);
    assert_string_equal(told(&hits), "[2001:db8::2]:53");
    assert_string_equal(by_ip(f.index, "2001:db8::2"), "2001:db8::/32");
    fixture_end(&f);
}

static const char *by_url(const struct index *index, const char *text)
{
    struct find_hits hits;
    struct err err;
    struct url url;
    assert_true(url_parse((struct str){text, strlen(text)}, URL_SEEN, &url));
    assert_ok(find_url(index, &url, &hits, &err), &err);
    return told(&hits);
}

static void urls_match_by_host_and_path_prefix(void **state)
{
    (void)state;
    struct index_fixture f;
    open_list(&f);
    assert_string_equal(by_url(f.index, "http://files.example/a/b"),
                        "http://files.example/a/b files.example/a/");
    assert_string_equal(by_url(f.index, "FILES.example/a/b/c?d"),
                        "http://files.example/a/b files.example/a/");
    assert_string_equal(by_url(f.index, "files.example/a/b?x"), "http://files.example/a/b files.example/a/");
    assert_string_equal(by_url(f.index, "files.example/a/bc"), "files.example/a/");
    assert_string_equal(by_url(f.index, "files.example/a"), "");
    assert_string_equal(by_url(f.index, "files.example/A/b"), "");
    assert_string_equal(by_url(f.index, "www.files.example/a/b"), "");
    assert_string_equal(by_url(f.index, "https://shop.example:8443/any"), "https://shop.example:8443/");
    assert_string_equal(by_url(f.index, "https://shop.example/any"), "");
    assert_string_equal(by_url(f.index, "http://192.0.2.9/x.sh"), "http://192.0.2.9/x.sh");
    fixture_end(&f);
}

static void digests_are_told_apart_by_algorithm(void **state)
{
    (void)state;
    struct index_fixture f;
    struct find_hits hits;
    struct err err;
    uint8_t digest[DIGEST_MAX];
    open_list(&f);
    size_t n = indicator_digest((struct str){HEX64, 64}, digest);
    assert_ok(find_digest(f.index, digest, n, KIND_COUNT, &hits, &err), &err);
    assert_int_equal(hits.count, 2);
    assert_ok(find_digest(f.index, digest, n, KIND_SM3, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    assert_int_equal(hits.at[0].kind, KIND_SM3);
    assert_ok(find_digest(f.index, digest, n, KIND_MD5, &hits, &err), &err);
    assert_int_equal(hits.count, 0);
    n = indicator_digest((struct str){"d41d8cd98f00b204e9800998ecf8427e", 32}, digest);
    assert_ok(find_digest(f.index, digest, n, KIND_COUNT, &hits, &err), &err);
    assert_string_equal(told(&hits), "d41d8cd98f00b204e9800998ecf8427e");
    digest[0] ^= 1;
    assert_ok(find_digest(f.index, digest, n, KIND_COUNT, &hits, &err), &err);
    assert_int_equal(hits.count, 0);
    fixture_end(&f);
}

static const char *by_number(const struct index *index, const char *text)
{
    struct find_hits hits;
    struct err err;
    struct number_range number;
    assert_true(number_parse((struct str){text, strlen(text)}, &number));
    assert_ok(find_number(index, &number, &hits, &err), &err);
    return told(&hits);
}

static void numbers_match_ranges_and_prefixes(void **state)
{
    (void)state;
    struct index_fixture f;
    open_list(&f);
    assert_string_equal(by_number(f.index, "+8613800138000"),
                        "+8613800138000 +8613800130000-+8613800139999 +86138*");
    assert_string_equal(by_number(f.index, "+8613800139999"), "+8613800130000-+8613800139999 +86138*");
    assert_string_equal(by_number(f.index, "+8613800140000"), "+86138*");
    assert_string_equal(by_number(f.index, "+861380013800"), "+86138*");
    assert_string_equal(by_number(f.index, "+8613900138000"), "");
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_at_label_boundaries_only),
        cmocka_unit_test(addresses_have_every_prefix_around_them),
        cmocka_unit_test(an_address_listed_with_a_port_needs_the_port),
        cmocka_unit_test(urls_match_by_host_and_path_prefix),
        cmocka_unit_test(digests_are_told_apart_by_algorithm),
        cmocka_unit_test(numbers_match_ranges_and_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
