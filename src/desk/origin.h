/* desk/origin.h — did the node that an act names really make it? Its proof against its card's key.
 *
 * Keys are read once and kept, by the text of the key, so a node that gets a new card gets a new key.
 *
 * Layer    desk.
 * Owns     origin_new gives an object freed by origin_free.
 * Threads  the writer's.
 * Errors   ERR_FORGED; ERR_PERMISSION the node is not enrolled, or has no key for this universe.
 * Tests    tests/unit/desk/test_receive.c
 */
#ifndef DESK_ORIGIN_H
#define DESK_ORIGIN_H

#include "base/proof.h"
#include "domain/directory.h"

struct origin;

MUST_USE enum errc origin_new(struct origin **out, struct err *err);
void origin_free(struct origin *origin);

/* The public key that signs this node's heads in the universe: "real" or a drill. Lent. */
MUST_USE enum errc origin_key(struct origin *origin, const struct node_card *card, const char *universe,
                              const struct sign_key **out, struct err *err);

/* The head is the card's own, for this universe, rightly signed, and the act is its leaf. */
MUST_USE enum errc origin_check(struct origin *origin, const struct node_card *card, const struct act *act,
                                const char *proof_text, size_t proof_bytes, struct err *err);

#endif
