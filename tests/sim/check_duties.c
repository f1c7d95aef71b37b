#include "sim/check.h"

#include "base/str.h"
#include "store/acts.h"
#include "store/duties.h"

enum { DUTIES_BYTES = 64 << 20 };

struct owed {
    struct node *node;
    struct sim *sim;
    struct arena *arena;
    const struct duty *duty;
};

static void complain(const struct owed *owed, const char *what)
{
    const struct duty *duty = owed->duty;
    sim_fail(owed->sim, "at %s, duty %s of %s to %s (%s, %.8s) %s", owed->node->id, duty->rule, duty->owner,
             duty->receiver, duty_state_name(duty->state), duty->id, what);
}

static const struct made_act *on_record(const struct owed *owed, const char *id)
{
    bool there = false;
    struct err err;
    if (!sim_must(owed->sim, acts_exists(owed->node->store, id, &there, &err), &err, "acts_exists"))
        return NULL;
    return there ? registry_act(&owed->sim->registry, id) : NULL;
}

/* What opened it, did it and proved it is on the record, by those who must have done so. */
static void check_story(const struct owed *owed)
{
    const struct duty *duty = owed->duty;
    const struct country *country = owed->sim->country;
    size_t owner = country_find(country, duty->owner);
    size_t receiver = country_find(country, duty->receiver);
    if (!on_record(owed, duty->opened_act))
        complain(owed, "was opened by an act that is not on the record");
    const struct made_act *done = *duty->done_act ? on_record(owed, duty->done_act) : NULL;
    if (*duty->done_act && !done)
        complain(owed, "was done by an act that is not on the record");
    bool finished = duty->state == DUTY_PERFORMED || duty->state == DUTY_DISCHARGED;
    if (finished && (!done || done->node != owner))
        complain(owed, "was not done by its owner");
    if (duty->state == DUTY_CANCELLED && !done)
        complain(owed, "was cancelled by nothing");
    if (receiver == COUNTRY_NODES || !finished)
        return;
    const struct made_act *receipt = *duty->receipt_act ? on_record(owed, duty->receipt_act) : NULL;
    if (duty->state == DUTY_DISCHARGED && (!receipt || receipt->node != receiver))
        complain(owed, "was discharged without the receiver's receipt");
    bool party = owner == owed->node->number || receiver == owed->node->number;
    if (duty->state == DUTY_PERFORMED && party && receiver != owed->sim->hostile)
        complain(owed, "was done, delivered, and has no receipt");
}

/* Owner and receiver say the same. */
static void check_other_side(const struct owed *owed)
{
    const struct duty *duty = owed->duty;
    const char *other = streq(duty->owner, owed->node->id) ? duty->receiver : duty->owner;
    size_t at = country_find(owed->sim->country, other);
    struct duty theirs;
    struct err err = {0};
    bool party = streq(duty->owner, owed->node->id) || streq(duty->receiver, owed->node->id);
    if (!party || at == COUNTRY_NODES || at == owed->sim->hostile || !owed->sim->nodes[at].store)
        return;
    const struct made_act *opened = registry_act(&owed->sim->registry, duty->opened_act);
    bool told = opened && (opened->node == at || (opened->to & bit(at)));
    enum errc rc = duties_load(owed->sim->nodes[at].store, duty->id, owed->arena, &theirs, &err);
    if (rc == ERR_NOT_FOUND) {
        if (told)
            complain(owed, "is not known to the other side");
        return;
    }
    if (!sim_must(owed->sim, rc, &err, "duties_load"))
        return;
    if (theirs.state != duty->state || !streq(theirs.done_act, duty->done_act) ||
        !streq(theirs.receipt_act, duty->receipt_act) || theirs.due_ms != duty->due_ms ||
        theirs.opened_ms != duty->opened_ms || theirs.done_ms != duty->done_ms) {
        char what[200];
        (void)snprintf(what, sizeof what, "is %s at %s (done by %.13s there, %.13s here)",
                       duty_state_name(theirs.state), other, theirs.done_act, duty->done_act);
        complain(owed, what);
    }
}

void check_duties(struct node *node)
{
    struct sim *sim = node->sim;
    struct arena arena;
    struct duty_filter filter = {.limit = DUTIES_LIMIT_MAX};
    arena_init(&arena, DUTIES_BYTES);
    do {
        struct duty_page page = {0};
        struct err err;
        if (!sim_must(sim, duties_list(node->store, &filter, &arena, &page, &err), &err, "duties_list"))
            break;
        for (size_t i = 0; i < page.count && !sim->failed; i++) {
            struct owed owed = {node, sim, &arena, &page.items[i]};
            sim->tally.duties++;
            check_story(&owed);
            if (!sim->failed)
                check_other_side(&owed);
        }
        filter.cursor = page.next;
    } while (filter.cursor && !sim->failed);
    arena_done(&arena);
}
