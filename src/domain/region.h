/* domain/region.h — GB/T 2260: provinces, prefectures, and the districts of the four municipalities.
 *
 * Layer    domain: pure.
 * Owns     region_table_new gives an object freed by region_table_free; a pack_set owns its own.
 * Threads  immutable after region_table_finish.
 * Errors   ERR_SYNTAX or ERR_INVALID with file, line and what to do.
 * Data     rules/regions/
 * Tests    tests/unit/domain/test_region.c
 */
#ifndef DOMAIN_REGION_H
#define DOMAIN_REGION_H

#include "domain/model.h"

struct region_table;

enum region_kind {
    REGION_COUNTRY,   /* 000000 */
    REGION_PROVINCE,  /* 330000 */
    REGION_PREFECTURE /* 330100; also the districts of a municipality and counties under a province */
};

struct region_row {
    const char *code;
    const char *name;
    bool pca; /* a province with a communications administration of its own */
    enum region_kind kind;
};

struct region_table *region_table_new(void); /* NULL when out of memory */
void region_table_free(struct region_table *table);
/* Adds the rows of one file; after the last, region_table_finish sorts and checks. */
MUST_USE enum errc region_table_read(struct region_table *table, const char *file, const char *text,
                                     size_t size_bytes, struct err *err);
MUST_USE enum errc region_table_finish(struct region_table *table, struct err *err);

/* NULL for a code that is not in the table. */
const struct region_row *region_find(const struct region_table *table, const char *code);

size_t region_count(const struct region_table *table);
const struct region_row *region_at(const struct region_table *table, size_t index);

/* True when inner is outer or lies in it. Both must be six digits; "000000" covers everything. */
bool region_covers(const char *outer, const char *inner);

/* The code of the province of a region: 330100 → 330000. */
void region_province(const char *code, char out[REGION_SIZE]);

#endif
