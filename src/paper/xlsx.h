/* paper/xlsx.h — tables as a workbook (ECMA-376): a sheet a table, its first rows fixed, a filter over it.
 *
 * The same tables give the same bytes.
 *
 * Layer    paper: pure but for libzip.
 * Owns     nothing: tables are borrowed, bytes go into the caller's buffer.
 * Threads  any.
 * Errors   ERR_LIMIT over XLSX_SHEETS_MAX tables or the buffers' caps; those of zip_write.
 * Tests    tests/unit/paper/test_xlsx.c
 */
#ifndef PAPER_XLSX_H
#define PAPER_XLSX_H

#include "base/buf.h"

enum { XLSX_SHEETS_MAX = 16, XLSX_COLUMNS_MAX = 64 };

struct xlsx_column {
    const char *title;
    int width; /* in characters; 0 = 20 */
};

/* A cell is a number when number is set, else its text; NULL leaves it empty. */
struct xlsx_cell {
    const char *text;
    bool number;
    double value;
};

struct xlsx_table {
    const char *name; /* of the sheet */
    const char *note; /* a line above the headings */
    const struct xlsx_column *columns;
    size_t column_count;
    const struct xlsx_cell *cells; /* row by row */
    size_t row_count;
};

MUST_USE enum errc xlsx_write(const struct xlsx_table *tables, size_t count, struct buf *out,
                              struct err *err);

#endif
