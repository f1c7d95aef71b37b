/* main/import_report.h — one row of somebody's table as the body of incident.reported.
 *
 * Every report says where it comes from: `source` holds the table's name, the row's own id, and a mark made
 * of both, by which a second import knows it again. Times are read in the forms that tables use. A date that
 * does not exist, or that names no hour, is kept as it was written (`occurred_raw`), put on the nearest day
 * that exists, and noted. A text that is too long is cut, and noted.
 *
 * Layer    main.
 * Owns     *out_body is a new reference; texts live in the arena.
 * Threads  any.
 * Errors   ERR_INVALID naming the field: no id, not a number, a word that the map does not know, no date.
 * Tests    tests/unit/main/test_import_report.c
 */
#ifndef MAIN_IMPORT_REPORT_H
#define MAIN_IMPORT_REPORT_H

#include "base/doc.h"
#include "main/import_map.h"

enum { IMPORT_MARK_SIZE = sizeof "import-" + 16 };

struct import_report {
    json_t *body;
    json_t *notes; /* texts: what was kept, normalised, cut */
    char mark[IMPORT_MARK_SIZE];
};

/* values: a row of import_rows. Both documents of *out are new references. */
MUST_USE enum errc import_report_make(const struct import_map *map, const struct act_row *act,
                                      const json_t *values, struct arena *arena, struct import_report *out,
                                      struct err *err);

/* "2018-09-31", "2018/9/3 12:30", "2018年9月", RFC 3339 … as RFC 3339 in China time. *out_note is NULL when
 * nothing had to be assumed. */
MUST_USE enum errc import_time(const char *text, struct arena *arena, const char **out, const char **out_note,
                               struct err *err);

#endif
