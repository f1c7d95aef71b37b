#include "paper/register.h"

#include "base/str.h"
#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"

#include <string.h>

static void a_matter_is_a_row_in_words(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct xlsx_table table;
    struct err err;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT,
                    "{\"scope\":\"六省\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"region\":\"330000\"}");
    const struct register_row *row = papers_register(desk.papers, "incidents");
    struct subject matters[2] = {desk.matter, desk.matter};
    matters[1].level = LEVEL_NONE;
    assert_ok(register_table(&desk.facts, row, matters, 2, &desk.arena, &table, &err), &err);
    assert_int_equal(table.row_count, 2);
    assert_int_equal(table.column_count, row->columns_count);
    static const struct {
        const char *title;
        const char *text;
    } WANT[] = {{"标题", "六省用户无法正常上网"},
                {"级别", "Ⅱ级"},
                {"状态", "已报告"},
                {"报告单位", "浙江电信"},
                {"地区", "浙江省"},
                {"事件发生时间", "2009年5月19日21时50分"},
                {"影响范围", "六省"},
                {"已采取的措施", NULL}};
    for (size_t i = 0; i < sizeof WANT / sizeof WANT[0]; i++) {
        size_t column = 0;
        while (!streq(table.columns[column].title, WANT[i].title))
            column++;
        const char *text = table.cells[column].text;
        if (!streq(text, WANT[i].text))
            fail_msg("%s is %s", WANT[i].title, text ? text : "empty");
        if (streq(WANT[i].title, "级别"))
            assert_null(table.cells[table.column_count + column].text);
    }
    paper_desk_close(&desk);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct arena small;
    struct xlsx_table table;
    struct err err;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    arena_init(&small, 64);
    assert_code(register_table(&desk.facts, papers_register(desk.papers, "incidents"), &desk.matter, 1,
                               &small, &table, &err),
                ERR_NOMEM);
    arena_done(&small);
    paper_desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matter_is_a_row_in_words),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
