/* domain/pack_diff.h — what changed between two versions of the law, row by row.
 *
 * Layer    domain: pure.
 * Owns     nothing: a change lives during the visit.
 * Threads  any.
 * Errors   ERR_LIMIT, ERR_NOMEM; whatever visit returns.
 * Tests    tests/unit/domain/test_pack_diff.c
 */
#ifndef DOMAIN_PACK_DIFF_H
#define DOMAIN_PACK_DIFF_H

#include "domain/pack_set.h"

struct pack_change {
    const char *pack;
    const char *list;   /* "duties"; "" for the pack's description */
    const char *id;     /* of the row; "" for the pack's description */
    const char *before; /* the row as lines "deadline.n: 10"; NULL = it is new */
    const char *after;  /* NULL = it is gone */
};

typedef enum errc (*pack_diff_fn)(void *context, const struct pack_change *change, struct err *err);

/* Packs in the order of a, then those only in b; rows likewise. */
MUST_USE enum errc pack_diff(const struct pack_set *a, const struct pack_set *b, pack_diff_fn visit,
                             void *context, struct err *err);

/* The days that work under one calendar and not under the other, each as an int32_t day. */
typedef enum errc (*pack_diff_day_fn)(void *context, int32_t day, bool works_now, struct err *err);
MUST_USE enum errc pack_diff_days(const struct pack_set *a, const struct pack_set *b, pack_diff_day_fn visit,
                                  void *context, struct err *err);

#endif
