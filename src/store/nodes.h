/* store/nodes.h — the cards of all nodes, the peers this node talks to, and enrolment codes.
 *
 * Layer    store.   Owns nothing: texts live in the caller's arena.   Threads as the store.
 * Errors   ERR_NOT_FOUND; ERR_CONFLICT an enrolment code was used already.
 * Tests    tests/unit/store/test_nodes.c, tests/contract
 */
#ifndef STORE_NODES_H
#define STORE_NODES_H

#include "domain/model.h"
#include "store/store.h"

enum { NODES_MAX = 65536, PEERS_LIST_MAX = 4096 };

/* act is the act that proves the card ("" for the node's own first one). A projection. */
MUST_USE enum errc nodes_save(struct store *store, const struct node_card *card, const char *act,
                              struct err *err);
/* act may be NULL. */
MUST_USE enum errc nodes_load(struct store *store, const char *id, struct arena *arena, struct node_card *out,
                              const char **act, struct err *err);
/* All cards by id: what a directory is made of. */
MUST_USE enum errc nodes_list(struct store *store, struct arena *arena, struct node_card **out,
                              size_t *out_count, struct err *err);

/* A node this one exchanges with directly, and how that goes. */
struct peer {
    const char *id;
    const char *url;         /* "" = it calls us */
    const char *fingerprint; /* of its link certificate, hexadecimal */
    const char *state;       /* the link's word: "up", "down", "refused" … */
    int64_t seen_ms;         /* last exchange */
    int64_t skew_ms;         /* its clock minus ours */
    int64_t failures;        /* in a row */
    int64_t next_ms;         /* next try not before */
    const char *reason;      /* of the last failure */
};

MUST_USE enum errc peers_save(struct store *store, const struct peer *peer, struct err *err);
MUST_USE enum errc peers_load(struct store *store, const char *id, struct arena *arena, struct peer *out,
                              struct err *err);
MUST_USE enum errc peers_list(struct store *store, struct arena *arena, struct peer **out, size_t *out_count,
                              struct err *err);

/* One-time codes, kept as hashes. card is the JSON of what the code enrols. */
struct enrol_code {
    uint8_t hash[HASH_SIZE];
    const char *card;
    int64_t created_ms;
    int64_t expires_ms;
    int64_t used_ms; /* 0 = not yet */
    const char *used_by;
};

MUST_USE enum errc enrol_add(struct store *store, const struct enrol_code *code, struct err *err);
MUST_USE enum errc enrol_get(struct store *store, const uint8_t hash[HASH_SIZE], struct arena *arena,
                             struct enrol_code *out, struct err *err);
/* ERR_CONFLICT when it is used or was never given. */
MUST_USE enum errc enrol_use(struct store *store, const uint8_t hash[HASH_SIZE], const char *node,
                             int64_t now_ms, struct err *err);

#endif
