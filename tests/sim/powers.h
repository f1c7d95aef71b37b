/* sim/powers.h — who may do what, written down once more by hand from the plan (§3, 4.4, 4.6,
 * 5.3–5.6, 6).
 *
 * Not the rule packs and not the way the desk asks them: a second opinion, as far as the act's own
 * bytes tell.
 */
#ifndef SIM_POWERS_H
#define SIM_POWERS_H

#include "domain/model.h"

/* NULL when the plan allows it to this node, else why not. */
const char *powers_against(const struct act *act, const struct node_card *actor);

#endif
