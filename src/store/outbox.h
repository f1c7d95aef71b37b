/* store/outbox.h — what is to be delivered to which peer, and what became of it.
 *
 *                    push                     sent                acked
 *     (nothing) ───────────► queued ─────────────────► sent ───────────► acked
 *         │ push held          ▲  ▲   retry later        │ │
 *         ▼                    │  └─────────────────────┘ └─────────────► refused
 *        held ──── release ────┘
 *
 * An act goes to a peer with the list of nodes that this hop must reach; again, under another n, when further
 * nodes behind that peer must have it. n is dense per peer, from 1, in the order of queueing; the receiver
 * takes them in that order only. A held act has no n yet.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_CONFLICT that act is held for the peer already; ERR_NOT_FOUND; ERR_WRONG_STATE.
 * Tests    tests/unit/store/test_outbox.c, tests/contract
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "store/store.h"

enum { OUTBOX_LIMIT_MAX = 1000 };

enum outbox_state {
    OUTBOX_QUEUED,
    OUTBOX_SENT,
    OUTBOX_ACKED,
    OUTBOX_REFUSED,
    OUTBOX_HELD,
    OUTBOX_STATE_COUNT
};

/* "queued" …; parse gives -1 for what is not in the table. */
const char *outbox_state_name(enum outbox_state state);
int outbox_state_parse(const char *name);

struct outbox_item {
    const char *peer;
    const char *act;
    int64_t n;            /* 0 while held */
    const char **targets; /* nodes this hop must reach */
    size_t target_count;
    enum outbox_state state;
    const char *reason; /* why it was refused, is held, or was not delivered last time */
    const char *clause;
    int64_t tries;
    int64_t next_ms; /* not before */
    int64_t queued_ms;
    int64_t sent_ms; /* last time */
    int64_t done_ms; /* acked or refused */
    const char *receipt_act;
};

/* item: peer, act, targets, queued_ms; state queued or held, with reason and clause. Sets item->n. */
MUST_USE enum errc outbox_push(struct store *store, struct outbox_item *item, struct err *err);

/* The newest row of that act for the peer. */
MUST_USE enum errc outbox_get(struct store *store, const char *peer, const char *act, struct arena *arena,
                              struct outbox_item *out, struct err *err);

/* Finds the row by peer, act and n, and writes back everything that may change: targets, state, reason,
 * clause, tries and times. Going from held to queued gives it the peer's next n. */
MUST_USE enum errc outbox_update(struct store *store, struct outbox_item *item, struct err *err);

struct outbox_page {
    struct outbox_item *items;
    size_t count;
};

/* Queued and sent, not yet answered, with a greater n, in order: what to send next. */
MUST_USE enum errc outbox_pending(struct store *store, const char *peer, int64_t after_n, size_t limit,
                                  struct arena *arena, struct outbox_page *out, struct err *err);

/* Peers that have anything queued or sent. */
MUST_USE enum errc outbox_peers(struct store *store, struct arena *arena, const char ***out,
                                size_t *out_count, struct err *err);

/* NULL = any. Newest first; the next page starts below the last one's queued_ms. */
struct outbox_filter {
    const char *peer;
    const char *act;
    bool states[OUTBOX_STATE_COUNT]; /* none set = any */
    int64_t before_n;                /* with a peer: only smaller n; 0 = from the newest */
    size_t limit;
};

MUST_USE enum errc outbox_list(struct store *store, const struct outbox_filter *filter, struct arena *arena,
                               struct outbox_page *out, struct err *err);

/* Per peer and state, for the status page. */
struct outbox_count {
    const char *peer;
    enum outbox_state state;
    int64_t count;
    int64_t oldest_ms; /* queued_ms of the oldest */
};

MUST_USE enum errc outbox_counts(struct store *store, struct arena *arena, struct outbox_count **out,
                                 size_t *out_count, struct err *err);

#endif
