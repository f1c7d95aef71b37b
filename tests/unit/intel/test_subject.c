#include "intel/subject.h"
#include "unit/intel/field_fixture.h"

struct subjects {
    char text[2048];
    size_t size;
};

static void take(void *context, const struct subject *s)
{
    struct subjects *told = context;
    char text[INDICATOR_TEXT_SIZE] = "";
    static const char *const KINDS_OF[] = {"name", "ip", "prefix", "endpoint", "url", "digest", "number"};
    switch (s->kind) {
    case SUBJECT_NAME: (void)snprintf(text, sizeof text, "%.*s", (int)s->name.n, s->name.p); break;
    case SUBJECT_IP: ip_format(&s->ip, s->ip.bits, text); break;
    case SUBJECT_PREFIX: ip_format(&s->ip, s->length, text); break;
    case SUBJECT_ENDPOINT: ip_format_endpoint(&s->ip, s->port, text); break;
    case SUBJECT_URL: (void)snprintf(text, sizeof text, "%.*s", (int)s->url->size, s->url->text); break;
    case SUBJECT_DIGEST:
        (void)snprintf(text, sizeof text, "%zu/%d", s->digest_bytes, (int)s->algorithm);
        break;
    case SUBJECT_NUMBER: number_format(&s->number, text); break;
    }
    told->size += (size_t)snprintf(told->text + told->size, sizeof told->text - told->size, "%s%s %s",
                                   told->size ? "; " : "", KINDS_OF[s->kind], text);
}

static const char *of(enum field_type type, const char *value)
{
    static struct subjects told;
    told.size = 0;
    told.text[0] = '\0';
    subject_each(type, KIND_COUNT, str_of(value), take, &told);
    return told.text;
}

static void hosts_are_names_or_addresses(void **state)
{
    (void)state;
    assert_string_equal(of(FIELD_HOST, "Evil.Example"), "name evil.example");
    assert_string_equal(of(FIELD_HOST, "evil.example:8080"), "name evil.example");
    assert_string_equal(of(FIELD_HOST, "192.0.2.1"), "ip 192.0.2.1");
    assert_string_equal(of(FIELD_HOST, "192.0.2.1:80"), "ip 192.0.2.1; endpoint 192.0.2.1:80");
    assert_string_equal(of(FIELD_HOST, "[2001:db8::1]:80"), "ip 2001:db8::1; endpoint [2001:db8::1]:80");
    assert_string_equal(of(FIELD_HOST, "[2001:db8::1]"), "ip 2001:db8::1");
    assert_string_equal(of(FIELD_HOST, "TXT 3 evil.example"), "");
    assert_string_equal(of(FIELD_NAME, "My Printer.local"), "name my printer.local");
    assert_string_equal(of(FIELD_NAME, "192.0.2.1"), "name 192.0.2.1");
    assert_string_equal(of(FIELD_HOSTS, "192.0.2.1, evil.example;x"),
                        "ip 192.0.2.1; name evil.example; name x");
    assert_string_equal(of(FIELD_IP, "fe80::1%eth0"), "ip fe80::1");
    assert_string_equal(of(FIELD_IP, "evil.example"), "");
    assert_string_equal(of(FIELD_IP, "-"), "");
}

static void urls_have_a_host(void **state)
{
    (void)state;
    assert_string_equal(of(FIELD_URL, "http://Evil.example:8080/a#b"),
                        "name evil.example; url evil.example:8080/a");
    assert_string_equal(of(FIELD_URL, "https://192.0.2.1/a"),
                        "ip 192.0.2.1; endpoint 192.0.2.1:443; url 192.0.2.1/a");
    assert_string_equal(of(FIELD_PATH, "/a/b"), "");
    assert_string_equal(of(FIELD_PATH, "*"), "");
    assert_string_equal(of(FIELD_PATH, "http://evil.example/"), "name evil.example; url evil.example/");
    assert_string_equal(of(FIELD_PATH, "evil.example:443"), "name evil.example; url evil.example:443/");
}

static void mail_certificates_and_calls(void **state)
{
    (void)state;
    assert_string_equal(of(FIELD_EMAIL, "A <a@evil.example>, b@other.example"),
                        "name evil.example; name other.example");
    assert_string_equal(of(FIELD_EMAIL, "nobody"), "");
    assert_string_equal(of(FIELD_SUBJECT, "C=CN, O=x, CN=evil.example"), "name evil.example");
    assert_string_equal(of(FIELD_SUBJECT, "/C=CN/cn=*.evil.example"), "name *.evil.example");
    assert_string_equal(of(FIELD_SUBJECT, "a word XCN=evil.example"), "");
    assert_string_equal(of(FIELD_SIP, "<sip:+8613800138000@gw.example;user=phone>"),
                        "number +8613800138000; name gw.example");
    assert_string_equal(of(FIELD_SIP, "sips:bob@192.0.2.1"), "ip 192.0.2.1");
}

static void anything_is_what_it_looks_like(void **state)
{
    (void)state;
    assert_string_equal(of(FIELD_ANY, "evil.example"), "name evil.example");
    assert_string_equal(of(FIELD_ANY, "192.0.2.0/24"), "prefix 192.0.2.0/24");
    assert_string_equal(of(FIELD_ANY, "evil.example/a"), "name evil.example; url evil.example/a");
    assert_string_equal(of(FIELD_ANY, "evil.example:8080"), "name evil.example; url evil.example:8080/");
    assert_string_equal(of(FIELD_ANY, "192.0.2.1:80"), "ip 192.0.2.1; endpoint 192.0.2.1:80");
    assert_string_equal(of(FIELD_ANY, "2001:db8::1"), "ip 2001:db8::1");
    assert_string_equal(of(FIELD_ANY, "d41d8cd98f00b204e9800998ecf8427e"), "digest 16/10");
    assert_string_equal(of(FIELD_ANY, "md5:d41d8cd98f00b204e9800998ecf8427e"), "digest 16/5");
    assert_string_equal(of(FIELD_ANY, "+86 138 0013 8000"), "number +8613800138000");
    assert_string_equal(of(FIELD_ANY, "two words.example"), "");
    assert_string_equal(of(FIELD_ANY, ""), "");
}

static void two_fields_make_one_thing(void **state)
{
    (void)state;
    static struct subjects told;
    subject_of_request(str_of("Evil.example"), str_of("/a"), take, &told);
    subject_of_endpoint(str_of("192.0.2.1"), str_of("80"), take, &told);
    subject_of_request(str_of("proxy.example"), str_of("http://x.example/a"), take, &told);
    subject_of_request(str_of("user@evil.example"), str_of("/a"), take, &told);
    subject_of_endpoint(str_of("192.0.2.1"), str_of("0"), take, &told);
    subject_of_endpoint(str_of("-"), str_of("80"), take, &told);
    assert_string_equal(told.text, "url evil.example/a; endpoint 192.0.2.1:80");
}

static void digests_keep_to_their_algorithm(void **state)
{
    (void)state;
    static struct subjects told;
    subject_each(FIELD_DIGEST, KIND_SHA1, str_of("d41d8cd98f00b204e9800998ecf8427e"), take, &told);
    assert_int_equal(told.size, 0);
    subject_each(FIELD_DIGEST, KIND_MD5, str_of("d41d8cd98f00b204e9800998ecf8427e"), take, &told);
    assert_string_equal(told.text, "digest 16/5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_are_names_or_addresses), cmocka_unit_test(urls_have_a_host),
        cmocka_unit_test(mail_certificates_and_calls),  cmocka_unit_test(anything_is_what_it_looks_like),
        cmocka_unit_test(two_fields_make_one_thing),    cmocka_unit_test(digests_keep_to_their_algorithm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
