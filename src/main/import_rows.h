/* main/import_rows.h — a table from a file: CSV with a heading, a JSON array, or JSON lines.
 *
 * Layer    main.
 * Owns     everything lives in the arena or is tied to it.
 * Threads  any.
 * Errors   ERR_SYNTAX, ERR_LIMIT for the file as a whole; a row that cannot be read carries its own fault
 *          and leaves the others as they are.
 * Tests    tests/unit/main/test_import_rows.c
 */
#ifndef MAIN_IMPORT_ROWS_H
#define MAIN_IMPORT_ROWS_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/str.h"
#include "main/import_map.h"

enum { IMPORT_BYTES_MAX = 64 << 20, IMPORT_ROWS_MAX = 200000, IMPORT_COLUMNS_MAX = 256 };

struct import_row {
    int line;          /* of the file; in one JSON array: the number of the entry, from 1 */
    json_t *values;    /* column → value; NULL when the row is faulty */
    const char *fault; /* why */
};

struct import_rows {
    struct import_row *at;
    size_t count;
};

MUST_USE enum errc import_rows_read(struct str text, const struct import_map *map, struct arena *arena,
                                    struct import_rows *out, struct err *err);

#endif
