/* desk/admit.h — a new node under this one: a one-time code is offered, and taken up once.
 *
 *   admit_offer   card of the node to come (its id, name, tier, region, roles) ─► a secret, kept as a hash
 *   admit_look    the secret ─► the card, while it is neither used nor out of date
 *   admit_node    the card, now with the node's keys ─► the code is used and node.enrolled stands on the
 *                 record, in one transaction
 *
 * Layer    desk.
 * Owns     a card that is returned lives in the arena.
 * Threads  the writer's.
 * Errors   ERR_AUTH no such code, used, or out of date: the three are not told apart; ERR_INVALID the card.
 * Tests    tests/unit/desk/test_admit.c
 */
#ifndef DESK_ADMIT_H
#define DESK_ADMIT_H

#include "desk/desk.h"

enum { ADMIT_SECRET_BYTES = 20 };
#define ADMIT_TTL_MAX_MS (INT64_C(30) * 86400000)

struct admit_offer {
    struct node_card card; /* parent, suite, keys and url are set by this node and the new one */
    int64_t ttl_ms;        /* how long the code holds */
};

MUST_USE enum errc admit_offer(struct desk *desk, const struct admit_offer *offer,
                               uint8_t out_secret[ADMIT_SECRET_BYTES], struct err *err);

MUST_USE enum errc admit_look(struct desk *desk, const uint8_t secret[ADMIT_SECRET_BYTES],
                              struct arena *arena, struct node_card *out, struct err *err);

/* card: as admit_look gave it, with suite, keys and url. */
MUST_USE enum errc admit_node(struct desk *desk, const uint8_t secret[ADMIT_SECRET_BYTES],
                              const struct node_card *card, struct err *err);

#endif
