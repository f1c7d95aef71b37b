#include "unit/intel/list_fixture.h"

#define HEX64 "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"

static const char *read_list(const char *text)
{
    static struct list_told told;
    struct err err;
    assert_ok(list_fixture_read(text, strlen(text), &told, &err), &err);
    return told.text;
}

static void plain_lists(void **state)
{
    (void)state;
    assert_string_equal(read_list("# a list\n\nEvil.Example\n192.0.2.1\n10.0.0.0/8 # net\n"
                                  "http://evil.example/a,b\n+8613800138000\n"),
                        "domain evil.example\nipv4 192.0.2.1\nipv4 10.0.0.0/8\nurl http://evil.example/a,b\n"
                        "number +8613800138000\n");
    assert_string_equal(read_list("\xEF\xBB\xBF"
                                  "evil.example\r\nother.example\r\n"),
                        "domain evil.example\ndomain other.example\n");
    assert_string_equal(read_list(""), "");
    assert_string_equal(read_list("192.0.2.1\t10\n192.0.2.2\t9\n"), "ipv4 192.0.2.1\nipv4 192.0.2.2\n");
}

static void bad_lines_have_their_number_and_stop_nothing(void **state)
{
    (void)state;
    assert_string_equal(read_list("evil.example\nnot an indicator\n999.1.1.1\n# fine\n\nlast.example\n???"),
                        "domain evil.example\nbad 2 not an indicator\nbad 3 999.1.1.1\n"
                        "domain last.example\nbad 7 ???\n");
    assert_string_equal(read_list("0.0.0.0 good.example bad_\n"),
                        "domain good.example\nbad 1 0.0.0.0 good.example bad_\n");
}

static void hosts_files_and_blockers(void **state)
{
    (void)state;
    assert_string_equal(read_list("127.0.0.1 localhost\n::1 localhost\n0.0.0.0 a.example b.example\n"),
                        "domain a.example\ndomain b.example\n");
    assert_string_equal(read_list("[Adblock Plus]\n! x\n||a.example^\naddress=/b.example/0.0.0.0\n"),
                        "bad 1 [Adblock Plus]\ndomain a.example\ndomain b.example\n");
}

static void tables_with_a_header(void **state)
{
    (void)state;
    assert_string_equal(read_list("indicator,family,confidence,tlp\nevil.example,Emotet,80,amber\n"
                                  "\"192.0.2.1\",\"\",,\nnothing,x,1,red\n"),
                        "domain evil.example [Emotet 80 amber 0]\nipv4 192.0.2.1\nbad 4 nothing,x,1,red\n");
    assert_string_equal(read_list("# \"id\",\"dateadded\",\"url\",\"threat\"\n"
                                  "\"1\",\"2024-05-01\",\"http://evil.example/a,b\",\"mal\"\n"),
                        "url http://evil.example/a,b [mal -1  0]\n");
    assert_string_equal(read_list("url,host\nhttp://cdn.example/x,cdn.example\n"),
                        "url http://cdn.example/x\n");
    assert_string_equal(read_list("sm3\n" HEX64 "\n"), "sm3 " HEX64 "\n");
    assert_string_equal(read_list("sha256,md5\n" HEX64 ",d41d8cd98f00b204e9800998ecf8427e\n"),
                        "sha256 " HEX64 "\nmd5 d41d8cd98f00b204e9800998ecf8427e\n");
}

static void composites_of_misp(void **state)
{
    (void)state;
    assert_string_equal(
        read_list("uuid,type,value\n1,filename|sm3,a.exe|" HEX64 "\n2,ip-dst|port,192.0.2.1|80\n"
                  "3,domain|ip,evil.example|192.0.2.1\n4,ip-dst|port,2001:db8::1|80\n"),
        "sm3 " HEX64 "\nendpoint 192.0.2.1:80\ndomain evil.example\nendpoint [2001:db8::1]:80\n");
}

static void tables_without_a_header(void **state)
{
    (void)state;
    assert_string_equal(read_list("1,google.example\n2,evil.example\n"),
                        "domain google.example\ndomain evil.example\n");
    assert_string_equal(read_list("2024-05-01;x;192.0.2.1\n"), "ipv4 192.0.2.1\n");
}

static void a_huge_line_is_one_bad_line(void **state)
{
    (void)state;
    static struct list_told told;
    struct err err;
    size_t size = 500000;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    memcpy(text + size - 14, "\nevil.example\n", 14);
    assert_ok(list_fixture_read(text, size, &told, &err), &err);
    assert_int_equal(told.counts.bad_lines, 1);
    assert_int_equal(told.counts.indicators, 1);
    assert_int_equal(told.counts.lines, 2);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lists),
        cmocka_unit_test(bad_lines_have_their_number_and_stop_nothing),
        cmocka_unit_test(hosts_files_and_blockers),
        cmocka_unit_test(tables_with_a_header),
        cmocka_unit_test(composites_of_misp),
        cmocka_unit_test(tables_without_a_header),
        cmocka_unit_test(a_huge_line_is_one_bad_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
