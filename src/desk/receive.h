/* desk/receive.h — a peer's acts: checked as if nobody had checked them before, recorded, answered.
 *
 *   n right? ─► bytes an act? ─► new? ─► universe right? ─► origin proven? ─► annex as committed?
 *     ─► matter known? (else it waits) ─► judged ─► recorded and folded ─► receipt ─► on to further targets
 *
 * One call is one transaction. A receipt is given for acts that are for this node, to the node that made
 * them; it is an act of its own and travels by the outbox. The receiver's clock counts.
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   of the call: those of the store, then nothing was taken. Of one act: in its answer.
 * Tests    tests/unit/desk/test_receive.c, tests/sim
 */
#ifndef DESK_RECEIVE_H
#define DESK_RECEIVE_H

#include "desk/desk.h"

enum received {
    RECEIVED_ACCEPTED,
    RECEIVED_DUPLICATE, /* it was here already */
    RECEIVED_REFUSED,   /* err says why; the refusal is on the record */
    RECEIVED_WAITING,   /* for the matter `waits_for` */
    RECEIVED_GAP        /* not taken: numbers before it are missing */
};

const char *received_name(enum received received);
int received_parse(const char *name); /* -1 */

struct incoming {
    int64_t n; /* of the peer's outbox to us */
    const char *bytes;
    size_t size_bytes;
    const char *annex;    /* text; "" = none */
    const char *proof;    /* text of the origin's act proof */
    const char **targets; /* nodes that this hop must reach, perhaps this one among them */
    size_t target_count;

    enum received received; /* answer */
    struct err err;
    char waits_for[UUID_TEXT_SIZE];
    char act[UUID_TEXT_SIZE]; /* "" when it could not be read */
};

enum { RECEIVE_BATCH_MAX = 256 };

/* peer: the node that the certificate of the connection names. *out_last: the last n taken. */
MUST_USE enum errc desk_receive_batch(struct desk *desk, const char *peer, struct incoming *items,
                                      size_t count, int64_t *out_last, struct err *err);

#endif
