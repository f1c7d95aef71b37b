#include "paper/pdf.h"

#include "base/civil.h"
#include "paper/sheet.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>

/* The head's upper edge stands 35 mm below that of the type area; two rows are blank below it. */
#define HEAD_TOP_PT MM_PT(35)
#define HEAD_SIZE_MAX_PT 48.0
#define RED_RULE_GAP_PT MM_PT(4)
#define RED_RULE_PT 1.5
#define THICK_RULE_PT MM_PT(0.35)
#define THIN_RULE_PT MM_PT(0.25)
#define FOLIO_GAP_PT MM_PT(7)
#define LABEL_TOP_PT MM_PT(17)
#define TRACE_TOP_PT MM_PT(283)
#define TRACE_SIZE_PT 7.5
/* From the middle of a Chinese character down to its baseline. */
#define BASELINE_EM 0.38

struct ink {
    double red;
    double green;
    double blue;
};

static const struct ink BLACK = {0, 0, 0};
static const struct ink RED = {0.86, 0.0, 0.05};
static const struct ink GREY = {0.45, 0.45, 0.45};

struct press {
    const struct paper *paper;
    struct fonts *fonts;
    struct sheet *sheet;
    cairo_t *cr;
    struct buf *out;
    double number_y; /* of 发文字号, its middle */
    int first_row;   /* of what follows the red rule */
    int pages;
};

/* --- ink ------------------------------------------------------------------------------------------ */

/* x from the type area's edge, y the middle of the characters from its top. */
static void draw_line(struct press *press, PangoLayoutLine *line, double x, double y, double size_pt,
                      struct ink ink)
{
    cairo_set_source_rgb(press->cr, ink.red, ink.green, ink.blue);
    cairo_move_to(press->cr, TYPE_LEFT_PT + x, TYPE_TOP_PT + y + BASELINE_EM * size_pt);
    pango_cairo_show_layout_line(press->cr, line);
}

struct print {
    enum font font;
    double size_pt;
    struct ink ink;
    const char *text;
};

/* at 0: x is its left edge; 1: its right edge; 0.5: its middle. */
static void draw_text(struct press *press, const struct print *print, double at, double x, double y)
{
    double spacing = print->size_pt == SIZE_3_PT ? SPACING_PT : 0;
    PangoLayout *layout = fonts_layout(press->fonts, print->font, print->size_pt, spacing, print->text);
    int width = 0;
    pango_layout_get_size(layout, &width, NULL);
    draw_line(press, pango_layout_get_line_readonly(layout, 0), x - at * (double)width / PANGO_SCALE, y,
              print->size_pt, print->ink);
    g_object_unref(layout);
}

static void draw_rule(struct press *press, double y, double thick, struct ink ink)
{
    cairo_set_source_rgb(press->cr, ink.red, ink.green, ink.blue);
    cairo_set_line_width(press->cr, thick);
    cairo_move_to(press->cr, TYPE_LEFT_PT, TYPE_TOP_PT + y);
    cairo_line_to(press->cr, TYPE_LEFT_PT + TYPE_WIDTH_PT, TYPE_TOP_PT + y);
    cairo_stroke(press->cr);
}

static double row_middle(int row)
{
    return (row + 0.5) * ROW_PT;
}

/* --- 版头 ----------------------------------------------------------------------------------------- */

static double head_size(struct press *press)
{
    double natural = sheet_width(press->sheet, FONT_SONG_BOLD, 100, 0, press->paper->head);
    double fits = 100 * TYPE_WIDTH_PT / natural;
    return fits < HEAD_SIZE_MAX_PT ? fits : HEAD_SIZE_MAX_PT;
}

static void measure_head(struct press *press)
{
    int below = (int)ceil((HEAD_TOP_PT + head_size(press)) / ROW_PT);
    press->number_y = row_middle(below + 2);
    press->first_row = below + 3;
}

static void draw_head(struct press *press)
{
    const struct paper *paper = press->paper;
    double size = head_size(press);
    struct print head = {FONT_SONG_BOLD, size, RED, paper->head};
    struct print number = {FONT_FANG, SIZE_3_PT, BLACK, paper->number};
    draw_text(press, &head, 0.5, TYPE_WIDTH_PT / 2, HEAD_TOP_PT + size / 2);
    if (paper->signer) {
        struct print name = {FONT_KAI, SIZE_3_PT, BLACK, paper->signer};
        struct print word = {FONT_FANG, SIZE_3_PT, BLACK, "签发人："};
        double right = TYPE_WIDTH_PT - CHAR_PT;
        double width = sheet_width(press->sheet, FONT_KAI, SIZE_3_PT, SPACING_PT, paper->signer);
        draw_text(press, &number, 0, CHAR_PT, press->number_y);
        draw_text(press, &name, 1, right, press->number_y);
        draw_text(press, &word, 1, right - width, press->number_y);
    } else {
        draw_text(press, &number, 0.5, TYPE_WIDTH_PT / 2, press->number_y);
    }
    draw_rule(press, press->number_y + SIZE_3_PT / 2 + RED_RULE_GAP_PT, RED_RULE_PT, RED);
}

/* --- 主体 ----------------------------------------------------------------------------------------- */

static const enum font FACES[] = {
    [PAPER_TEXT] = FONT_FANG, [PAPER_HEADING] = FONT_HEI, [PAPER_SUBHEADING] = FONT_KAI};

static void add_opening(struct press *press, struct arena *arena)
{
    const struct paper *paper = press->paper;
    sheet_add(press->sheet, &(struct sheet_text){.font = FONT_SONG_BOLD,
                                                 .size_pt = SIZE_2_PT,
                                                 .text = paper->title,
                                                 .align = SHEET_CENTRE,
                                                 .blank_rows = 2,
                                                 .keep_next = true});
    if (paper->to)
        sheet_add(press->sheet, &(struct sheet_text){.font = FONT_FANG,
                                                     .size_pt = SIZE_3_PT,
                                                     .text = arena_printf(arena, "%s：", paper->to),
                                                     .blank_rows = 1});
}

static void add_body(struct press *press)
{
    const struct paper *paper = press->paper;
    for (size_t i = 0; i < paper->line_count; i++) {
        const struct paper_line *line = &paper->lines[i];
        sheet_add(press->sheet, &(struct sheet_text){.font = FACES[line->kind],
                                                     .size_pt = SIZE_3_PT,
                                                     .text = line->text,
                                                     .indent_pt = 2 * CHAR_PT,
                                                     .blank_rows = i == 0 && !paper->to,
                                                     .keep_next = line->kind != PAPER_TEXT});
    }
}

/* 附件：1．… with the names below each other. */
static void add_attachments(struct press *press, struct arena *arena)
{
    const struct paper *paper = press->paper;
    for (size_t i = 0; i < paper->attachment_count; i++) {
        bool many = paper->attachment_count > 1;
        const char *name = paper->attachments[i];
        const char *numbered = many ? arena_printf(arena, "%zu．%s", i + 1, name) : name;
        double left = 5 * CHAR_PT;
        double back = i == 0 ? 3 * CHAR_PT : 0;
        sheet_add(press->sheet,
                  &(struct sheet_text){.font = FONT_FANG,
                                       .size_pt = SIZE_3_PT,
                                       .text = i == 0 ? arena_printf(arena, "附件：%s", numbered) : numbered,
                                       .left_pt = left - back,
                                       .indent_pt = 0,
                                       .blank_rows = i == 0});
    }
}

/* Without a seal: the name two characters from the right, the date two characters further in than the name
 * begins; a date that is longer stands two characters from the right itself, and the name gives way. */
static void add_signature(struct press *press, struct arena *arena)
{
    const struct paper *paper = press->paper;
    double name = sheet_width(press->sheet, FONT_FANG, SIZE_3_PT, SPACING_PT, paper->organisation);
    double date = sheet_width(press->sheet, FONT_FANG, SIZE_3_PT, SPACING_PT, paper->date);
    double right = TYPE_WIDTH_PT - 2 * CHAR_PT;
    double name_x = right - name;
    double date_x = name_x + 2 * CHAR_PT;
    if (date_x + date > right) {
        date_x = right - date;
        name_x = fmin(name_x, date_x - 2 * CHAR_PT);
    }
    struct sheet_text text = {.font = FONT_FANG,
                              .size_pt = SIZE_3_PT,
                              .text = paper->organisation,
                              .left_pt = fmax(name_x, 0),
                              .blank_rows = 2,
                              .keep_before = true,
                              .keep_next = true};
    sheet_add(press->sheet, &text);
    text.text = paper->date;
    text.left_pt = fmax(date_x, 0);
    text.blank_rows = 0;
    text.keep_next = paper->note != NULL;
    sheet_add(press->sheet, &text);
    if (paper->note)
        sheet_add(press->sheet, &(struct sheet_text){.font = FONT_FANG,
                                                     .size_pt = SIZE_3_PT,
                                                     .text = arena_printf(arena, "（%s）", paper->note),
                                                     .indent_pt = 2 * CHAR_PT});
}

static void draw_rows(struct press *press, int page)
{
    for (size_t i = 0; i < sheet_count(press->sheet); i++) {
        const struct sheet_line *line = sheet_at(press->sheet, i);
        if (line->page == page)
            draw_line(press, line->line, line->x_pt, row_middle(line->row), line->size_pt, BLACK);
    }
}

/* --- 版记, page number, label --------------------------------------------------------------------- */

static int imprint_rows(const struct paper *paper)
{
    return paper->copies ? 2 : 1;
}

/* Its last rule is the lower edge of the type area. */
static void draw_imprint(struct press *press, struct arena *arena)
{
    const struct paper *paper = press->paper;
    struct print office = {FONT_FANG, SIZE_4_PT, BLACK, paper->organisation};
    struct print day = {FONT_FANG, SIZE_4_PT, BLACK, arena_printf(arena, "%s印发", paper->printed_on)};
    int top = SHEET_ROWS - imprint_rows(paper);
    draw_rule(press, top * ROW_PT, THICK_RULE_PT, BLACK);
    if (paper->copies) {
        struct print copies = {FONT_FANG, SIZE_4_PT, BLACK, arena_printf(arena, "抄送：%s。", paper->copies)};
        draw_text(press, &copies, 0, SIZE_4_PT, row_middle(top));
        draw_rule(press, (top + 1) * ROW_PT, THIN_RULE_PT, BLACK);
    }
    draw_text(press, &office, 0, SIZE_4_PT, row_middle(SHEET_ROWS - 1));
    draw_text(press, &day, 1, TYPE_WIDTH_PT - SIZE_4_PT, row_middle(SHEET_ROWS - 1));
    draw_rule(press, TYPE_HEIGHT_PT, THICK_RULE_PT, BLACK);
    struct print trace = {FONT_SONG, TRACE_SIZE_PT, GREY, paper->trace};
    draw_text(press, &trace, 0.5, TYPE_WIDTH_PT / 2, TRACE_TOP_PT - TYPE_TOP_PT);
}

/* Odd pages on the right, even ones on the left, one character from the edge. */
static void draw_folio(struct press *press, int page, struct arena *arena)
{
    struct print folio = {FONT_SONG, SIZE_4_PT, BLACK, arena_printf(arena, "— %d —", page + 1)};
    double y = TYPE_HEIGHT_PT + FOLIO_GAP_PT;
    if (page % 2 == 0)
        draw_text(press, &folio, 1, TYPE_WIDTH_PT - SIZE_4_PT, y);
    else
        draw_text(press, &folio, 0, SIZE_4_PT, y);
}

static void draw_label(struct press *press)
{
    struct print label = {FONT_HEI, SIZE_4_PT, RED, press->paper->label};
    if (!press->paper->label)
        return;
    double width = sheet_width(press->sheet, FONT_HEI, SIZE_4_PT, 0, label.text);
    double y = LABEL_TOP_PT - TYPE_TOP_PT;
    draw_text(press, &label, 0.5, TYPE_WIDTH_PT / 2, y);
    cairo_set_line_width(press->cr, 1);
    cairo_rectangle(press->cr, TYPE_LEFT_PT + (TYPE_WIDTH_PT - width) / 2 - SIZE_4_PT / 2,
                    LABEL_TOP_PT - SIZE_4_PT * 0.8, width + SIZE_4_PT, SIZE_4_PT * 1.6);
    cairo_stroke(press->cr);
}

/* --- the file ------------------------------------------------------------------------------------- */

static enum errc lay_out(struct press *press, struct arena *arena, struct err *err)
{
    int page = 0;
    int row = 0;
    measure_head(press);
    add_opening(press, arena);
    add_body(press);
    add_attachments(press, arena);
    add_signature(press, arena);
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for the pages");
    enum errc rc = sheet_break(press->sheet, press->first_row, &page, &row, err);
    press->pages = page + 1 + (row + imprint_rows(press->paper) > SHEET_ROWS);
    return rc;
}

static void print_pages(struct press *press, struct arena *arena)
{
    for (int page = 0; page < press->pages; page++) {
        if (page == 0)
            draw_head(press);
        draw_label(press);
        draw_rows(press, page);
        draw_folio(press, page, arena);
        if (page == press->pages - 1)
            draw_imprint(press, arena);
        cairo_show_page(press->cr);
    }
}

static cairo_status_t take(void *context, const unsigned char *bytes, unsigned int size_bytes)
{
    struct buf *out = context;
    buf_add(out, bytes, size_bytes);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* The act's own time: a clock would make every printing another file. */
static void describe(cairo_surface_t *surface, const struct paper *paper)
{
    char date[CIVIL_TIME_SIZE];
    civil_format_time(paper->date_ms, CIVIL_CHINA_MIN, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, paper->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, paper->organisation);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, paper->subject);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_KEYWORDS, paper->trace);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "fengsui");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static enum errc print_all(struct press *press, struct arena *arena, struct err *err)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, press->out, PAGE_WIDTH_PT,
                                                                   PAGE_HEIGHT_PT);
    describe(surface, press->paper);
    press->cr = cairo_create(surface);
    print_pages(press, arena);
    cairo_status_t status = cairo_status(press->cr);
    cairo_destroy(press->cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    enum errc rc = buf_check(press->out, err);
    return rc < 0 || status == CAIRO_STATUS_SUCCESS
               ? rc
               : err_set(err, ERR_NOMEM, "the PDF cannot be made: %s", cairo_status_to_string(status));
}

enum errc pdf_write(const struct paper *paper, const struct paper_house *house, struct buf *out,
                    struct err *err)
{
    struct press press = {.paper = paper, .out = out};
    struct arena arena;
    arena_init(&arena, 4 << 20);
    enum errc rc = fonts_open(house, &press.fonts, err);
    if (rc == ERR_OK)
        rc = sheet_open(press.fonts, &press.sheet, err);
    if (rc == ERR_OK)
        rc = lay_out(&press, &arena, err);
    if (rc == ERR_OK)
        rc = print_all(&press, &arena, err);
    sheet_close(press.sheet);
    fonts_close(press.fonts);
    arena_done(&arena);
    return rc;
}
