/* paper/sheet.h — text on the grid of GB/T 9704: 22 rows a page, 28 characters a row.
 *
 *   A4 210 × 297 mm      天头 37, 订口 28      版心 156 × 225, row 225/22, character 156/28
 *
 * Paragraphs are cut into lines, lines fall into rows, rows into pages. A heading stays with the line after
 * it, and the signature never stands on a page without text.
 *
 * Layer    paper.
 * Owns     sheet_open gives an object closed by sheet_close; it lends its fonts. Lines are lent.
 * Threads  one sheet, one thread.
 * Errors   ERR_NOMEM; ERR_LIMIT more than SHEET_LINES_MAX lines, told by sheet_break.
 * Tests    tests/unit/paper/test_sheet.c
 */
#ifndef PAPER_SHEET_H
#define PAPER_SHEET_H

#include "paper/fonts.h"

#define MM_PT(mm) ((mm)*72.0 / 25.4)
#define PAGE_WIDTH_PT MM_PT(210)
#define PAGE_HEIGHT_PT MM_PT(297)
#define TYPE_LEFT_PT MM_PT(28)
#define TYPE_TOP_PT MM_PT(37)
#define TYPE_WIDTH_PT MM_PT(156)
#define TYPE_HEIGHT_PT MM_PT(225)
#define ROW_PT (TYPE_HEIGHT_PT / SHEET_ROWS)
#define CHAR_PT (TYPE_WIDTH_PT / SHEET_CHARS)

#define SIZE_2_PT 22.0 /* 二号 */
#define SIZE_3_PT 16.0 /* 三号 */
#define SIZE_4_PT 14.0 /* 四号 */
/* 28 characters of 16 pt are a little wider than the type area. */
#define SPACING_PT (CHAR_PT - SIZE_3_PT)

enum { SHEET_ROWS = 22, SHEET_CHARS = 28, SHEET_LINES_MAX = 20000 };

enum sheet_align { SHEET_LEFT, SHEET_CENTRE };

struct sheet_text {
    enum font font;
    double size_pt;
    const char *text;
    enum sheet_align align;
    double left_pt;   /* of every line, from the type area's edge */
    double indent_pt; /* more, of the first line */
    int blank_rows;   /* before it */
    bool keep_next;   /* its last line stands on the page of what follows */
    bool keep_before; /* its first line stands on the page of what goes before */
};

struct sheet_line {
    PangoLayoutLine *line;
    double x_pt; /* from the type area's edge */
    double size_pt;
    int blank_rows;
    bool keep_next;
    int page; /* from 0 */
    int row;
};

struct sheet;

MUST_USE enum errc sheet_open(struct fonts *fonts, struct sheet **out, struct err *err);
void sheet_close(struct sheet *sheet); /* takes NULL */

void sheet_add(struct sheet *sheet, const struct sheet_text *text);
/* How wide a text would be in one line. */
double sheet_width(struct sheet *sheet, enum font font, double size_pt, double spacing_pt, const char *text);

/* Gives every line its page and row, beginning in that row of the first page; *out_row is the row after the
 * last line, on page *out_page. */
MUST_USE enum errc sheet_break(struct sheet *sheet, int first_row, int *out_page, int *out_row,
                               struct err *err);

size_t sheet_count(const struct sheet *sheet);
const struct sheet_line *sheet_at(const struct sheet *sheet, size_t index);

#endif
