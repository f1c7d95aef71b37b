#include "paper/words.h"

#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"

#include <string.h>

static struct desk_of_paper desk;

static void says(enum field_type type, const char *name, const char *json, const char *want)
{
    const struct field_row field = {.name = name, .type = type};
    json_t *value = json_loads(json, JSON_DECODE_ANY, NULL);
    struct buf out;
    assert_non_null(value);
    buf_init(&out, 1000);
    bool said = words_value(&desk.facts, &field, value, &out);
    if (said != (want != NULL) || (want && strcmp(out.data, want) != 0))
        fail_msg("%s gives '%s', not '%s'", json, out.data ? out.data : "", want ? want : "nothing");
    buf_done(&out);
    json_decref(value);
}

static void every_type_has_its_words(void **state)
{
    (void)state;
    says(FIELD_TEXT, "title", "\"断网\"", "断网");
    says(FIELD_TIME, "occurred", "\"2009-05-19T21:50:00+08:00\"", "2009年5月19日21时50分");
    says(FIELD_TIME, "occurred", "\"2009-05-19T16:00:00Z\"", "2009年5月20日0时");
    says(FIELD_TIME, "occurred", "\"gestern\"", "gestern");
    says(FIELD_DATE, "day", "\"2009-05-09\"", "2009年5月9日");
    says(FIELD_REGION, "region", "\"330000\"", "浙江省");
    says(FIELD_REGIONS, "regions", "[\"320000\",\"330000\"]", "江苏省、浙江省");
    says(FIELD_LEVEL, "level", "\"II\"", "Ⅱ级");
    says(FIELD_COLOUR, "colour", "\"red\"", "红色");
    says(FIELD_ENUM, "basis", "\"leading-group\"", "部领导小组批准");
    says(FIELD_ENUM, "measure", "\"standby\"", "待命");
    says(FIELD_ENUM, "measure", "\"unheard\"", "unheard");
    says(FIELD_ENUMS, "channels", "[\"website\",\"sms\"]", "网站、短信");
    says(FIELD_NODE, "victim", "\"tel-zj\"", "浙江电信");
    says(FIELD_NODE, "victim", "\"x:NCEO\"", "国家网络安全应急办公室");
    says(FIELD_NODES, "targets", "[\"miit\",\"nobody\"]", "部应急办、nobody");
    says(FIELD_TEXTS, "findings", "[\"甲\",\"乙\"]", "甲；乙");
    says(FIELD_BOOL, "standby", "true", "是");
    says(FIELD_INT, "users", "12000000", "12000000");
    says(FIELD_FIGURES, "figures", "{\"主机\":3,\"用户\":7}", "主机：3；用户：7。");
}

static void what_says_nothing_is_not_said(void **state)
{
    (void)state;
    says(FIELD_TEXT, "title", "\"\"", NULL);
    says(FIELD_TEXT, "title", "null", NULL);
    says(FIELD_REGIONS, "regions", "[]", NULL);
    says(FIELD_FIGURES, "figures", "{}", NULL);
    says(FIELD_OBJECT, "x", "\"y\"", NULL);
    says(FIELD_FACTS, "facts", "{\"happened\":true}", NULL);
}

static void numbers_are_counted_in_chinese(void **state)
{
    (void)state;
    static const struct {
        size_t number;
        const char *text;
    } ROWS[] = {{1, "一"}, {9, "九"}, {10, "十"}, {11, "十一"}, {20, "二十"}, {99, "九十九"}};
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct buf out;
        buf_init(&out, 100);
        words_number(ROWS[i].number, &out);
        assert_string_equal(out.data, ROWS[i].text);
        buf_done(&out);
    }
}

static int open_desk(void **state)
{
    (void)state;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    return 0;
}

static int close_desk(void **state)
{
    (void)state;
    paper_desk_close(&desk);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_its_words),
        cmocka_unit_test(what_says_nothing_is_not_said),
        cmocka_unit_test(numbers_are_counted_in_chinese),
    };
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
