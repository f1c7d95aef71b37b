/* store/list.h — puts a filtered list's statement together from fixed fragments.
 *
 * The only place where SQL is not a row of statements.def. Fragments are literals of the calling .c file,
 * each '?' in them becomes the next $n, and values are bound, never written into the text.
 *
 * Layer    store. Only src/store includes it.
 * Owns     its text until list_done. Bound bytes are the caller's and must outlive the query.
 * Threads  one list, one thread.
 * Tests    tests/unit/store/test_list.c
 */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include "base/buf.h"
#include "store/db.h"

enum { LIST_VALUES_MAX = 48, LIST_TEXT_MAX = 8192 };

struct list {
    struct buf text;
    struct db_value values[LIST_VALUES_MAX];
    size_t count;
    bool filtered; /* a WHERE stands there */
    bool failed;
};

void list_init(struct list *list, const char *fragment);
void list_done(struct list *list);

/* As many values as the fragment has '?'. */
void list_add(struct list *list, const char *fragment, const struct db_value *values, size_t count);
/* The same behind " WHERE " or " AND ". */
void list_where(struct list *list, const char *fragment, const struct db_value *values, size_t count);
/* column IN (…), for 1 … 16 values; nothing for 0. */
void list_where_in(struct list *list, const char *column, const struct db_value *values, size_t count);

MUST_USE enum errc list_query(struct list *list, struct db *db, struct db_rows **out, struct err *err);

#endif
