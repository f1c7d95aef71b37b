/* sim/check.h — the promises, looked at after every step and once more at the end.
 *
 * After a step at a node (only what is new there):
 *   own acts      numbers dense; what was asked for with a key is done once; ownership moves by offer,
 *                 acceptance of that very offer, release, epoch by epoch
 *   others' acts  made by their node, byte for byte; nothing beyond its power is acted on; receipts true
 *   beliefs       a node that believes to own a matter owns it
 * After a power cut: the ledger still begins with everything that was acknowledged.
 * At the end, healed: every act is where it was sent, every receipt back, nothing waits; one owner a matter,
 * who knows it; both sides of every duty say the same; ledgers verify; a rebuild gives the same tables.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "sim/sim.h"

/* New acts of a node. acknowledged: its work went through, so that they must be there for ever. */
void check_step(struct node *node, bool acknowledged);
/* The node is back from a power cut. */
void check_kept(struct node *node);
/* Everything is healed and quiet. */
void check_end(struct sim *sim);

/* check_duties.c, check_ledger.c, check_rebuild.c: parts of check_end, a node each; the last closes it. */
void check_duties(struct node *node);
void check_ledger(struct node *node);
void check_rebuild(struct node *node);

#endif
