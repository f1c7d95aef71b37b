/* main/serve_demo.h — what only a demonstration allows: a clock that is set forward, links that are cut.
 *
 * A node that was started without `serve --demo` has none of it: its clock is the machine's, and asking is
 * refused. The time on the acts of a demonstration is the time that was set.
 *
 * Layer    main. Only serve*.c include it.
 * Owns     serve_demo_init fills a struct that serve_demo_done empties.
 * Threads  any, once filled.
 * Errors   ERR_UNSUPPORTED it is no demonstration; ERR_INVALID names the field.
 * Tests    tests/unit/main/test_serve_demo.c, tests/e2e
 */
#ifndef MAIN_SERVE_DEMO_H
#define MAIN_SERVE_DEMO_H

#include "base/doc.h"
#include "base/env.h"
#include "base/proof.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SERVE_DEMO_CUT_MAX = 64 };

struct serve_demo {
    bool on;
    const struct env *real;
    struct env env; /* the node's clock and randomness */
    atomic_int_fast64_t offset_ms;
    pthread_mutex_t lock; /* of what follows */
    char cut[SERVE_DEMO_CUT_MAX][PROOF_NAME_MAX + 1];
    size_t cut_count;
};

/* demo stays where it is: its env refers to it. */
MUST_USE enum errc serve_demo_init(struct serve_demo *demo, const struct env *real, bool on, struct err *err);
void serve_demo_done(struct serve_demo *demo);

/* {"clock_offset_ms": so far ahead of the machine's clock, "cut": [nodes]}, each optional.
 * *out: what holds. */
MUST_USE enum errc serve_demo_set(struct serve_demo *demo, json_t *body, json_t **out, struct err *err);

bool serve_demo_is_cut(struct serve_demo *demo, const char *node);

#endif
