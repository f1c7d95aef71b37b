#include "paper/xlsx.h"

#include "lib/check.h"
#include "unit/paper/unzipped.h"

#include <stdlib.h>
#include <string.h>

static const struct xlsx_column COLUMNS[] = {{"名称", 30}, {"件数", 0}};
static const struct xlsx_cell CELLS[] = {
    {"甲<&>", false, 0}, {NULL, true, 3}, {NULL, false, 0}, {NULL, true, 0.25}};
static const struct xlsx_table TABLES[] = {{"表一", "说明", COLUMNS, 2, CELLS, 2},
                                           {"表二", "空", COLUMNS, 2, NULL, 0}};

static void holds(const struct buf *book, const char *part, const char *text)
{
    char *found = unzipped(book, part);
    assert_non_null(found);
    if (!strstr(found, text))
        fail_msg("%s does not hold %s:\n%s", part, text, found);
    free(found);
}

static void texts_and_numbers_stand_in_their_cells(void **state)
{
    (void)state;
    struct buf book;
    struct err err;
    buf_init(&book, 1 << 20);
    assert_ok(xlsx_write(TABLES, 2, &book, &err), &err);
    holds(&book, "xl/workbook.xml", "<sheet name=\"表二\" sheetId=\"2\" r:id=\"rId2\"/>");
    holds(&book, "xl/worksheets/sheet1.xml",
          "<c r=\"A2\" s=\"2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">名称");
    holds(&book, "xl/worksheets/sheet1.xml",
          "<c r=\"A3\" s=\"0\" t=\"inlineStr\"><is><t xml:space=\"preserve\">甲&lt;&amp;&gt;");
    holds(&book, "xl/worksheets/sheet1.xml", "<c r=\"B3\" s=\"3\"><v>3</v></c>");
    holds(&book, "xl/worksheets/sheet1.xml", "<row r=\"4\"><c r=\"B4\" s=\"3\"><v>0.25</v></c></row>");
    holds(&book, "xl/worksheets/sheet1.xml", "<autoFilter ref=\"A2:B4\"/>");
    holds(&book, "xl/worksheets/sheet2.xml", "<autoFilter ref=\"A2:B2\"/>");
    buf_done(&book);
}

static void the_same_tables_give_the_same_bytes(void **state)
{
    (void)state;
    struct buf first;
    struct buf second;
    struct err err;
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    assert_ok(xlsx_write(TABLES, 2, &first, &err), &err);
    assert_ok(xlsx_write(TABLES, 2, &second, &err), &err);
    assert_int_equal(first.size_bytes, second.size_bytes);
    assert_memory_equal(first.data, second.data, first.size_bytes);
    buf_done(&first);
    buf_done(&second);
}

static void a_book_has_sheets_and_not_too_many(void **state)
{
    (void)state;
    struct buf book;
    struct err err;
    buf_init(&book, 1 << 20);
    assert_code(xlsx_write(TABLES, 0, &book, &err), ERR_LIMIT);
    assert_code(xlsx_write(TABLES, XLSX_SHEETS_MAX + 1, &book, &err), ERR_LIMIT);
    buf_done(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_numbers_stand_in_their_cells),
        cmocka_unit_test(the_same_tables_give_the_same_bytes),
        cmocka_unit_test(a_book_has_sheets_and_not_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
