/* desk/cards.h — node cards: as JSON, and as the acts node.enrolled and node.revoked make them known.
 *
 * Layer    desk.
 * Owns     nothing; a card read from JSON points into the document.
 * Threads  the writer's.
 * Errors   ERR_INVALID naming the member.
 * Tests    tests/unit/desk/test_cards.c
 */
#ifndef DESK_CARDS_H
#define DESK_CARDS_H

#include "desk/desk.h"

MUST_USE enum errc card_read(json_t *doc, struct node_card *out, struct err *err);
/* A new reference; NULL when memory is exhausted. */
MUST_USE json_t *card_write(const struct node_card *card);

/* Saves the card that the act is about, or marks it as revoked; does nothing for other acts. */
MUST_USE enum errc cards_apply(struct desk *desk, const struct act *act, struct arena *arena,
                               struct err *err);

/* Reads the cards again when the open transaction has changed them: between two acts, never within one. */
MUST_USE enum errc cards_catch_up(struct desk *desk, struct err *err);

/* Reads all cards again: after a batch that changed them, and at the start. */
MUST_USE enum errc cards_refresh(struct desk *desk, struct err *err);

#endif
