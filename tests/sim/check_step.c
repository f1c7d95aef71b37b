#include "sim/check.h"

#include "base/civil.h"
#include "base/str.h"
#include "domain/act.h"
#include "sim/people.h"
#include "sim/powers.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/ledger.h"
#include "store/subjects.h"

enum { PAGE = 200, STEP_BYTES = 64 << 20 };

/* One act that is new on a node's record. */
struct look {
    struct node *node;
    struct sim *sim;
    struct arena *arena;
    const struct stored_act *stored;
    struct act act;
    struct made_act *made;
};

static const char *text(const struct look *look, const char *name)
{
    return json_string_value(json_object_get(look->act.body, name));
}

static bool own(const struct look *look)
{
    return !*look->stored->from_node;
}

static bool is_for(const struct look *look, size_t node)
{
    return look->made->to & bit(node);
}

/* ---- what its maker's record shows for the first time -------------------------------------------------- */

static struct matter_fact *enter_matter(struct look *look)
{
    struct sim *sim = look->sim;
    struct matter_fact *matter = registry_matter(&sim->registry, look->act.subject);
    if (matter || !*look->act.subject)
        return matter;
    matter = registry_add_matter(&sim->registry, look->act.subject, &sim->arena);
    if (!matter) {
        sim_fail(sim, "no room for another matter");
        return NULL;
    }
    (void)catalogue_act(sim->country->catalogue, look->act.kind, &matter->type);
    matter->parent = registry_matter(&sim->registry, look->act.parent);
    matter->root = registry_matter(&sim->registry, look->act.root);
    matter->owner = look->node->number;
    matter->spoilt = look->node->number == sim->hostile;
    if (text(look, "assignee"))
        matter->assignee = country_find(sim->country, text(look, "assignee"));
    return matter;
}

static bool enter(struct look *look)
{
    struct sim *sim = look->sim;
    const struct act *act = &look->act;
    struct made_act *made = registry_add(&sim->registry, act->id, &sim->arena);
    if (!made) {
        sim_fail(sim, "no room for another act");
        return false;
    }
    made->node = look->node->number;
    made->row = catalogue_act(sim->country->catalogue, act->kind, NULL);
    made->seq = act->seq;
    made->size_bytes = act->size_bytes;
    made->bytes = arena_strndup(&sim->arena, act->bytes, act->size_bytes);
    for (size_t i = 0; i < act->to_count; i++)
        made->to |= bit(country_find(sim->country, act->to[i]) % 64);
    look->made = made;
    made->matter = enter_matter(look);
    sim->tally.acts++;
    return !sim->failed;
}

static void check_own(struct look *look)
{
    struct sim *sim = look->sim;
    struct node *node = look->node;
    if (!streq(look->act.node, node->id))
        sim_fail(sim, "%s made an act in the name of %s", node->id, look->act.node);
    if (look->act.seq != node->seq + 1 && node->number != sim->hostile)
        sim_fail(sim, "%s numbers its act %lld after %lld", node->id, (long long)look->act.seq,
                 (long long)node->seq);
    node->seq = look->act.seq;
    struct wish *wish = people_wish(sim, look->act.person);
    if (wish && *wish->key && wish->made_in && wish->made_in != sim->step)
        sim_fail(sim, "%s did twice what %s asked for once (%s)", node->id, wish->person, look->act.kind);
    if (wish)
        wish->made_in = sim->step;
}

/* ---- ownership: offer, acceptance of that very offer, release --------------------------------------- */

/* The offer that this node saw last: what an answer by it can only mean. */
static const char *last_offer(struct look *look)
{
    struct act_page page = {0};
    struct act_filter filter = {.subject = look->act.subject,
                                .kind = "transfer.offered",
                                .newest_first = true,
                                .after_pos = -1,
                                .limit = 1};
    struct err err;
    if (!sim_must(look->sim, acts_list(look->node->store, &filter, look->arena, &page, &err), &err,
                  "acts_list"))
        return NULL;
    const struct made_act *offer = page.count > 0 ? registry_act(&look->sim->registry, page.items[0].act.id)
                                                  : NULL;
    return offer ? offer->id : NULL;
}

static void check_release(struct look *look)
{
    struct sim *sim = look->sim;
    struct matter_fact *matter = look->made->matter;
    struct stored_act before = {0};
    struct err err;
    size_t to = country_find(sim->country, text(look, "assignee"));
    int64_t epoch = json_integer_value(json_object_get(look->act.body, "epoch"));
    if (look->stored->pos == 0 ||
        !sim_must(sim, acts_at(look->node->store, look->stored->pos - 1, look->arena, &before, &err), &err,
                  "acts_at"))
        return;
    const struct made_act *answer = registry_act(&sim->registry, before.act.id);
    bool accepted = answer && streq(answer->row->kind, "transfer.accepted") && answer->node == to;
    if (matter->owner != look->node->number)
        sim_fail(sim, "%s releases %s, which is %s's", look->node->id, matter->id,
                 sim->country->cards[matter->owner].id);
    else if (!accepted || answer->matter != matter)
        sim_fail(sim, "%s releases %s to %s, which has not accepted it", look->node->id, matter->id,
                 text(look, "assignee"));
    else if (!matter->offer || !streq(answer->answers, matter->offer))
        sim_fail(sim, "%s releases %s to %s, whose acceptance answered another offer", look->node->id,
                 matter->id, text(look, "assignee"));
    else if (epoch != matter->epoch + 1)
        sim_fail(sim, "%s releases %s as number %lld after %lld", look->node->id, matter->id,
                 (long long)epoch, (long long)matter->epoch);
    matter->owner = to % COUNTRY_NODES;
    matter->epoch = epoch;
    matter->offer = NULL;
    sim->tally.transfers++;
}

static void follow_ownership(struct look *look)
{
    struct matter_fact *matter = look->made->matter;
    const char *kind = look->act.kind;
    if (!matter || matter->spoilt)
        return;
    if (streq(kind, "transfer.offered") && own(look)) {
        if (matter->owner != look->node->number || matter->offer)
            sim_fail(look->sim, "%s offers %s, which is %s", look->node->id, matter->id,
                     matter->offer ? "offered already" : "not its own");
        matter->offer = look->made->id;
        matter->offered_to = country_find(look->sim->country, text(look, "assignee")) % COUNTRY_NODES;
        matter->spoilt = matter->offered_to == look->sim->hostile;
    } else if ((streq(kind, "transfer.accepted") || streq(kind, "transfer.refused")) && own(look)) {
        look->made->answers = last_offer(look);
    } else if (streq(kind, "transfer.refused") && look->node->number == matter->owner &&
               streq(look->made->answers, matter->offer)) {
        matter->offer = NULL;
    } else if (streq(kind, "transfer.released") && own(look)) {
        check_release(look);
    }
}

/* ---- what came from others -------------------------------------------------------------------------- */

static void check_foreign(struct look *look)
{
    struct sim *sim = look->sim;
    const struct made_act *made = look->made;
    const struct act *act = &look->act;
    if (!made || made->forgery == FOREIGN_HAND) {
        sim_fail(sim, "%s recorded %s of %s, which nobody made%s%s", look->node->id, act->kind, act->node,
                 made ? ": " : "", made ? made->why : "");
    } else if (made->size_bytes != act->size_bytes || memcmp(made->bytes, act->bytes, act->size_bytes) != 0) {
        sim_fail(sim, "%s recorded %s of %s with other bytes than it was made with", look->node->id,
                 act->kind, act->node);
    } else if (made->forgery == BEYOND_POWER && !(made->matter && made->matter->spoilt) &&
               is_for(look, look->node->number)) {
        sim_fail(sim, "%s acted on %s of %s: %s", look->node->id, act->kind, act->node, made->why);
    }
}

/* What one node says of a matter to another comes in the order in which it said it, but for what came before
 * the matter. What only passes through, or is told to a newcomer, may be older. */
static void check_order(struct look *look)
{
    const struct made_act *made = look->made;
    if (!made->matter || !is_for(look, look->node->number) || (made->waited & bit(look->node->number)))
        return;
    int32_t *last = &made->matter->heard[look->node->number][made->node];
    if (made->seq <= *last)
        sim_fail(look->sim, "%s recorded number %lld of %s after number %d of the same matter",
                 look->node->id, (long long)made->seq, look->act.node, *last);
    *last = (int32_t)made->seq;
}

static void check_powers(struct look *look)
{
    const char *why = powers_against(&look->act, &look->sim->country->cards[look->made->node]);
    bool acted_on = own(look) || is_for(look, look->node->number);
    if (why && acted_on && !(own(look) && look->made->forgery != HONEST))
        sim_fail(look->sim, "%s accepted %s by %s: %s", look->node->id, look->act.kind, look->act.node, why);
}

/* Whoever says that it has an act, has it. */
static void check_receipt(struct look *look)
{
    const char *id;
    json_t *entry;
    int64_t received_ms = 0;
    if (civil_parse_time(text(look, "received"), &received_ms, NULL) < 0 ||
        received_ms != look->act.recorded_ms)
        sim_fail(look->sim, "%s gives a receipt with another time than its own", look->node->id);
    json_object_foreach(json_object_get(look->act.body, "acts"), id, entry)
    {
        bool there = false;
        struct err err;
        const char *state = json_string_value(json_object_get(entry, "state"));
        if (!streq(state, "accepted") && !streq(state, "duplicate"))
            continue;
        if (!sim_must(look->sim, acts_exists(look->node->store, id, &there, &err), &err, "acts_exists"))
            return;
        if (!there)
            sim_fail(look->sim, "%s gives a receipt (%s) for %s, which it does not have", look->node->id,
                     state, id);
    }
}

/* A node that believes to own a matter owns it. */
static void check_belief(struct look *look)
{
    struct subject subject;
    struct matter_fact *matter = look->made->matter;
    struct err err = {0};
    if (!matter)
        return;
    if (own(look) || is_for(look, look->node->number))
        matter->known |= bit(look->node->number);
    enum errc rc = subjects_load(look->node->store, matter->id, look->arena, &subject, &err);
    if (rc == ERR_NOT_FOUND || matter->spoilt || !sim_must(look->sim, rc, &err, "subjects_load"))
        return;
    if (streq(subject.owner, look->node->id) && matter->owner != look->node->number)
        sim_fail(look->sim, "%s believes to own %s %s, which is %s's", look->node->id, matter->type->subject,
                 matter->id, look->sim->country->cards[matter->owner].id);
}

static void look_at(struct look *look)
{
    struct sim *sim = look->sim;
    struct err err;
    json_t *doc = NULL;
    enum errc rc = act_read(look->stored->act.bytes, look->stored->act.size_bytes, look->arena, &look->act,
                            &doc, &err);
    if (!sim_must(sim, rc, &err, "an act on the record"))
        return;
    look->made = registry_act(&sim->registry, look->act.id);
    sim_say(sim, "    %s #%lld %s %s of %s seq %lld about %.13s", look->node->id,
            (long long)look->stored->pos, look->act.kind, look->act.id, look->act.node,
            (long long)look->act.seq, look->act.subject);
    bool honest = look->node->number != sim->hostile;
    if (own(look) && !look->made && enter(look))
        check_own(look);
    else if (own(look) && look->made)
        look->node->seq = look->act.seq; /* of the hostile node's making: entered when it was made */
    else if (honest)
        check_foreign(look);
    if (!sim->failed && look->made->forgery == HONEST)
        follow_ownership(look);
    if (!sim->failed && !own(look) && honest)
        check_order(look);
    if (!sim->failed && honest)
        check_powers(look);
    if (!sim->failed && honest && own(look) && streq(look->act.kind, "receipt.given"))
        check_receipt(look);
    if (!sim->failed && honest)
        check_belief(look);
    json_decref(doc);
}

void check_step(struct node *node, bool acknowledged)
{
    struct sim *sim = node->sim;
    struct arena arena;
    struct err err;
    sim->active = NULL; /* looking costs the node's disk nothing */
    arena_init(&arena, STEP_BYTES);
    for (size_t count = PAGE; count == PAGE && !sim->failed; arena_reset(&arena)) {
        struct act_page page = {0};
        struct act_filter filter = {.after_pos = node->seen - 1, .limit = PAGE};
        if (!sim_must(sim, acts_list(node->store, &filter, &arena, &page, &err), &err, "acts_list"))
            break;
        for (size_t i = 0; i < page.count && !sim->failed; i++) {
            struct look look = {.node = node, .sim = sim, .arena = &arena, .stored = &page.items[i]};
            if (page.items[i].pos != node->seen++)
                sim_fail(sim, "%s has a hole in its record at %lld", node->id, (long long)node->seen - 1);
            else
                look_at(&look);
        }
        count = page.count;
    }
    if (acknowledged && !sim->failed && ledger_size(node->store) > 0)
        (void)sim_must(sim, ledger_root(node->store, &node->promised, &err), &err, "ledger_root");
    arena_done(&arena);
    sim->active = node;
}

void check_kept(struct node *node)
{
    struct sim *sim = node->sim;
    struct merkle_claim now = {0};
    struct err err;
    sim->active = NULL;
    if (ledger_size(node->store) < node->promised.size) {
        sim_fail(sim, "%s lost acknowledged acts: %llu of %llu are there", node->id,
                 (unsigned long long)ledger_size(node->store), (unsigned long long)node->promised.size);
        return;
    }
    if (node->promised.size > 0 &&
        sim_must(sim, ledger_root_at(node->store, node->promised.size, &now, &err), &err, "ledger_root_at") &&
        memcmp(now.root, node->promised.root, sizeof now.root) != 0)
        sim_fail(sim, "%s has another history than the one it acknowledged", node->id);
    for (size_t i = 0; i < COUNTRY_NODES && !sim->failed; i++) {
        int64_t last = 0;
        const char *peer = sim->country->cards[i].id;
        if (node->lines[i].taken == 0 ||
            !sim_must(sim, inbox_last(node->store, peer, &last, &err), &err, "inbox_last"))
            continue;
        if (last < node->lines[i].taken)
            sim_fail(sim, "%s forgot number %lld of %s, which it had acknowledged", node->id,
                     (long long)node->lines[i].taken, peer);
    }
    check_step(node, true);
    people_check_answers(node);
}
