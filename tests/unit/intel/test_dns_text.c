#include "intel/dns_text.h"
#include "unit/intel/field_fixture.h"

static const char *read_line(const char *line)
{
    static struct fields_told told;
    told.size = 0;
    told.text[0] = '\0';
    if (!dns_text_read(str_of(line), field_fixture_take, &told))
        return "no";
    return told.text;
}

static void dnsmasq(void **state)
{
    (void)state;
    assert_string_equal(read_line("Jan  1 00:00:00 dnsmasq[123]: query[A] evil.example from 192.0.2.1"),
                        "query=evil.example\nclient=192.0.2.1\n");
    assert_string_equal(
        read_line("Jan  1 00:00:00 dnsmasq[123]: 42 192.0.2.1/5353 query[AAAA] evil.example from 192.0.2.1"),
        "client=192.0.2.1\nquery=evil.example\nclient=192.0.2.1\n");
    assert_string_equal(read_line("Jan  1 00:00:00 host dnsmasq[123]: reply evil.example is 198.51.100.1"),
                        "query=evil.example\nanswer=198.51.100.1\n");
    assert_string_equal(read_line("Jan  1 00:00:00 dnsmasq[123]: cached evil.example is <CNAME>"),
                        "query=evil.example\nanswer=<CNAME>\n");
    assert_string_equal(read_line("Jan  1 00:00:00 dnsmasq[123]: forwarded evil.example to 9.9.9.9"),
                        "query=evil.example\nclient=9.9.9.9\n");
    assert_string_equal(read_line("Jan  1 00:00:00 dnsmasq[123]: gravity blocked evil.example is 0.0.0.0"),
                        "query=evil.example\nanswer=0.0.0.0\n");
    assert_string_equal(read_line("Jan  1 00:00:00 dnsmasq[123]: started, version 2.89 cachesize 150"), "");
}

static void unbound(void **state)
{
    (void)state;
    assert_string_equal(read_line("[1700000000] unbound[123:0] info: 192.0.2.1 evil.example. A IN"),
                        "client=192.0.2.1\nquery=evil.example.\n");
    assert_string_equal(read_line("Jan 01 00:00:00 host unbound: [123:0] info: 2001:db8::1 evil.example. "
                                  "AAAA IN NOERROR 0.01 0 45"),
                        "client=2001:db8::1\nquery=evil.example.\n");
    assert_string_equal(read_line("[1700000000] unbound[123:0] info: resolving evil.example. A IN"),
                        "query=evil.example.\n");
    assert_string_equal(read_line("[1700000000] unbound[123:0] info: start of service (unbound 1.17.1)."),
                        "no");
}

static void bind(void **state)
{
    (void)state;
    assert_string_equal(
        read_line(
            "01-Jan-2024 00:00:00.000 queries: info: client @0x7f0000000000 192.0.2.1#53124 (evil.example): "
            "query: evil.example IN A +E(0)K (192.0.2.53)"),
        "client=192.0.2.1\nquery=evil.example\n");
    assert_string_equal(read_line("client 2001:db8::1#53124: query: evil.example IN A +"),
                        "client=2001:db8::1\nquery=evil.example\n");
    assert_string_equal(read_line("01-Jan-2024 00:00:00.000 client @0x7f 192.0.2.1#4711 (evil.example): "
                                  "query (cache) 'evil.example/A/IN' denied"),
                        "client=192.0.2.1\nquery=evil.example\n");
    assert_string_equal(read_line("client @0x7f 192.0.2.1#4711 (evil.example): view internal: query: "
                                  "evil.example IN A + (192.0.2.53)"),
                        "client=192.0.2.1\nquery=evil.example\n");
}

static void coredns(void **state)
{
    (void)state;
    assert_string_equal(read_line("[INFO] 192.0.2.1:41234 - 29008 \"A IN evil.example. udp 41 false 4096\" "
                                  "NOERROR qr,rd,ra 70 0.037s"),
                        "client=192.0.2.1:41234\nquery=evil.example.\n");
    assert_string_equal(
        read_line(
            "[INFO] [2001:db8::1]:50759 - 1 \"AAAA IN evil.example. udp 41 false 4096\" NOERROR qr 70 0.1s"),
        "client=[2001:db8::1]:50759\nquery=evil.example.\n");
    assert_string_equal(read_line("[INFO] plugin/reload: Running configuration"), "no");
}

static void other_lines_are_of_none(void **state)
{
    (void)state;
    assert_string_equal(read_line(""), "no");
    assert_string_equal(read_line("evil.example"), "no");
    assert_string_equal(read_line("the client went away"), "no");
    assert_string_equal(read_line("info: a"), "no");
    assert_string_equal(read_line("dnsmasq"), "no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dnsmasq),
        cmocka_unit_test(unbound),
        cmocka_unit_test(bind),
        cmocka_unit_test(coredns),
        cmocka_unit_test(other_lines_are_of_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
