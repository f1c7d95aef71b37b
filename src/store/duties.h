/* store/duties.h — what clauses make nodes owe: load, save, list.
 *
 * A projection (rebuild.h). Lists come by due time; duties without a number of hours or days come last.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_NOT_FOUND; ERR_INVALID naming the filter's field.
 * Tests    tests/unit/store/test_duties.c, tests/unit/store/test_plans.c, tests/contract
 */
#ifndef STORE_DUTIES_H
#define STORE_DUTIES_H

#include "domain/model.h"
#include "store/store.h"

enum { DUTIES_LIMIT_MAX = 1000 };

MUST_USE enum errc duties_load(struct store *store, const char *id, struct arena *arena, struct duty *out,
                               struct err *err);
/* Inserts it, or replaces the one with this id. */
MUST_USE enum errc duties_save(struct store *store, const struct duty *duty, struct err *err);

/* NULL or 0 = any. */
struct duty_filter {
    const char *owner;
    const char *receiver;
    const char *subject;
    const char *root;
    const char *rule;
    const char *opened_act;
    const char *done_act;
    bool states[DUTY_CANCELLED + 1]; /* none set = any */
    int64_t due_before_ms;           /* due, and before this */
    const char *cursor;              /* `next` of the page before */
    size_t limit;                    /* 1 … DUTIES_LIMIT_MAX */
};

struct duty_page {
    struct duty *items;
    size_t count;
    const char *next; /* NULL on the last page */
};

MUST_USE enum errc duties_list(struct store *store, const struct duty_filter *filter, struct arena *arena,
                               struct duty_page *out, struct err *err);

/* Open, and due before that instant: what an overdue alarm counts. */
MUST_USE enum errc duties_count_overdue(struct store *store, const char *owner, int64_t now_ms, int64_t *out,
                                        struct err *err);
/* The earliest due time of an open duty after that instant; 0 when there is none: when to look again. */
MUST_USE enum errc duties_next_due(struct store *store, int64_t after_ms, int64_t *out_ms, struct err *err);

#endif
