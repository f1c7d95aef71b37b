/* domain/pack_schema.h — the shape of a pack's files: what libcyaml reads, and its lists as a table.
 *
 * Internal to the pack_* files: who only asks the law needs domain/pack.h.
 *
 * Layer    domain.   Owns nothing.   Threads: constants.
 * Tests    tests/unit/domain/test_pack_check.c
 */
#ifndef DOMAIN_PACK_SCHEMA_H
#define DOMAIN_PACK_SCHEMA_H

#include "base/yamldoc.h"
#include "domain/pack.h"

/* Every file of a pack: a mapping with any of the lists, read into a struct pack. */
extern const cyaml_schema_value_t PACK_FILE;
/* The fields of its description, a struct pack_head. */
extern const cyaml_schema_field_t PACK_HEAD[];

enum pack_list {
    PACK_CLAUSES,
    PACK_PROVISIONS,
    PACK_LEVELS,
    PACK_CONDITIONS,
    PACK_DERIVED,
    PACK_NOTES,
    PACK_POWERS,
    PACK_DUTIES,
    PACK_ROUTES,
    PACK_FIELDS,
    PACK_ENUMS,
    PACK_DOCUMENTS,
    PACK_AMBIGUITIES,
    PACK_GAPS,
    PACK_ROLES,
    PACK_ORGANISATIONS,
    PACK_LIST_COUNT
};

struct pack_list_info {
    const char *key; /* in the file: "duties" */
    size_t rows_at;  /* offset in struct pack of the pointer to the rows … */
    size_t count_at; /* … and of their number */
    size_t row_bytes;
    size_t id_at;                       /* offset in a row of the text that tells it from the others */
    const cyaml_schema_field_t *fields; /* of a row */
};

extern const struct pack_list_info PACK_LISTS[PACK_LIST_COUNT];

void *pack_rows(const struct pack *pack, enum pack_list list);
uint32_t pack_row_count(const struct pack *pack, enum pack_list list);
/* The id of a row; "" when it has none. */
const char *pack_row_id(const struct pack *pack, enum pack_list list, uint32_t index);
/* The row with this id; NULL when there is none. */
const void *pack_row_find(const struct pack *pack, enum pack_list list, const char *id);

#endif
