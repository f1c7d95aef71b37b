/* tests/unit/desk/audited.h — a ledger of several nodes' acts, and a way to falsify it before an audit. */
#ifndef UNIT_DESK_AUDITED_H
#define UNIT_DESK_AUDITED_H

#include "desk/audit.h"
#include "desk/ledger_walk.h"
#include "lib/world.h"

/* What is done to the pieces before the auditor sees them; any may be NULL. */
struct falsifier {
    void (*anchor)(struct node_card *card);
    void (*act)(struct stored_act *stored, char *bytes);
    void (*head)(struct tree_head *head);
    void (*witness)(struct cosignature *cosignature);
    int64_t omit; /* this act is left out; -1 = none */
};

/* A world in which an incident was reported, delivered, and its ledgers witnessed. */
void audited_open(struct world *world);

/* The auditor's report on that node's ledger; falsifier may be NULL. */
json_t *audited(struct world *world, const char *node, const struct falsifier *falsifier);

#endif
