/* sim/hostile.h — one unit of the country whose program has been changed: it makes up acts.
 *
 * It keeps its own keys, so what it signs in its own name is truly its own. It tries acts beyond its power,
 * acts in the name of others, other bytes under a known id, acts of a drill, old acts again, broken texts.
 */
#ifndef SIM_HOSTILE_H
#define SIM_HOSTILE_H

#include "sim/net.h"

/* COUNTRY_NODES when everybody is honest in this seed. */
size_t hostile_choose(struct sim *sim);
void hostile_act(struct node *node);
/* What it does to a reply of its own program before it goes out. */
void hostile_reply(struct node *node, size_t caller, struct message *reply);
/* Everything is healed: what it was refused stands as refused in its own outbox. */
void hostile_check(struct sim *sim);

#endif
