/* intel/zeek_tsv.h — Zeek's tab-separated logs: a header that names and types the columns, then rows.
 *
 * Layer    intel.
 * Owns     a header holds its texts.
 * Threads  a header is const once read.
 * Errors   false for what is no header.
 * Tests    tests/unit/intel/test_zeek_tsv.c, tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_ZEEK_TSV_H
#define INTEL_ZEEK_TSV_H

#include "intel/json_read.h"

enum { ZEEK_COLUMNS_MAX = 128, ZEEK_HEADER_BYTES = 8192, ZEEK_NAME_MAX = 256 };

struct zeek_column {
    struct str name;
    const struct field_rule *rule; /* NULL = of no interest */
    bool many;                     /* a set or a vector */
};

struct zeek_header {
    char separator;
    char set_separator;
    struct str unset; /* "-" */
    struct str empty; /* "(empty)" */
    size_t count;     /* up to the last column of interest */
    struct zeek_column columns[ZEEK_COLUMNS_MAX];
    size_t used;
    char text[ZEEK_HEADER_BYTES];
};

/* What holds where no header says otherwise: no columns. */
void zeek_header_init(struct zeek_header *header);

/* One line that begins with '#'. */
void zeek_header_line(struct zeek_header *header, const struct field_table *table, struct str line);

void zeek_read(const struct zeek_header *header, struct str line, struct read_space *space,
               field_visit_fn *visit, void *context);

#endif
