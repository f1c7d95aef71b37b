#include "paper/speak.h"

#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"

#include <string.h>

#define DOC "{\"scope\":\"六省\",\"evidence\":[{\"name\":\"日志\",\"sha256\":\"ab\"},{\"name\":\"样本\"}]}"

static struct desk_of_paper desk;

static void says(const char *text, const char *want)
{
    const struct speech speech = {.facts = &desk.facts, .row = papers_find(desk.papers, "incident-report")};
    struct buf out;
    buf_init(&out, 10000);
    buf_adds(&out, "=");
    bool said = speak(&speech, text, &out);
    if (said != (want != NULL) || strcmp(out.data + 1, want ? want : "") != 0)
        fail_msg("%s gives '%s', not '%s'", text, out.data + 1, want ? want : "nothing");
    buf_done(&out);
}

static void names_are_filled_in_from_act_matter_and_law(void **state)
{
    (void)state;
    says("关于{title}的报告", "关于六省用户无法正常上网的报告");
    says("{matter.title}{root.title}", "六省用户无法正常上网六省用户无法正常上网");
    says("{matter.level}/{matter.colour}/{matter.owner}/{matter.scope}", "Ⅱ级/黄色/浙江电信/六省");
    says("{matter.state} {matter.opened}", "已报告 2009年5月19日22时");
    says("{act.node} {act.person} {act.post} {act.date} {act.year} {act.number}",
         "浙江电信 张三 值班员 2009年5月19日 2009 12");
    says("{act.to} {act.time} {act.id}", "部应急办、浙江省通信管理局 2009年5月19日22时 " ACT_ID);
    says("《{pack.title}》{pack.number}第{clause}条",
         "《公共互联网网络安全突发事件应急预案》工信部网安〔2017〕281号第4.1条");
}

static void a_piece_without_value_is_left_out(void **state)
{
    (void)state;
    says("甲[（{source}）]乙", "甲乙");
    says("甲[（{title}）]乙", "甲（六省用户无法正常上网）乙");
    says("甲[一{title}[二{source}]三]乙", "甲一六省用户无法正常上网三乙");
    says("甲{source}乙", NULL);
    says("[{source}]", NULL);
    says("{act.nothing}", NULL);
    says("{matter.nothing}", NULL);
}

static void braces_that_do_not_close_do_no_harm(void **state)
{
    (void)state;
    says("甲{title", "甲六省用户无法正常上网");
    says("甲[乙", "甲乙");
    says("甲]乙", "甲]乙");
}

static void what_people_wrote_is_not_read_again(void **state)
{
    (void)state;
    (void)json_object_set_new(desk.act.body, "harm", json_string("{title}[x]"));
    says("{harm}", "{title}[x]");
}

static void entries_of_lists_speak_for_themselves(void **state)
{
    (void)state;
    struct speech speech = {.facts = &desk.facts, .list = "matter.evidence"};
    const json_t *list = speak_list(&speech, "matter.evidence");
    struct buf out;
    buf_init(&out, 1000);
    assert_int_equal(json_array_size(list), 2);
    assert_null(speak_list(&speech, "matter.nothing"));
    assert_null(speak_list(&speech, "findings"));
    speech.entry = json_array_get(list, 0);
    assert_true(speak(&speech, "{name}[（{sha256}）]", &out));
    assert_string_equal(out.data, "日志（ab）");
    buf_cut(&out, 0);
    speech.entry = json_array_get(list, 1);
    assert_true(speak(&speech, "{name}[（{sha256}）]", &out));
    assert_string_equal(out.data, "样本");
    buf_done(&out);
}

static int open_desk(void **state)
{
    (void)state;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, DOC);
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
        cmocka_unit_test(names_are_filled_in_from_act_matter_and_law),
        cmocka_unit_test(a_piece_without_value_is_left_out),
        cmocka_unit_test(braces_that_do_not_close_do_no_harm),
        cmocka_unit_test(entries_of_lists_speak_for_themselves),
        cmocka_unit_test(what_people_wrote_is_not_read_again),
    };
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
