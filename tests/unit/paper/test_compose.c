#include "paper/compose.h"

#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"

#include <string.h>

static struct paper make(struct desk_of_paper *desk, const char *document)
{
    struct paper paper = {0};
    struct err err;
    assert_ok(compose(&desk->facts, papers_find(desk->papers, document), &desk->arena, &paper, &err), &err);
    return paper;
}

static void a_report_has_the_elements_of_an_upward_paper(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT,
                    "{\"evidence\":[{\"name\":\"日志\",\"sha256\":\"ab\"}]}");
    const struct paper paper = make(&desk, "incident-report");
    assert_string_equal(paper.head, "浙江电信文件");
    assert_string_equal(paper.number, "tel-zj〔2009〕12号");
    assert_string_equal(paper.signer, "张三");
    assert_string_equal(paper.title, "关于六省用户无法正常上网的报告");
    assert_string_equal(paper.to, "部应急办、浙江省通信管理局");
    assert_string_equal(paper.organisation, "浙江电信");
    assert_string_equal(paper.date, "2009年5月19日");
    assert_string_equal(paper.printed_on, paper.date);
    assert_null(paper.label);
    assert_null(paper.note);
    assert_null(paper.copies);
    assert_int_equal(paper.attachment_count, 1);
    assert_string_equal(paper.attachments[0], "日志（SHA-256：ab）");
    assert_non_null(strstr(paper.trace, ACT_ID));
    paper_desk_close(&desk);
}

static void headings_are_numbered_and_empty_ones_left_out(void **state)
{
    (void)state;
    static const struct paper_line LINES[] = {
        {PAPER_TEXT, "按照《公共互联网网络安全突发事件应急预案》第4.1条的规定，现将有关情况报告如下。"},
        {PAPER_HEADING, "一、基本情况"},
        {PAPER_TEXT, "事件发生时间：2009年5月19日21时50分。发生地区：浙江省。受影响地区：江苏省、浙江省。"},
        {PAPER_TEXT, "本单位已以电话方式向部值班室先行报告。"},
        {PAPER_HEADING, "二、初步判定的影响范围"},
        {PAPER_TEXT, "浙江等六省"},
        {PAPER_TEXT, "其中浙江最重"},
        {PAPER_HEADING, "三、初步判定的危害"},
        {PAPER_TEXT, "大量用户无法上网"},
        {PAPER_HEADING, "四、有关建议"},
        {PAPER_TEXT, "请协调"},
        {PAPER_TEXT, "特此报告。"},
    };
    struct desk_of_paper desk;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    (void)json_object_del(desk.act.body, "measures");
    const struct paper paper = make(&desk, "incident-report");
    assert_int_equal(paper.line_count, sizeof LINES / sizeof LINES[0]);
    for (size_t i = 0; i < paper.line_count; i++) {
        assert_int_equal(paper.lines[i].kind, LINES[i].kind);
        assert_string_equal(paper.lines[i].text, LINES[i].text);
    }
    paper_desk_close(&desk);
}

static void subheadings_stand_under_their_heading(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    paper_desk_open(&desk, "summary.submitted", "incident",
                    "{\"course\":\"甲\",\"cause_indirect\":\"乙\",\"impact\":\"丙\",\"loss\":\"丁\"}", "{}");
    const struct paper paper = make(&desk, "summary");
    assert_string_equal(paper.lines[1].text, "一、事件经过");
    assert_string_equal(paper.lines[3].text, "二、事件原因");
    assert_string_equal(paper.lines[4].text, "（一）间接原因");
    assert_string_equal(paper.lines[6].text, "三、影响和损失");
    assert_string_equal(paper.lines[7].text, "（一）造成的影响");
    assert_string_equal(paper.lines[9].text, "（二）造成的损失");
    paper_desk_close(&desk);
}

static void lists_are_numbered(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    paper_desk_open(&desk, "drill.reported", "drill",
                    "{\"text\":\"开展了演练\",\"findings\":[\"甲\",\"乙\"],\"figures\":{\"人数\":5}}",
                    "{\"form\":\"tabletop\"}");
    const struct paper paper = make(&desk, "drill-report");
    bool found = false;
    for (size_t i = 0; i < paper.line_count; i++)
        found = found || strcmp(paper.lines[i].text, "2．乙") == 0;
    assert_true(found);
    paper_desk_close(&desk);
}

static void many_addressees_get_one_name(void **state)
{
    (void)state;
    static const char *TO[] = {"a", "b", "c", "d", "e", "f", "g"};
    struct desk_of_paper desk;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    desk.act.to = TO;
    desk.act.to_count = 7;
    assert_string_equal(make(&desk, "incident-report").to, "各有关单位");
    desk.act.to_count = 0;
    assert_null(make(&desk, "incident-report").to);
    paper_desk_close(&desk);
}

static void demonstrations_and_drills_are_labelled(void **state)
{
    (void)state;
    static const char *TO[] = {"demo-telecom-zj"};
    struct desk_of_paper desk;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    desk.act.universe = "drill-2026";
    assert_string_equal(make(&desk, "incident-report").label, "演练　演练　演练");
    desk.act.to = TO;
    desk.act.to_count = 1;
    assert_string_equal(make(&desk, "incident-report").label, "演示数据");
    desk.act.to_count = 0;
    desk.cards[2].name = "演示·浙江电信"; /* sorted by id: tel-zj */
    assert_string_equal(make(&desk, "incident-report").label, "演示数据");
    desk.cards[2].name = "浙江电信";
    desk.act.node = "demo-telecom-zj";
    assert_string_equal(make(&desk, "incident-report").label, "演示数据");
    paper_desk_close(&desk);
}

static void another_act_or_one_without_a_title_is_refused(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct paper paper;
    struct err err;
    paper_desk_open(&desk, "incident.reported", "incident", "{\"scope\":\"x\"}", "{}");
    const struct paper_row *report = papers_find(desk.papers, "incident-report");
    const struct paper_row *warning = papers_find(desk.papers, "warning");
    assert_code(compose(&desk.facts, warning, &desk.arena, &paper, &err), ERR_INVALID);
    assert_string_equal(err.field, "act");
    assert_code(compose(&desk.facts, report, &desk.arena, &paper, &err), ERR_INVALID);
    paper_desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_has_the_elements_of_an_upward_paper),
        cmocka_unit_test(headings_are_numbered_and_empty_ones_left_out),
        cmocka_unit_test(subheadings_stand_under_their_heading),
        cmocka_unit_test(lists_are_numbered),
        cmocka_unit_test(many_addressees_get_one_name),
        cmocka_unit_test(demonstrations_and_drills_are_labelled),
        cmocka_unit_test(another_act_or_one_without_a_title_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
