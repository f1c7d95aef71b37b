#include "intel/access_log.h"
#include "unit/intel/field_fixture.h"

static const char *read_line(const char *line)
{
    static struct fields_told told;
    static struct read_space space;
    told.size = 0;
    told.text[0] = '\0';
    if (!access_log_read(str_of(line), &space, field_fixture_take, &told))
        return "no";
    return told.text;
}

static void squid(void **state)
{
    (void)state;
    assert_string_equal(
        read_line("1286536309.586    921 192.0.2.1 TCP_MISS/200 507 POST http://evil.example/a?b - "
                  "HIER_DIRECT/198.51.100.1 text/html"),
        "client=192.0.2.1\nurl=http://evil.example/a?b\npeer=198.51.100.1\n");
    assert_string_equal(
        read_line("1286536309.586 1 192.0.2.1 TCP_TUNNEL/200 39 CONNECT evil.example:443 user HIER_NONE/- -"),
        "client=192.0.2.1\nurl=evil.example:443\n");
    assert_string_equal(read_line("1286536309.586 1 192.0.2.1 TCP_DENIED/407 39 GET"), "no");
}

static void common_and_combined(void **state)
{
    (void)state;
    assert_string_equal(read_line("192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] \"GET /a b HTTP/1.1\" 200 12"),
                        "client=192.0.2.1\nrequest=/a b\n");
    assert_string_equal(
        read_line("192.0.2.1 - bob [01/Jan/2024:00:00:00 +0800] \"GET / HTTP/1.1\" 200 12 "
                  "\"http://evil.example/\\x41\" \"agent \\\"x\\\"\" \"198.51.100.1, 10.0.0.1\""),
        "client=192.0.2.1\nrequest=/\nreferer=http://evil.example/A\nforwarded=198.51.100.1, 10.0.0.1\n");
    assert_string_equal(read_line("192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] \"-\" 408 0 \"-\" \"-\""),
                        "client=192.0.2.1\n");
    assert_string_equal(read_line("www.example:80 192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] \"GET /a "
                                  "HTTP/1.1\" 200 12 \"-\" \"x\""),
                        "vhost=www.example:80\nclient=192.0.2.1\nrequest=/a\n");
}

static void other_lines_are_of_none(void **state)
{
    (void)state;
    assert_string_equal(read_line(""), "no");
    assert_string_equal(read_line("evil.example"), "no");
    assert_string_equal(read_line("a [b] \"c\" d"), "no");
    assert_string_equal(read_line("192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] \"GET /a"), "no");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squid),
        cmocka_unit_test(common_and_combined),
        cmocka_unit_test(other_lines_are_of_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
