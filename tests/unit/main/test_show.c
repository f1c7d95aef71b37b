#include "main/show.h"

#include "lib/check.h"
#include "main/cli.h"
#include "unit/main/canned.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

static const struct show_column COLUMNS[] = {
    {"名称 name", "card.name", SHOW_TEXT}, {"状态 state", "state", SHOW_WORD}, {"时间 time", "at", SHOW_TIME},
    {"数 count", "count", SHOW_TEXT},      {"说明 note", "note", SHOW_TEXT},   {0},
};

static int run_list(struct call *call)
{
    return show_list(call, "/things?a=b", COLUMNS);
}

static int run_one(struct call *call)
{
    return show_one(call, "/thing", COLUMNS);
}

static const struct option_row LIST_OPTIONS[] = {SHOW_LIST_OPTIONS, {0}};
static const struct option_row ONE_OPTIONS[] = {CLIENT_OPTIONS, {0}};
static const struct command ROWS[] = {
    {.name = "list", .summary = "x", .options = LIST_OPTIONS, .run = run_list},
    {.name = "one", .summary = "x", .options = ONE_OPTIONS, .run = run_one},
    {0},
};
static const struct command_group GROUP = {"x", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define FIRST                                                                                                \
    "{\"card\":{\"name\":\"浙江\"},\"state\":{\"name\":\"reported\",\"zh\":\"已报告\"},"                \
    "\"at\":\"2009-05-19T21:50:00.000+08:00\",\"count\":12,\"note\":[\"a\",\"b\\nc\",true]}"
#define SECOND "{\"card\":{\"name\":\"x\"},\"state\":null,\"at\":null,\"count\":0}"

static void expect(const char *answer, const char *line, int code, const char *out, const char *err)
{
    struct canned c;
    canned_begin(&c, answer);
    struct cli_result result = cli_fixture_at(&TABLE, c.url, line, "");
    canned_end(&c);
    if (result.code != code || strcmp(result.out, out) != 0 || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void a_list_is_columns_that_stand_below_each_other(void **state)
{
    (void)state;
    expect(HEAD "{\"items\":[" FIRST "," SECOND "],\"next\":null}", "list --url @ --token t", CLI_DONE,
           "名称 name  状态 state       时间 time            数 count  说明 note\n"
           "浙江       已报告 reported  2009-05-19 21:50:00  12        a, b c, 是 yes\n"
           "x          —                —                    0         —\n",
           "");
}

static void one_thing_is_a_line_for_each_column(void **state)
{
    (void)state;
    expect(HEAD FIRST, "one --url @ --token t", CLI_DONE,
           "名称 name   浙江\n状态 state  已报告 reported\n时间 time   2009-05-19 21:50:00\n"
           "数 count    12\n说明 note   a, b c, 是 yes\n",
           "");
}

static void with_json_the_answer_is_written_as_it_came(void **state)
{
    (void)state;
    expect(HEAD "{\"items\":[],\"next\":\"abc\"}", "list --url @ --token t --json", CLI_DONE,
           "{\"items\":[],\"next\":\"abc\"}\n", "");
    expect(HEAD "{\"a\":1}", "one --url @ --token t --json", CLI_DONE, "{\"a\":1}\n", "");
}

static void a_page_is_asked_for_and_the_next_one_told(void **state)
{
    struct canned c;
    (void)state;
    canned_begin(&c, HEAD "{\"items\":[],\"next\":\"n1\"}");
    struct cli_result result = cli_fixture_at(&TABLE, c.url, "list --url @ --token t --limit 5 --cursor a/b",
                                              "");
    canned_end(&c);
    assert_int_equal(result.code, CLI_DONE);
    assert_non_null(strstr(c.asked, "GET /things?a=b&limit=5&cursor=a%2Fb HTTP/1.1\r\n"));
    assert_non_null(strstr(result.err, "--cursor n1"));
    cli_fixture_done(&result);
}

static void a_refusal_and_an_answer_that_is_none_are_told(void **state)
{
    (void)state;
    expect("HTTP/1.1 404 Not Found\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n"
           "{\"type\":\"/problems/not-found\",\"detail\":\"there is no such thing\"}",
           "one --url @ --token t", CLI_FAILED, "", "there is no such thing");
    expect("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "list --url @ --token t", CLI_FAILED, "",
           "no JSON document");
}

static void chinese_characters_take_two_places(void **state)
{
    (void)state;
    assert_int_equal(show_width(""), 0);
    assert_int_equal(show_width("abc"), 3);
    assert_int_equal(show_width("浙江a"), 5);
    assert_int_equal(show_width("（）"), 4);
    assert_int_equal(show_width("\xff\xfe"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_columns_that_stand_below_each_other),
        cmocka_unit_test(one_thing_is_a_line_for_each_column),
        cmocka_unit_test(with_json_the_answer_is_written_as_it_came),
        cmocka_unit_test(a_page_is_asked_for_and_the_next_one_told),
        cmocka_unit_test(a_refusal_and_an_answer_that_is_none_are_told),
        cmocka_unit_test(chinese_characters_take_two_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
