/* sim/people.h — what people want done: who, which act, about which matter, and how often they ask.
 *
 * Most of it is what such a unit does in such a moment; the rest is out of place on purpose. Some ask with an
 * idempotency key, and ask again when no answer came.
 */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include "sim/sim.h"

/* One thing somebody wants. */
struct wish {
    size_t number;
    const struct act_row *row;
    const char *subject; /* NULL = a new matter */
    const char *parent;
    json_t *body;
    char person[24];  /* names the wish in the act's bytes */
    char key[24];     /* "" = asked once, whatever comes */
    uint64_t made_in; /* the event during which its acts appeared; 0 = not yet */
    const char *act;  /* as answered; NULL = not yet */
    size_t node;      /* that answered */
};

void people_plan(struct sim *sim);
/* Somebody at a node of their choice does something. */
void people_act(struct sim *sim);
/* Asks again for what was left without an answer. */
void people_again(struct node *node, struct wish *wish);

/* Every act that the node answered with is on its record. */
void people_check_answers(struct node *node);

/* The wish that an act of this person was made for; NULL for the program's own acts. */
struct wish *people_wish(struct sim *sim, const char *person);

#endif
