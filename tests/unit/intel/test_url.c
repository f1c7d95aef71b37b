#include "intel/url.h"
#include "lib/check.h"

#include <string.h>

static struct str text(const char *s)
{
    return (struct str){s, strlen(s)};
}

static void urls_get_one_form(void **state)
{
    (void)state;
    static const char *const GOOD[][2] = {
        {"http://Evil.Example", "evil.example/"},
        {"https://evil.example:443/A", "evil.example/A"},
        {"http://evil.example:80/", "evil.example/"},
        {"http://evil.example:8080/", "evil.example:8080/"},
        {"http://user:pw@evil.example/x", "evil.example/x"},
        {"evil.example/a/./b/../c", "evil.example/a/c"},
        {"evil.example/../../a", "evil.example/a"},
        {"evil.example/a/..", "evil.example/"},
        {"evil.example/%7Euser/%2f?q=%41#frag", "evil.example/~user/%2F?q=A"},
        {"evil.example?x=/../y", "evil.example/?x=/../y"},
        {"http://[2001:DB8::1]:8080/x", "[2001:db8::1]:8080/x"},
        {"http://192.0.2.1/x", "192.0.2.1/x"},
        {"hxxp://evil.example/x", "evil.example/x"},
        {"http://烽燧.中国/路", "xn--1rxmt.xn--fiqs8s/%E8%B7%AF"},
        {"evil.example/a%", "evil.example/a%"},
        {"evil.example/100%zz", "evil.example/100%zz"},
    };
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        struct url url;
        assert_true(url_parse(text(GOOD[i][0]), URL_LISTED, &url));
        assert_string_equal(url.text, GOOD[i][1]);
        assert_int_equal(url.size, strlen(url.text));
        assert_int_equal(url.text[url.authority_size], '/');
        assert_int_equal(url_authority(url.text, url.size), url.authority_size);
    }
}

static void what_has_no_host_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",
                                      "/only/a/path",
                                      "http://",
                                      "http:///x",
                                      "http://a b/",
                                      "http://evil.example/a b",
                                      "http://evil.example:99999/",
                                      "http://evil.example:x/",
                                      "http://1.2.3.400/"};
    struct url url;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(url_parse(text(BAD[i]), URL_LISTED, &url));
}

static void a_log_record_gives_host_and_path(void **state)
{
    (void)state;
    struct url url;
    assert_true(url_compose(text("Evil.Example"), text("/a?b"), &url));
    assert_string_equal(url.text, "evil.example/a?b");
    assert_true(url_compose(text("evil.example:8080"), text("/a"), &url));
    assert_string_equal(url.text, "evil.example:8080/a");
    assert_int_equal(url.host_size, strlen("evil.example"));
    assert_true(url_compose(text("proxy.example"), text("http://evil.example/a"), &url));
    assert_string_equal(url.text, "evil.example/a");
    assert_true(url_compose(text("192.0.2.1"), text("/"), &url));
    assert_true(url.has_ip);
    assert_false(url_compose(text(""), text("/a"), &url));
}

static void a_seen_url_of_any_length_is_cut_off(void **state)
{
    (void)state;
    static char longest[9000];
    struct url url;
    memset(longest, '\xE8', sizeof longest);
    memcpy(longest, "evil.example/a/", 15);
    assert_true(url_parse((struct str){longest, sizeof longest}, URL_SEEN, &url));
    assert_true(url.size < URL_SIZE);
    assert_memory_equal(url.text, "evil.example/a/%E8", 18);
}

static void cuts_are_where_segments_and_fields_meet(void **state)
{
    (void)state;
    static const char TEXT[] = "h.example/a/bc?d=e&f";
    static const size_t CUTS[] = {10, 11, 12, 14, 15, 17, 18, 19, 20};
    size_t at = 0;
    for (size_t i = 0; i < sizeof CUTS / sizeof CUTS[0]; i++) {
        at = url_next_cut(TEXT, strlen(TEXT), 9, at);
        assert_int_equal(at, CUTS[i]);
    }
    assert_int_equal(url_next_cut(TEXT, strlen(TEXT), 9, at), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_get_one_form),
        cmocka_unit_test(what_has_no_host_is_refused),
        cmocka_unit_test(a_log_record_gives_host_and_path),
        cmocka_unit_test(a_seen_url_of_any_length_is_cut_off),
        cmocka_unit_test(cuts_are_where_segments_and_fields_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
