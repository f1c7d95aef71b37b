/* store/row.h — from columns to members of structs.
 *
 * Layer    store. Only src/store includes it.
 * Owns     nothing; texts go into the caller's arena, fixed sizes are copied into the struct.
 * Threads  as the store.
 * Errors   ERR_NOT_FOUND; ERR_DAMAGED a stored value cannot be what it should be; ERR_NOMEM the arena.
 * Tests    tests/unit/store/test_row.c
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "base/doc.h"
#include "base/proof.h"
#include "store/db.h"

/* The first row, to be finished by the caller; without one ERR_NOT_FOUND, and nothing is left open. */
MUST_USE enum errc row_first(struct db *db, const struct db_sql *sql, const struct db_value *values,
                             size_t count, struct db_rows **out, struct err *err);

MUST_USE enum errc row_name(struct db_rows *rows, int at, char out[PROOF_NAME_MAX + 1], struct err *err);
MUST_USE enum errc row_hash(struct db_rows *rows, int at, uint8_t out[HASH_SIZE], struct err *err);
MUST_USE enum errc row_signature(struct db_rows *rows, int at, struct signature *out, struct err *err);
MUST_USE enum errc row_suite(struct db_rows *rows, int at, enum suite *out, struct err *err);

/* A JSON column as a document tied to the arena. */
MUST_USE enum errc row_doc(struct db_rows *rows, int at, struct arena *arena, json_t **out, struct err *err);
/* A JSON list of texts. */
MUST_USE enum errc row_texts(struct db_rows *rows, int at, struct arena *arena, const char ***out,
                             size_t *out_count, struct err *err);
/* The other way: a JSON list of texts, in the arena. NULL when it is exhausted. */
MUST_USE const char *row_list(const char *const *texts, size_t count, struct arena *arena);

/* ERR_NOMEM when the arena ran out while rows were read into it. */
MUST_USE enum errc row_check(const struct arena *arena, struct err *err);

#endif
