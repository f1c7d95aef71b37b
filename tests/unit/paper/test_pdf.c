#include "paper/pdf.h"

#include "lib/check.h"
#include "unit/paper/desk_of_paper.h"

#include <string.h>

static void make(struct desk_of_paper *desk, struct buf *out)
{
    struct paper paper;
    struct err err;
    const struct paper_row *row = papers_find(desk->papers, "incident-report");
    assert_ok(compose(&desk->facts, row, &desk->arena, &paper, &err), &err);
    buf_init(out, 16 << 20);
    assert_ok(pdf_write(&paper, papers_house(desk->papers), out, &err), &err);
}

static void a_paper_is_a_pdf_and_the_same_every_time(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct buf first;
    struct buf second;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    make(&desk, &first);
    make(&desk, &second);
    assert_true(first.size_bytes > 10000);
    assert_memory_equal(first.data, "%PDF-1.", 7);
    assert_int_equal(first.size_bytes, second.size_bytes);
    assert_memory_equal(first.data, second.data, first.size_bytes);
    buf_done(&first);
    buf_done(&second);
    paper_desk_close(&desk);
}

static void a_buffer_that_is_too_small_is_told(void **state)
{
    (void)state;
    struct desk_of_paper desk;
    struct paper paper;
    struct buf out;
    struct err err;
    paper_desk_open(&desk, "incident.reported", "incident", PAPER_REPORT, "{}");
    const struct paper_row *row = papers_find(desk.papers, "incident-report");
    assert_ok(compose(&desk.facts, row, &desk.arena, &paper, &err), &err);
    buf_init(&out, 1000);
    assert_code(pdf_write(&paper, papers_house(desk.papers), &out, &err), ERR_LIMIT);
    buf_done(&out);
    paper_desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_a_pdf_and_the_same_every_time),
        cmocka_unit_test(a_buffer_that_is_too_small_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
