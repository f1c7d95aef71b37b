/* main/import_map.h — how the columns of somebody's table become the fields of an incident report.
 *
 *   source: Public breach list 2019     what every imported report names as its origin
 *   format: json                        json (one array, or one object a line) | csv
 *   id: Name                            the column that tells rows apart
 *   fields:
 *     - {field: title, from: Title, before: "数据泄露："}
 *     - {field: occurred, from: BreachDate}
 *     - {field: facts.leaked_users, from: PwnCount}
 *     - {field: region, from: Province, words: [{from: 浙江, to: "330000"}]}
 *     - {field: measures, text: 未知}
 *
 * Layer    main.
 * Owns     import_map_load gives an object freed by import_map_free.
 * Threads  any.
 * Errors   ERR_SYNTAX, ERR_INVALID with file and line: unknown or missing fields, a field without a column.
 * Tests    tests/unit/main/test_import_map.c
 */
#ifndef MAIN_IMPORT_MAP_H
#define MAIN_IMPORT_MAP_H

#include "base/arena.h"
#include "domain/catalogue.h"

enum import_format { IMPORT_JSON, IMPORT_CSV };

struct import_word {
    const char *from;
    const char *to;
};

struct import_field {
    const char *field;     /* "title"; "facts." and the path of a fact */
    const char *from;      /* column; NULL when text is given */
    const char *text;      /* the same for every row */
    const char *before;    /* put in front; NULL = nothing */
    const char *otherwise; /* where the column is empty; NULL = the field is left out */
    bool html;             /* marks are taken out of the text */
    struct import_word *words;
    uint32_t words_count; /* > 0: only these are taken, and replaced */
};

struct import_map {
    const char *source;
    enum import_format format;
    const char *id;
    const char *separator; /* csv; NULL = a comma */
    struct import_field *fields;
    uint32_t fields_count;
};

/* act: the row of incident.reported. */
MUST_USE enum errc import_map_load(const char *path, const struct act_row *act, struct import_map **out,
                                   struct err *err);
void import_map_free(struct import_map *map); /* takes NULL */

#endif
