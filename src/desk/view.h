/* desk/view.h — rows as JSON, in the words of the API. One way to show a thing, wherever it is shown.
 *
 * Layer    desk.
 * Owns     each function gives a new reference (NULL when memory is exhausted).
 * Threads  any; pure.
 * Tests    tests/unit/desk/test_view.c
 */
#ifndef DESK_VIEW_H
#define DESK_VIEW_H

#include "domain/catalogue.h"
#include "domain/pack_set.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/nodes.h"
#include "store/outbox.h"

/* What words mean: state and type names in Chinese and English come from the catalogue. */
struct view {
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    int64_t now_ms; /* for what is overdue, and by how long */
};

MUST_USE json_t *view_subject(const struct view *view, const struct subject *subject);
/* With the clause, its text, and whether it is overdue or how long it took. */
MUST_USE json_t *view_duty(const struct view *view, const struct duty *duty);
/* The act as it was written, where it stands in the ledger, and who brought it. */
MUST_USE json_t *view_act(const struct view *view, const struct stored_act *stored);
MUST_USE json_t *view_receipt(const struct receipt *receipt);
MUST_USE json_t *view_outbox(const struct outbox_item *item);
MUST_USE json_t *view_peer(const struct peer *peer, const struct node_card *card);

/* An instant as text; json null for 0. */
MUST_USE json_t *view_time(int64_t ms);

#endif
