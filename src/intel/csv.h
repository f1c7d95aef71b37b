/* intel/csv.h — which column of a table of indicators means what, by the names that feeds give them.
 *
 * Layer    intel.
 * Owns     nothing: cells are lent by the line.
 * Threads  any.
 * Data     COLUMNS in csv.c.
 * Tests    tests/unit/intel/test_csv.c
 */
#ifndef INTEL_CSV_H
#define INTEL_CSV_H

#include "intel/kind.h"
#include "intel/label.h"

enum { CSV_COLUMNS_MAX = 64 };

enum csv_role {
    CSV_OTHER,
    CSV_VALUE, /* an indicator of any kind */
    CSV_URL,
    CSV_HOST,   /* a name or an address */
    CSV_DIGEST, /* any algorithm */
    CSV_MD5,
    CSV_SHA1,
    CSV_SHA256,
    CSV_SM3,
    CSV_NUMBER,
    CSV_TYPE,
    CSV_FAMILY,
    CSV_CONFIDENCE,
    CSV_TLP,
    CSV_FROM,
    CSV_UNTIL,
    CSV_ROLE_COUNT
};

struct csv {
    char delimiter;
    size_t count;
    enum csv_role roles[CSV_COLUMNS_MAX];
};

/* Cells without the blanks and quotes around them. Returns their number; what is behind the last
 * is left out. */
size_t csv_split(struct str line, char delimiter, struct str out[CSV_COLUMNS_MAX]);

/* True when the line names a column that holds indicators; *out then says what every column is. */
MUST_USE bool csv_header(struct str line, struct csv *out);

/* Whether a column holds indicators, and whether those count beside a URL or a column for every kind. */
bool csv_is_value(const struct csv *csv, enum csv_role role);

/* What a row says about its indicators, over what holds for the list. family is lent by the line. */
struct csv_said {
    struct str type;
    struct str family;
    int confidence;
    enum tlp tlp;
    int64_t valid_from_ms;
    int64_t valid_until_ms;
};
void csv_read_said(const struct csv *csv, const struct str *cells, size_t count, struct csv_said *said);

/* "2024-05-01", "2024-05-01 10:00:00" (UTC), "2024-05-01T10:00:00Z"; LABEL_NO_TIME for anything else. */
int64_t csv_time(struct str text);

#endif
