#include "paper/sheet.h"

#include "lib/check.h"

#include <stdio.h>

static const struct paper_house HOUSE = {.song = "Noto Serif CJK SC",
                                         .song_bold = "Noto Serif CJK SC",
                                         .fang = "Noto Serif CJK SC",
                                         .hei = "Noto Sans CJK SC",
                                         .kai = "Noto Serif CJK SC"};

struct fixture {
    struct fonts *fonts;
    struct sheet *sheet;
};

static int setup(void **state)
{
    static struct fixture f;
    struct err err;
    assert_ok(fonts_open(&HOUSE, &f.fonts, &err), &err);
    assert_ok(sheet_open(f.fonts, &f.sheet, &err), &err);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    sheet_close(f->sheet);
    fonts_close(f->fonts);
    return 0;
}

static void add(struct fixture *f, const char *text, bool keep_next)
{
    sheet_add(f->sheet, &(struct sheet_text){
                            .font = FONT_FANG, .size_pt = SIZE_3_PT, .text = text, .keep_next = keep_next});
}

static const struct sheet_line *line(struct fixture *f, size_t index)
{
    return sheet_at(f->sheet, index);
}

enum { TEXT_SIZE = 3 * 100 + 1 };

static const char *characters(int count, const char *end, char text[TEXT_SIZE])
{
    int at = 0;
    for (int i = 0; i < count; i++)
        at += snprintf(text + at, TEXT_SIZE - (size_t)at, "字");
    (void)snprintf(text + at, TEXT_SIZE - (size_t)at, "%s", end);
    return text;
}

static void a_row_holds_28_characters(void **state)
{
    struct fixture *f = *state;
    char text[TEXT_SIZE];
    add(f, characters(57, "", text), false);
    assert_int_equal(sheet_count(f->sheet), 3);
    assert_int_equal(line(f, 0)->line->length, 28 * 3);
    assert_int_equal(line(f, 1)->line->length, 28 * 3);
    assert_int_equal(line(f, 2)->line->length, 3);
}

static void no_closing_mark_begins_a_row(void **state)
{
    struct fixture *f = *state;
    char text[TEXT_SIZE];
    add(f, characters(28, "。", text), false);
    assert_int_equal(sheet_count(f->sheet), 2);
    assert_int_equal(line(f, 1)->line->length, 6);
}

static void a_page_holds_22_rows(void **state)
{
    struct fixture *f = *state;
    struct err err;
    int page = 0;
    int row = 0;
    for (int i = 0; i < 50; i++)
        add(f, "行", false);
    assert_ok(sheet_break(f->sheet, 10, &page, &row, &err), &err);
    assert_int_equal(line(f, 11)->page, 0);
    assert_int_equal(line(f, 11)->row, 21);
    assert_int_equal(line(f, 12)->page, 1);
    assert_int_equal(line(f, 12)->row, 0);
    assert_int_equal(line(f, 33)->row, 21);
    assert_int_equal(line(f, 34)->page, 2);
    assert_int_equal(page, 2);
    assert_int_equal(row, 16);
}

static void a_heading_stays_with_its_text(void **state)
{
    struct fixture *f = *state;
    struct err err;
    int page = 0;
    int row = 0;
    for (int i = 0; i < 21; i++)
        add(f, "行", false);
    add(f, "标题", true);
    add(f, "行", false);
    assert_ok(sheet_break(f->sheet, 0, &page, &row, &err), &err);
    assert_int_equal(line(f, 20)->page, 0);
    assert_int_equal(line(f, 21)->page, 1);
    assert_int_equal(line(f, 22)->row, 1);
}

static void a_signature_takes_text_along(void **state)
{
    struct fixture *f = *state;
    struct err err;
    int page = 0;
    int row = 0;
    for (int i = 0; i < 20; i++)
        add(f, "行", false);
    sheet_add(f->sheet, &(struct sheet_text){.font = FONT_FANG,
                                             .size_pt = SIZE_3_PT,
                                             .text = "署名",
                                             .blank_rows = 2,
                                             .keep_before = true,
                                             .keep_next = true});
    add(f, "日期", false);
    assert_ok(sheet_break(f->sheet, 0, &page, &row, &err), &err);
    assert_int_equal(line(f, 18)->page, 0);
    assert_int_equal(line(f, 19)->page, 1);
    assert_int_equal(line(f, 20)->page, 1);
    assert_int_equal(line(f, 20)->row, 3);
    assert_int_equal(line(f, 21)->row, 4);
}

static void what_must_stay_together_and_cannot_goes_on(void **state)
{
    struct fixture *f = *state;
    struct err err;
    int page = 0;
    int row = 0;
    for (int i = 0; i < 60; i++)
        add(f, "行", true);
    assert_ok(sheet_break(f->sheet, 5, &page, &row, &err), &err);
    assert_int_equal(page, 2);
    for (size_t i = 0; i < 60; i++)
        assert_true(line(f, i)->row >= 0 && line(f, i)->row < SHEET_ROWS);
}

static void a_centred_text_has_even_lines(void **state)
{
    struct fixture *f = *state;
    sheet_add(f->sheet, &(struct sheet_text){.font = FONT_SONG,
                                             .size_pt = SIZE_2_PT,
                                             .text = "关于二〇〇九年五月十九日六省用户无法正常上网的报告",
                                             .align = SHEET_CENTRE});
    assert_int_equal(sheet_count(f->sheet), 2);
    assert_true(line(f, 1)->line->length > 9 * 3);
    assert_true(line(f, 0)->x_pt > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_holds_28_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(no_closing_mark_begins_a_row, setup, teardown),
        cmocka_unit_test_setup_teardown(a_page_holds_22_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(a_heading_stays_with_its_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_signature_takes_text_along, setup, teardown),
        cmocka_unit_test_setup_teardown(what_must_stay_together_and_cannot_goes_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_centred_text_has_even_lines, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
