/* desk/desk.h — the use cases of one node in one universe: the only place that opens a transaction.
 *
 * A desk has no threads of its own. The writer thread of `serve` drains what waits and calls
 * desk_submit_batch; the link calls desk_receive (receive.h); the timer calls desk_tick (tick.h); a
 * simulation calls the same functions from one loop.
 *
 *   submissions ─► judge ─► act bytes ─► fold ─► store ─► signed head ─► commit ─► answers
 *                    └─ refused for lack of power: the refusal itself becomes an act
 *
 * Layer    desk.
 * Owns     desk_open gives an object closed by desk_close; it lends the store it was given.
 * Threads  one thread at a time: the writer. Queries (query.h) use a reader's own store.
 * Errors   of the whole batch: ERR_IO, ERR_FULL, ERR_DAMAGED — nothing was recorded, nothing may be
 *          acknowledged. Of one submission: in the submission.
 * Tests    tests/unit/desk/test_desk.c, tests/sim
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "base/env.h"
#include "domain/directory.h"
#include "domain/judge.h"
#include "domain/model.h"
#include "seal/seal.h"
#include "store/store.h"

struct desk;
struct standing;

/* Everything a desk works with; it must outlive the desk. */
struct desk_parts {
    struct store *store; /* the writer's */
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    const struct env *env; /* a drill has a clock of its own */
    struct seal *seal;     /* NULL for a desk that commits nothing (refold.h) */
    const char *node;      /* id of this node */
};

MUST_USE enum errc desk_open(const struct desk_parts *parts, struct desk **out, struct err *err);
void desk_close(struct desk *desk);

const struct desk_parts *desk_parts(const struct desk *desk);
/* Nodes known now; changes with the next batch that holds a node.* act. */
const struct directory *desk_directory(const struct desk *desk);
/* This node's own card; NULL before it is enrolled (or, for the ministry, set up). */
const struct node_card *desk_self(const struct desk *desk);

enum { DESK_BATCH_MAX = 256, DESK_KEY_MAX = 128 };

/* One request for one act, and its answer. Inputs are borrowed until the batch returns. */
struct submission {
    const char *kind;
    const char *subject; /* id; NULL or "" makes a new matter */
    const char *parent;  /* id of what a new matter hangs under; NULL = nothing */
    const char *person;
    const char *post;
    int64_t happened_ms;             /* 0 = now */
    json_t *body;                    /* changed: secrets are taken out */
    int64_t expected_rev;            /* -1 = whatever it is */
    const char *key;                 /* idempotency key; NULL = none */
    const char *scope;               /* whose key it is: the token */
    uint8_t request_hash[HASH_SIZE]; /* of the request the key was sent with */
    bool by_system;                  /* the program itself asks */
    const struct standing *standing; /* limits of who asks; NULL = none but the law's */

    enum errc rc; /* answer: 0, or err tells */
    struct err err;
    struct ruling ruling; /* what it rests on, and what to do instead */
    char act[UUID_TEXT_SIZE];
    char made[UUID_TEXT_SIZE]; /* the matter: new or as given */
    char root[UUID_TEXT_SIZE];
    int64_t rev;
    int64_t pos; /* of the act in the ledger */
    int64_t recorded_ms;
    bool repeated; /* the key was known: the first answer again */
};

/* All or nothing towards the disk; each submission has its own answer. */
MUST_USE enum errc desk_submit_batch(struct desk *desk, struct submission **batch, size_t count,
                                     struct err *err);
/* The same for one; the answer's rc is returned. */
MUST_USE enum errc desk_submit(struct desk *desk, struct submission *submission, struct err *err);

/* The largest pos that is committed, for streams; -1 when there is none. */
int64_t desk_last_pos(const struct desk *desk);

#endif
