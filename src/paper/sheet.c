#include "paper/sheet.h"

#include <math.h>
#include <stdlib.h>

struct sheet {
    struct fonts *fonts;
    GPtrArray *layouts; /* own the lines */
    struct sheet_line *lines;
    size_t count;
    size_t room;
    enum errc rc;
};

enum errc sheet_open(struct fonts *fonts, struct sheet **out, struct err *err)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet)
        return err_set(err, ERR_NOMEM, "no memory for a page");
    sheet->fonts = fonts;
    sheet->layouts = g_ptr_array_new_with_free_func(g_object_unref);
    *out = sheet;
    return ERR_OK;
}

void sheet_close(struct sheet *sheet)
{
    if (!sheet)
        return;
    g_ptr_array_unref(sheet->layouts);
    free(sheet->lines);
    free(sheet);
}

double sheet_width(struct sheet *sheet, enum font font, double size_pt, double spacing_pt, const char *text)
{
    PangoLayout *layout = fonts_layout(sheet->fonts, font, size_pt, spacing_pt, text);
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    g_object_unref(layout);
    return (double)width / PANGO_SCALE;
}

static bool reserve(struct sheet *sheet)
{
    if (sheet->count < sheet->room)
        return true;
    size_t room = sheet->room ? 2 * sheet->room : 64;
    struct sheet_line *lines = room <= 2 * SHEET_LINES_MAX ? realloc(sheet->lines, room * sizeof *lines)
                                                           : NULL;
    if (!lines) {
        sheet->rc = ERR_LIMIT;
        return false;
    }
    sheet->lines = lines;
    sheet->room = room;
    return true;
}

/* Lines of a title in the middle are of about the same length. */
static double width_of(const struct sheet_text *text, PangoLayout *layout)
{
    double room = TYPE_WIDTH_PT - text->left_pt;
    int natural = 0;
    if (text->align == SHEET_LEFT)
        return room + 0.5; /* the last character's half a point of rounding */
    pango_layout_get_size(layout, &natural, NULL);
    double whole = (double)natural / PANGO_SCALE;
    double lines = ceil(whole / room);
    double even = lines > 1 ? whole / lines + text->size_pt : room;
    return even < room ? even : room;
}

void sheet_add(struct sheet *sheet, const struct sheet_text *text)
{
    double spacing = text->size_pt == SIZE_3_PT ? SPACING_PT : 0;
    PangoLayout *layout = fonts_layout(sheet->fonts, text->font, text->size_pt, spacing, text->text);
    g_ptr_array_add(sheet->layouts, layout);
    double width = width_of(text, layout);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, (int)(text->indent_pt * PANGO_SCALE));
    pango_layout_set_justify(layout, text->align == SHEET_LEFT);
    int lines = pango_layout_get_line_count(layout);
    for (int i = 0; i < lines && reserve(sheet); i++) {
        struct sheet_line line = {.line = pango_layout_get_line_readonly(layout, i),
                                  .x_pt = text->left_pt + (i == 0 ? text->indent_pt : 0),
                                  .size_pt = text->size_pt,
                                  .blank_rows = i == 0 ? text->blank_rows : 0,
                                  .keep_next = text->keep_next && i == lines - 1};
        if (text->align == SHEET_CENTRE) {
            PangoRectangle box;
            pango_layout_line_get_extents(line.line, NULL, &box);
            line.x_pt = (TYPE_WIDTH_PT - (double)box.width / PANGO_SCALE) / 2;
        }
        if (i == 0 && text->keep_before && sheet->count > 0)
            sheet->lines[sheet->count - 1].keep_next = true;
        sheet->lines[sheet->count++] = line;
    }
}

/* Rows from line i to the end of what must stay together. */
static int rows_together(const struct sheet *sheet, size_t i)
{
    int rows = 1;
    for (; sheet->lines[i].keep_next && i + 1 < sheet->count && rows < SHEET_ROWS; i++)
        rows += 1 + sheet->lines[i + 1].blank_rows;
    return rows;
}

enum errc sheet_break(struct sheet *sheet, int first_row, int *out_page, int *out_row, struct err *err)
{
    int page = 0;
    int row = first_row;
    if (sheet->rc < 0)
        return err_set(err, sheet->rc, "the document is longer than %d lines", SHEET_LINES_MAX);
    for (size_t i = 0; i < sheet->count; i++) {
        struct sheet_line *line = &sheet->lines[i];
        bool began = row > (page == 0 ? first_row : 0);
        row += line->blank_rows;
        if (row + rows_together(sheet, i) > SHEET_ROWS && began &&
            (i == 0 || !sheet->lines[i - 1].keep_next)) {
            page++;
            row = 0;
        }
        if (row >= SHEET_ROWS) {
            page++;
            row = 0;
        }
        line->page = page;
        line->row = row++;
    }
    *out_page = page;
    *out_row = row;
    return ERR_OK;
}

size_t sheet_count(const struct sheet *sheet)
{
    return sheet->count;
}

const struct sheet_line *sheet_at(const struct sheet *sheet, size_t index)
{
    return &sheet->lines[index];
}
