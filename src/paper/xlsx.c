#include "paper/xlsx.h"

#include "paper/xml.h"
#include "paper/zip.h"

enum { FIXED_PARTS = 5, SHEET_BYTES = 64 << 20, SMALL_BYTES = 1 << 16, WIDTH_DEFAULT = 20, PATH_SIZE = 40 };
enum { STYLE_TEXT = 0, STYLE_NOTE = 1, STYLE_TITLE = 2, STYLE_NUMBER = 3 };

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define S "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OOXML "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const char RELATIONS[] = DECLARATION "<Relationships xmlns=\"" PACKAGE
                                            "relationships\"><Relationship Id=\"rId1\" Type=\"" R
                                            "/officeDocument\" "
                                            "Target=\"xl/workbook.xml\"/></Relationships>";

static const char STYLES[] = DECLARATION
    "<styleSheet xmlns=\"" S "\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"宋体\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"黑体\"/></font></fonts><fills count=\"3\"><fill>"
    "<patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill><fill>"
    "<patternFill patternType=\"solid\"><fgColor rgb=\"FFE8EDF3\"/></patternFill></fill></fills>"
    "<borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
    "<cellXfs count=\"4\"><xf applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>"
    "<xf fontId=\"1\" applyFont=\"1\"/><xf fontId=\"1\" fillId=\"2\" applyFont=\"1\" applyFill=\"1\"/>"
    "<xf applyAlignment=\"1\"><alignment vertical=\"top\"/></xf></cellXfs></styleSheet>";

/* --- parts ---------------------------------------------------------------------------------------- */

static void write_types(size_t count, struct buf *out)
{
    buf_adds(out, DECLARATION "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" "
                              "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                              "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" OOXML
                              "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" OOXML
                              "styles+xml\"/>");
    for (size_t i = 0; i < count; i++)
        buf_addf(out,
                 "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" OOXML
                 "worksheet+xml\"/>",
                 i + 1);
    buf_adds(out, "</Types>");
}

static void write_relations(size_t count, struct buf *out)
{
    buf_adds(out, DECLARATION "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 0; i < count; i++)
        buf_addf(out,
                 "<Relationship Id=\"rId%zu\" Type=\"" R "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>",
                 i + 1, i + 1);
    buf_addf(out, "<Relationship Id=\"rId%zu\" Type=\"" R "/styles\" Target=\"styles.xml\"/></Relationships>",
             count + 1);
}

static void write_workbook(const struct xlsx_table *tables, size_t count, struct buf *out)
{
    buf_adds(out, DECLARATION "<workbook xmlns=\"" S "\" xmlns:r=\"" R "\"><sheets>");
    for (size_t i = 0; i < count; i++) {
        buf_adds(out, "<sheet name=\"");
        xml_text(out, tables[i].name);
        buf_addf(out, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
    }
    buf_adds(out, "</sheets></workbook>");
}

/* --- a sheet -------------------------------------------------------------------------------------- */

static void write_place(size_t row, size_t column, struct buf *out)
{
    if (column >= 26)
        buf_addf(out, "%c", (char)('A' + column / 26 - 1));
    buf_addf(out, "%c%zu", (char)('A' + column % 26), row);
}

static void write_text(size_t row, size_t column, int style, const char *text, struct buf *out)
{
    if (!text || !*text)
        return;
    buf_adds(out, "<c r=\"");
    write_place(row, column, out);
    buf_addf(out, "\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", style);
    xml_text(out, text);
    buf_adds(out, "</t></is></c>");
}

static void write_cell(size_t row, size_t column, const struct xlsx_cell *cell, struct buf *out)
{
    if (!cell->number) {
        write_text(row, column, STYLE_TEXT, cell->text, out);
        return;
    }
    buf_adds(out, "<c r=\"");
    write_place(row, column, out);
    buf_addf(out, "\" s=\"%d\"><v>%.15g</v></c>", STYLE_NUMBER, cell->value);
}

static void write_columns(const struct xlsx_table *table, struct buf *out)
{
    buf_adds(out, "<cols>");
    for (size_t i = 0; i < table->column_count; i++) {
        int width = table->columns[i].width > 0 ? table->columns[i].width : WIDTH_DEFAULT;
        buf_addf(out, "<col min=\"%zu\" max=\"%zu\" width=\"%d\" customWidth=\"1\"/>", i + 1, i + 1, width);
    }
    buf_adds(out, "</cols>");
}

static void write_sheet(const struct xlsx_table *table, struct buf *out)
{
    buf_adds(
        out, DECLARATION
        "<worksheet xmlns=\"" S
        "\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\">"
        "<pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" "
        "state=\"frozen\"/></sheetView></sheetViews>");
    write_columns(table, out);
    buf_adds(out, "<sheetData><row r=\"1\">");
    write_text(1, 0, STYLE_NOTE, table->note, out);
    buf_adds(out, "</row><row r=\"2\">");
    for (size_t i = 0; i < table->column_count; i++)
        write_text(2, i, STYLE_TITLE, table->columns[i].title, out);
    buf_adds(out, "</row>");
    for (size_t row = 0; row < table->row_count; row++) {
        buf_addf(out, "<row r=\"%zu\">", row + 3);
        for (size_t i = 0; i < table->column_count; i++)
            write_cell(row + 3, i, &table->cells[row * table->column_count + i], out);
        buf_adds(out, "</row>");
    }
    buf_adds(out, "</sheetData><autoFilter ref=\"A2:");
    write_place(table->row_count + 2, table->column_count - 1, out);
    buf_adds(out, "\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>");
}

/* --- the file ------------------------------------------------------------------------------------- */

struct book {
    struct buf texts[FIXED_PARTS + XLSX_SHEETS_MAX];
    struct zip_part parts[FIXED_PARTS + XLSX_SHEETS_MAX];
    char paths[XLSX_SHEETS_MAX][PATH_SIZE];
    size_t count;
};

static struct buf *add_part(struct book *book, const char *path, size_t cap_bytes)
{
    struct buf *text = &book->texts[book->count];
    buf_init(text, cap_bytes);
    book->parts[book->count++].path = path;
    return text;
}

enum errc xlsx_write(const struct xlsx_table *tables, size_t count, struct buf *out, struct err *err)
{
    struct book book = {.count = 0};
    enum errc rc = ERR_OK;
    if (count == 0 || count > XLSX_SHEETS_MAX)
        return err_set(err, ERR_LIMIT, "a workbook has 1 to %d sheets", XLSX_SHEETS_MAX);
    write_types(count, add_part(&book, "[Content_Types].xml", SMALL_BYTES));
    buf_adds(add_part(&book, "_rels/.rels", SMALL_BYTES), RELATIONS);
    write_workbook(tables, count, add_part(&book, "xl/workbook.xml", SMALL_BYTES));
    write_relations(count, add_part(&book, "xl/_rels/workbook.xml.rels", SMALL_BYTES));
    buf_adds(add_part(&book, "xl/styles.xml", SMALL_BYTES), STYLES);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(book.paths[i], PATH_SIZE, "xl/worksheets/sheet%zu.xml", i + 1);
        write_sheet(&tables[i], add_part(&book, book.paths[i], SHEET_BYTES));
    }
    for (size_t i = 0; i < book.count; i++) {
        if (rc == ERR_OK)
            rc = buf_check(&book.texts[i], err);
        book.parts[i].bytes = book.texts[i].data;
        book.parts[i].size_bytes = book.texts[i].size_bytes;
    }
    if (rc == ERR_OK)
        rc = zip_write(book.parts, book.count, out, err);
    for (size_t i = 0; i < book.count; i++)
        buf_done(&book.texts[i]);
    return rc;
}
