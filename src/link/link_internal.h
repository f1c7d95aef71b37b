/* link/link_internal.h — what link.c, call.c and answer.c share. Only src/link includes it. */
#ifndef LINK_LINK_INTERNAL_H
#define LINK_LINK_INTERNAL_H

#include "desk/deliver.h"
#include "desk/receive.h"
#include "link/link.h"

enum { LINK_PEERS_MAX = 4096, LINK_ARENA_BYTES = 64 << 20 };

/* What is known of a peer beyond the store. All of it may be lost: it is learned again. */
struct link_peer {
    char node[PROOF_NAME_MAX + 1];
    bool calling;
    int64_t called_ms;  /* last call or answer that went through; 0 = none since the start */
    int64_t next_ms;    /* not before, after a failure */
    unsigned failures;  /* in a row */
    uint64_t seen_size; /* of our ledger, as it has witnessed */
    struct witness_owed {
        bool due;
        uint64_t size;
        struct cosignature cosignature;
    } owed;                          /* our signature that it has not got yet */
    struct envelope_answer *answers; /* to what its last reply brought; texts are in memory of their own */
    size_t answer_count;
    struct arena answers_arena;
};

struct link {
    struct desk *desk;
    struct link_options options;
    struct link_peer **peers; /* sorted by node */
    size_t count;
    size_t room;
    struct link_counters counters;
};

/* The peer's entry, made when it is not there. */
MUST_USE enum errc link_peer_of(struct link *link, const char *node, struct link_peer **out, struct err *err);

const char *link_universe(const struct link *link);

/* Fills in what this side says in either direction: names, time, numbers, own head and growth, a signature
 * that is owed, and with_items what is to be delivered. */
MUST_USE enum errc link_compose(struct link *link, struct link_peer *peer, bool with_items,
                                struct arena *arena, struct envelope *out, struct err *err);

/* What came of taking a message. */
struct taken {
    struct arena *arena;
    struct envelope_answer *answers; /* to its acts */
    size_t answer_count;
    const char *concern; /* what is wrong with the peer's ledger or signature; NULL = nothing */
};

/* Takes what the other side says in either direction: its acts, its head and signature, its answers. */
MUST_USE enum errc link_take(struct link *link, struct link_peer *peer, const struct envelope *message,
                             bool is_reply, struct taken *out, struct err *err);

#endif
