#include "paper/docx.h"

#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"
#include "unit/paper/unzipped.h"

#include <stdlib.h>
#include <string.h>

static void make(struct desk_of_paper *desk, struct buf *out)
{
    struct paper paper;
    struct err err;
    assert_ok(compose(&desk->facts, papers_find(desk->papers, "incident-report"), &desk->arena, &paper, &err),
              &err);
    buf_init(out, 16 << 20);
    assert_ok(docx_write(&paper, papers_house(desk->papers), out, &err), &err);
}

static void holds(const struct buf *docx, const char *part, const char *text)
{
    char *found = unzipped(docx, part);
    assert_non_null(found);
    if (!strstr(found, text))
        fail_msg("%s does not hold %s:\n%.3000s", part, text, found);
    free(found);
}

static void the_file_holds_every_element_of_the_paper(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf docx;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT,
                    "{\"evidence\":[{\"name\":\"甲<1>\"},{\"name\":\"乙\"}]}");
    desk.act.universe = "drill-1";
    make(&desk, &docx);
    static const char *const TEXTS[] = {
        "浙江电信文件", "tel-zj〔2009〕12号", "签发人：",      "张三", "部应急办、", "一、基本情况",
        "附件：1．",    "甲&lt;1&gt;",        "2009年5月19日", "印发", "w:framePr"};
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        holds(&docx, "word/document.xml", TEXTS[i]);
    holds(&docx, "word/document.xml", "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\"");
    holds(&docx, "word/styles.xml", "仿宋_GB2312");
    holds(&docx, "word/header1.xml", "演练");
    holds(&docx, "word/footer1.xml", " PAGE ");
    holds(&docx, "docProps/core.xml", "2009-05-19T00:00:00Z");
    holds(&docx, "docProps/core.xml", ACT_ID);
    buf_done(&docx);
    paper_desk_close(&desk);
}

static void the_same_paper_gives_the_same_bytes(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf first;
    struct buf second;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    make(&desk, &first);
    make(&desk, &second);
    assert_int_equal(first.size_bytes, second.size_bytes);
    assert_memory_equal(first.data, second.data, first.size_bytes);
    buf_done(&first);
    buf_done(&second);
    paper_desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_holds_every_element_of_the_paper),
        cmocka_unit_test(the_same_paper_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
