/* desk/deliver.h — the sending half of delivery: what goes to a peer next, and what became of it.
 *
 *   deliver_take ─► (link sends, peer answers) ─► deliver_settle    each row acked or refused, with a reason
 *                                   or nobody ─► deliver_failed     rows stay, the next try is put off
 *
 * Rows are taken in the order of their numbers and stay until they are answered, so a lost answer only means
 * that they are sent again. A peer that has lost what it once took (it says so by its last number) gets that
 * again; one that has taken more than was ever sent tells that this node's own record was set back.
 *
 * Layer    desk.   Owns nothing: what is taken lives in the arena.
 * Threads  deliver_take reads any store, also a reader's own; the others are the writer's.
 * Errors   those of the store; ERR_DAMAGED this node's record was set back.
 * Tests    tests/unit/desk/test_deliver.c, tests/unit/link, tests/sim
 */
#ifndef DESK_DELIVER_H
#define DESK_DELIVER_H

#include "desk/desk.h"
#include "desk/receive.h"

struct delivery {
    int64_t n;
    const char *act; /* id */
    const char *bytes;
    const char *annex; /* "" = none, or not for this way */
    const char *proof; /* of its origin, as text */
    const char **targets;
    size_t target_count;
};

struct deliver_limits {
    size_t count_max; /* 1 … RECEIVE_BATCH_MAX */
    size_t bytes_max; /* of act, annex and proof together; one is always taken */
};

MUST_USE enum errc deliver_take(struct store *store, const char *peer, const struct deliver_limits *limits,
                                struct arena *arena, struct delivery **out, size_t *out_count,
                                struct err *err);

/* Peers for which something waits. Ids live in the arena. */
MUST_USE enum errc deliver_peers(struct store *store, struct arena *arena, const char ***out,
                                 size_t *out_count, struct err *err);

/* The last number taken from that peer. */
MUST_USE enum errc deliver_taken(struct store *store, const char *peer, int64_t *out_n, struct err *err);

struct deliver_answer {
    int64_t n;
    enum received received;
    const char *why;
    const char *clause;
};

/* Of a contact with a peer that went through. */
struct deliver_contact {
    const char *peer;
    const struct deliver_answer *answers;
    size_t answer_count;
    bool has_last;
    int64_t last_n;      /* the last number that the peer has taken from us */
    int64_t skew_ms;     /* its clock minus ours */
    const char *concern; /* what is wrong with the peer all the same; NULL = nothing */
};

/* One transaction, or none when nothing changed but the hour. */
MUST_USE enum errc deliver_settle(struct desk *desk, const struct deliver_contact *contact, struct err *err);

/* The peer could not be reached, or would not: `why` is kept with it and with what waits for it, and no try
 * is made before next_ms. */
MUST_USE enum errc deliver_failed(struct desk *desk, const char *peer, const struct err *why, int64_t next_ms,
                                  struct err *err);

/* Queues what was held back because no way was known and for which there is one now. */
MUST_USE enum errc deliver_release(struct desk *desk, struct err *err);

#endif
