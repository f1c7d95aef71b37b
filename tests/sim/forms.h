/* sim/forms.h — an act's form, filled in by chance: every field as its row of the catalogue asks, and what
 * people usually write where the law ties it to who they are.
 *
 * A wrong form has one fault: a field missing, of a wrong type, unknown, or a value beyond its range.
 */
#ifndef SIM_FORMS_H
#define SIM_FORMS_H

#include "sim/registry.h"
#include "sim/sim.h"

struct form {
    struct sim *sim;
    const struct act_row *row;
    size_t actor;
    const struct matter_fact *matter; /* what the act is about, or what it will hang under; may be NULL */
    bool sensible;                    /* level, colour and region such as the actor's tier may use */
    bool wrong;
};

/* A new document; the run has failed when it is NULL. */
json_t *form_fill(const struct form *form);

#endif
