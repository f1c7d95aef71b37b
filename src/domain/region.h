/* domain/region.h — GB/T 2260: provinces, prefectures, and the districts of the four municipalities.
 *
 * Layer    domain: pure.
 * Owns     nothing; the table belongs to its pack_set.
 * Threads  immutable after loading.
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
    enum region_kind kind;
    bool pca; /* a province with a communications administration */
};

/* NULL for a code that is not in the table. */
const struct region_row *region_find(const struct region_table *table, const char *code);

size_t region_count(const struct region_table *table);
const struct region_row *region_at(const struct region_table *table, size_t index);

/* True when inner is outer or lies in it. Both must be six digits; "000000" covers everything. */
bool region_covers(const char *outer, const char *inner);

/* The code of the province of a region: 330100 → 330000. */
void region_province(const char *code, char out[REGION_SIZE]);

#endif
