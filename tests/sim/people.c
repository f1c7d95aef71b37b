#include "sim/people.h"

#include "base/str.h"
#include "sim/check.h"
#include "sim/forms.h"

enum { BATCH_MAX = 3, TRIES_MS = 20000 };

/* What happens in an emergency, and how often. */
struct habit {
    const char *kind;
    unsigned weight;
};

static const struct habit HABITS[] = {
    {"incident.reported", 24},
    {"incident.hazard_reported", 4},
    {"incident.followed_up", 14},
    {"incident.final_reported", 2},
    {"incident.corrected", 3},
    {"incident.received", 4},
    {"incident.assessed", 10},
    {"incident.marked_nonplan", 1},
    {"incident.merged", 1},
    {"incident.closed", 2},
    {"evidence.preserved", 2},
    {"users.notified", 2},
    {"summary.submitted", 4},
    {"summary.consolidated", 2},
    {"warning.information_reported", 3},
    {"warning.proposed", 2},
    {"warning.published", 7},
    {"warning.forwarded", 1},
    {"warning.acknowledged", 4},
    {"warning.adjusted", 4},
    {"warning.situation_reported", 3},
    {"warning.lifted", 3},
    {"risktip.published", 1},
    {"response.proposed", 1},
    {"response.started", 10},
    {"response.level_changed", 2},
    {"response.duty_mode_set", 2},
    {"response.situation_reported", 4},
    {"response.ended", 4},
    {"order.issued", 10},
    {"order.accepted", 6},
    {"order.progressed", 3},
    {"order.done", 5},
    {"order.refused", 3},
    {"order.reissued", 2},
    {"order.verified", 2},
    {"order.cancelled", 2},
    {"transfer.offered", 14},
    {"transfer.accepted", 14},
    {"transfer.refused", 5},
    {"outside.informed", 4},
    {"duty.stated", 3},
    {"accountability.recorded", 1},
};

static const struct act_row *habit(struct sim *sim)
{
    unsigned total = 0;
    for (size_t i = 0; i < sizeof HABITS / sizeof HABITS[0]; i++)
        total += HABITS[i].weight;
    unsigned at = (unsigned)dice_below(&sim->people, total);
    size_t row = 0;
    while (at >= HABITS[row].weight)
        at -= HABITS[row++].weight;
    return catalogue_act(sim->country->catalogue, HABITS[row].kind, NULL);
}

/* Anything that the catalogue has. */
static const struct act_row *anything(struct sim *sim)
{
    const struct catalogue *catalogue = sim->country->catalogue;
    const struct subject_row *type = catalogue_at(catalogue,
                                                  dice_below(&sim->people, catalogue_count(catalogue)));
    return &type->acts[dice_below(&sim->people, type->acts_count)];
}

static const struct subject_row *type_of(const struct sim *sim, const struct act_row *row)
{
    const struct subject_row *type = NULL;
    (void)catalogue_act(sim->country->catalogue, row->kind, &type);
    return type;
}

/* A matter of that type ("*" = any), the later the likelier; NULL when there is none. */
static const struct matter_fact *some_matter(struct sim *sim, const char *type)
{
    const struct registry *registry = &sim->registry;
    size_t back = dice_below(&sim->people, 1 + dice_below(&sim->people, registry->matter_count));
    for (size_t i = 0; i < registry->matter_count; i++) {
        size_t at = (2 * registry->matter_count - 1 - back - i) % registry->matter_count;
        const struct matter_fact *fact = registry->matters[at];
        if (streq(type, "*") || streq(fact->type->subject, type))
            return fact;
    }
    return NULL;
}

static size_t some_of(struct sim *sim, uint64_t set)
{
    size_t first = dice_below(&sim->people, COUNTRY_NODES);
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        if (set & bit((first + i) % COUNTRY_NODES))
            return (first + i) % COUNTRY_NODES;
    return first;
}

static uint64_t of_tier(const struct sim *sim, unsigned tiers)
{
    uint64_t set = 0;
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        if (tiers & 1U << sim->country->cards[i].tier)
            set |= bit(i);
    return set;
}

/* Mostly whoever may: the owner, the unit it was offered to … Sometimes just anybody. */
static size_t some_actor(struct sim *sim, const struct act_row *row, const struct matter_fact *fact)
{
    uint64_t regulators = of_tier(sim, 1U << TIER_MINISTRY | 1U << TIER_PROVINCE);
    uint64_t set = row->power ? regulators : of_tier(sim, 1U << TIER_ENTERPRISE | 1U << TIER_INSTITUTION);
    if (dice_chance(&sim->people, 120))
        return dice_below(&sim->people, COUNTRY_NODES);
    if (!fact)
        return some_of(sim, set);
    if (row->by == BY_OWNER && !row->creates)
        return fact->owner;
    if (row->by == BY_OFFERED && fact->offer)
        return fact->offered_to;
    if (row->by == BY_ASSIGNEE && fact->assignee < COUNTRY_NODES)
        return fact->assignee;
    if (row->power && (fact->known & regulators))
        return some_of(sim, fact->known & regulators);
    return some_of(sim, fact->known);
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

static struct wish *new_wish(struct sim *sim, const struct act_row *row)
{
    struct wish *wish = arena_alloc(&sim->arena, sizeof *wish);
    if (!wish || sim->wish_count == WISHES_MAX) {
        sim_fail(sim, "no room for another wish");
        return NULL;
    }
    wish->number = sim->wish_count;
    wish->row = row;
    (void)snprintf(wish->person, sizeof wish->person, "w%zu", wish->number);
    if (dice_chance(&sim->people, 500))
        (void)snprintf(wish->key, sizeof wish->key, "k%zu", wish->number);
    sim->wishes[sim->wish_count++] = wish;
    return wish;
}

/* What the other side does about something that waits for its answer. */
static const struct act_row *reaction(struct sim *sim, const struct matter_fact **fact)
{
    static const char *const TO_OFFER[] = {"transfer.accepted", "transfer.accepted", "transfer.refused",
                                           "transfer.offered"};
    static const char *const TO_ORDER[] = {"order.accepted", "order.progressed", "order.done",
                                           "order.refused", "order.cancelled"};
    const struct registry *registry = &sim->registry;
    size_t first = dice_below(&sim->people, registry->matter_count);
    for (size_t i = 0; i < registry->matter_count; i++) {
        *fact = registry->matters[(first + i) % registry->matter_count];
        if ((*fact)->offer)
            return catalogue_act(sim->country->catalogue, TO_OFFER[dice_below(&sim->people, 4)], NULL);
        if (streq((*fact)->type->subject, "order") && dice_chance(&sim->people, 300))
            return catalogue_act(sim->country->catalogue, TO_ORDER[dice_below(&sim->people, 5)], NULL);
    }
    return NULL;
}

/* NULL when there is nothing to be done it to. *actor: who it must be; COUNTRY_NODES = still open. */
static struct wish *make_wish(struct sim *sim, size_t *actor)
{
    const struct matter_fact *fact = NULL;
    const struct act_row *row = dice_chance(&sim->people, 400) ? reaction(sim, &fact) : NULL;
    if (!row) {
        fact = NULL;
        row = dice_chance(&sim->people, 60) ? anything(sim) : habit(sim);
    }
    const struct subject_row *type = type_of(sim, row);
    bool fresh = row->creates && !fact && !dice_chance(&sim->people, 150);
    const char *about = fresh ? type->parent : type->subject;
    if (!fact && about && !row->free)
        fact = some_matter(sim, about);
    if (about && !fact && !row->free)
        return NULL;
    struct wish *wish = new_wish(sim, row);
    if (!wish)
        return NULL;
    if (*actor == COUNTRY_NODES)
        *actor = some_actor(sim, row, fact);
    *(fresh ? &wish->parent : &wish->subject) = fact ? fact->id : NULL;
    struct form form = {.sim = sim,
                        .row = row,
                        .actor = *actor,
                        .matter = fact,
                        .sensible = !dice_chance(&sim->people, 120),
                        .wrong = dice_chance(&sim->people, sim->options.wrong_per_mille)};
    wish->body = form_fill(&form);
    if (!wish->body || !arena_tie(&sim->arena, drop_doc, wish->body))
        return NULL;
    return wish;
}

static struct submission submission_of(const struct wish *wish)
{
    struct submission submission = {.kind = wish->row->kind,
                                    .subject = wish->subject,
                                    .parent = wish->parent,
                                    .person = wish->person,
                                    .post = "值班员",
                                    .body = json_deep_copy(wish->body),
                                    .expected_rev = -1,
                                    .key = *wish->key ? wish->key : NULL,
                                    .scope = "people"};
    memcpy(submission.request_hash, wish->person, sizeof wish->person);
    return submission;
}

static void ask_again(struct node *node, struct wish *wish)
{
    struct sim *sim = node->sim;
    struct event event = {.at_ms = sim->now_ms + TRIES_MS + dice_spread(&sim->people, 3600000),
                          .what = HAPPENS_AGAIN,
                          .node = node->number,
                          .what_for = wish};
    if (!agenda_add(&sim->agenda, event))
        sim_fail(sim, "no memory for the agenda");
}

/* What the answer promises is true at once; when the power went with it, afterwards (check_kept). */
static void keep_answer(struct node *node, struct wish *wish, const struct submission *answer)
{
    struct sim *sim = node->sim;
    if (wish->act && !streq(wish->act, answer->act))
        sim_fail(sim, "%s answers the same request with %s and then with %s", node->id, wish->act,
                 answer->act);
    wish->node = node->number;
    wish->act = arena_strdup(&sim->arena, answer->act);
    if (!node->down)
        people_check_answers(node);
}

void people_check_answers(struct node *node)
{
    struct sim *sim = node->sim;
    for (size_t i = 0; i < sim->wish_count; i++) {
        const struct wish *wish = sim->wishes[i];
        if (!wish->act || wish->node != node->number)
            continue;
        const struct made_act *made = registry_act(&sim->registry, wish->act);
        if (!made || made->node != node->number)
            sim_fail(sim, "%s answered that %s is recorded as %s, and it is not", node->id, wish->row->kind,
                     wish->act);
    }
}

static bool defect(enum errc rc)
{
    return rc == ERR_IO || rc == ERR_DAMAGED || rc == ERR_INTERNAL || rc == ERR_NOMEM || rc == ERR_CRYPTO ||
           rc == ERR_FULL;
}

static void take_answer(struct node *node, struct wish *wish, struct submission *answer, bool lives)
{
    struct sim *sim = node->sim;
    sim_say(sim, "%s %s %s by %s%s: %s %s%s%s", wish->person, answer->kind,
            answer->subject ? answer->subject : "", node->id, answer->repeated ? " (again)" : "",
            answer->rc < 0 ? errc_info(answer->rc)->name : "done", answer->rc < 0 ? "" : answer->act,
            answer->rc < 0 ? answer->err.field : "", answer->rc < 0 ? answer->err.message : "");
    sim->tally.submitted++;
    sim->tally.refused += answer->rc < 0;
    if (answer->rc >= 0)
        keep_answer(node, wish, answer);
    bool again = answer->rc >= 0 ? dice_chance(&sim->people, 60) : defect(answer->rc);
    if (again && *wish->key)
        ask_again(node, wish);
    if (lives && defect(answer->rc) && !(node->full && answer->rc == ERR_FULL))
        sim_fail(sim, "%s by %s ends in %s: %s", answer->kind, node->id, errc_info(answer->rc)->name,
                 answer->err.message);
}

static void submit(struct node *node, struct wish **wishes, size_t count)
{
    struct submission submissions[BATCH_MAX];
    struct submission *batch[BATCH_MAX];
    struct err err = {0};
    for (size_t i = 0; i < count; i++) {
        submissions[i] = submission_of(wishes[i]);
        batch[i] = &submissions[i];
    }
    enum errc rc = desk_submit_batch(node->desk, batch, count, &err);
    if (rc >= 0 && node->fuse != 0)
        check_step(node, true);
    bool lives = node_lives(node);
    for (size_t i = 0; i < count; i++) {
        take_answer(node, wishes[i], &submissions[i], lives);
        json_decref(submissions[i].body);
    }
}

void people_act(struct sim *sim)
{
    struct wish *wishes[BATCH_MAX];
    size_t actor = COUNTRY_NODES;
    size_t count = 0;
    size_t wanted = dice_chance(&sim->people, 150) ? 1 + dice_below(&sim->people, BATCH_MAX) : 1;
    while (count < wanted && (wishes[count] = make_wish(sim, &actor)))
        count++;
    if (count > 0 && node_wake(&sim->nodes[actor]))
        submit(&sim->nodes[actor], wishes, count);
}

void people_again(struct node *node, struct wish *wish)
{
    if (node_wake(node))
        submit(node, &wish, 1);
    else if (!node->sim->failed)
        ask_again(node, wish);
}

void people_plan(struct sim *sim)
{
    for (unsigned i = 0; i < sim->options.acts; i++) {
        struct event event = {.at_ms = COUNTRY_START_MS + dice_between(&sim->people, 0, sim->options.span_ms),
                              .what = HAPPENS_WISH};
        if (!agenda_add(&sim->agenda, event))
            sim_fail(sim, "no memory for the agenda");
    }
}

struct wish *people_wish(struct sim *sim, const char *person)
{
    for (size_t i = 0; i < sim->wish_count; i++)
        if (streq(sim->wishes[i]->person, person))
            return sim->wishes[i];
    return NULL;
}
