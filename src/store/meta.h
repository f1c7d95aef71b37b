/* store/meta.h — small named values that belong to the store as a whole.
 *
 * Layer    store.   Owns nothing.   Threads as the store.
 * Errors   ERR_NOT_FOUND when there is no value of that name.
 * Tests    tests/unit/store/test_meta.c
 */
#ifndef STORE_META_H
#define STORE_META_H

#include "store/store.h"

MUST_USE enum errc meta_get(struct store *store, const char *name, struct arena *arena, const char **out,
                            struct err *err);
MUST_USE enum errc meta_set(struct store *store, const char *name, const char *value, struct err *err);

/* Whole numbers: a cursor, a version. An absent one is 0. */
MUST_USE enum errc meta_get_int(struct store *store, const char *name, int64_t *out, struct err *err);
MUST_USE enum errc meta_set_int(struct store *store, const char *name, int64_t value, struct err *err);

#endif
