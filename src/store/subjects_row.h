/* store/subjects_row.h — a row of SUBJECT_COLUMNS as a struct subject.
 *
 * Layer    store. Only subjects.c and subjects_list.c include it.
 * Owns     nothing; texts and document go into the arena.
 * Threads  as the store.
 * Errors   ERR_DAMAGED, ERR_NOMEM.
 * Tests    tests/unit/store/test_subjects.c
 */
#ifndef STORE_SUBJECTS_ROW_H
#define STORE_SUBJECTS_ROW_H

#include "domain/model.h"
#include "store/db.h"

/* with_doc: the document stands behind the columns. */
MUST_USE enum errc subjects_read_row(struct db_rows *rows, bool with_doc, struct arena *arena,
                                     struct subject *out, struct err *err);

#endif
