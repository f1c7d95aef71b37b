/* domain/fold.h — what an act changes: its subject, the parent and root above it, and the duties of the law.
 *
 * The same function serves own acts, a peer's acts and rebuilding from the log, so equal acts in equal
 * order give equal tables. Its "now" is the act's own recorded time.
 *
 * A late act (one whose state has moved on, because acts of several nodes crossed) is kept in the
 * subject's `late` list and changes no state.
 *
 *              ┌─ makes the subject, or finds it
 *   act ──────►│  document (merge / append / ownership)  ──►  state  ──►  parent's state
 *              └─ parties of the root  ──►  facts graded under every pack  ──►  duties
 *
 * Layer    domain: pure.
 * Owns     nothing: the caller lends mutable subjects; strings, duties and a new subject's doc live in the
 *          arena or are tied to it.
 * Threads  any.
 * Errors   ERR_NOMEM, ERR_CRYPTO, ERR_LIMIT when a list of the document is full; then nothing may be saved.
 * Tests    tests/unit/domain/test_fold.c
 */
#ifndef DOMAIN_FOLD_H
#define DOMAIN_FOLD_H

#include "domain/matter.h"

enum { FOLD_LIST_MAX = 5000 };

struct fold {
    struct matter matter; /* as judged; its subject, parent and root are those below */
    const struct act *act;
    struct subject *subject;   /* empty (id NULL) when the act makes it; NULL for an act without a subject */
    struct subject *parent;    /* NULL when there is none */
    struct subject *root;      /* equals subject for a root */
    const struct duty *duties; /* of the root, open or performed */
    size_t duty_count;

    /* results */
    bool late;
    bool parent_changed;
    bool root_changed;
    struct duty *changed; /* new and changed duties, to be saved */
    size_t changed_count;
};

MUST_USE enum errc fold_act(struct fold *fold, struct arena *arena, struct err *err);

#endif
