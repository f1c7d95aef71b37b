#include "sim/hostile.h"

#include "base/str.h"
#include "domain/act.h"
#include "link/envelope.h"
#include "sim/forms.h"
#include "sim/net.h"
#include "sim/powers.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/ledger.h"
#include "store/outbox.h"

enum { TRICK_BYTES = 16 << 20, TRIES = 40, FAR_SEQ = 1000000, GAP = 1000 };

/* One crafted message, being put together. */
struct trick {
    struct node *node;
    struct sim *sim;
    struct arena *arena;
    size_t victim; /* whom it is sent to */
    struct act act;
    char id[UUID_TEXT_SIZE];
    char subject[UUID_TEXT_SIZE];
    const char *to[3];
    const char *bytes;
    const char *annex;
    const char *proof;
    const char *from;  /* of the message */
    const char *drill; /* sign with the drill key; the universe's name */
    int64_t ahead;     /* numbers left out */
    bool sent;         /* the link of its own program does that */
    enum forgery forgery;
    const char *why;
};

size_t hostile_choose(struct sim *sim)
{
    if (sim->options.hostile_acts == 0)
        return COUNTRY_NODES;
    for (;;) {
        size_t at = dice_below(&sim->foe, COUNTRY_NODES);
        if (sim->country->cards[at].tier >= TIER_ENTERPRISE)
            return at;
    }
}

static bool ok(struct trick *trick, enum errc rc, const struct err *err)
{
    return sim_must(trick->sim, rc, err, "the hostile node's craft");
}

/* ---- what it takes to look right --------------------------------------------------------------------- */

static const char *write_doc(struct trick *trick, json_t *doc)
{
    struct buf text;
    struct err err;
    buf_init(&text, 1 << 20);
    const char *out = "";
    if (ok(trick, doc_write(doc, &text, &err), &err))
        out = arena_strndup(trick->arena, text.data, text.size_bytes);
    json_decref(doc);
    buf_done(&text);
    return out;
}

/* A ledger of this one act, truly signed: nothing in the act or its proof is wrong. */
static void prove(struct trick *trick)
{
    const struct country_keys *keys = &trick->sim->country->keys[trick->node->number];
    struct act_proof proof = {0};
    struct hasher *hasher = NULL;
    const struct sign_key *key = trick->drill ? keys->drill : keys->real;
    struct err err;
    (void)snprintf(proof.head.node, sizeof proof.head.node, "%s", trick->node->id);
    (void)snprintf(proof.head.universe, sizeof proof.head.universe, "%s",
                   trick->drill ? trick->drill : "real");
    proof.head.tree.size = 1;
    proof.head.time_ms = node_now_ms(trick->node);
    country_must(hasher_new(SUITE_P256_SHA256, &hasher, &err), &err);
    if (ok(trick, merkle_leaf(hasher, trick->bytes, strlen(trick->bytes), proof.head.tree.root, &err),
           &err) &&
        ok(trick, proof_head_sign(&proof.head, key, &err), &err))
        trick->proof = write_doc(trick, proof_act_write(&proof));
    hasher_free(hasher);
}

static void write_bytes(struct trick *trick)
{
    struct buf bytes;
    struct err err;
    buf_init(&bytes, ACT_BYTES_MAX);
    if (ok(trick, act_write(&trick->act, &bytes, &err), &err))
        trick->bytes = arena_strndup(trick->arena, bytes.data, bytes.size_bytes);
    buf_done(&bytes);
}

static void drop_doc(void *doc)
{
    json_decref(doc);
}

/* An act of that kind about that matter (NULL = a new one), filled in as its form asks. */
static bool draft(struct trick *trick, const struct act_row *row, const struct matter_fact *fact)
{
    struct sim *sim = trick->sim;
    struct err err;
    struct form form = {.sim = sim, .row = row, .actor = trick->node->number, .matter = fact};
    json_t *body = form_fill(&form);
    bool fresh = row->creates;
    if (!body || !arena_tie(trick->arena, drop_doc, body) ||
        !ok(trick, env_uuid(&trick->node->env, trick->id, &err), &err) ||
        !ok(trick, env_uuid(&trick->node->env, trick->subject, &err), &err))
        return false;
    trick->to[0] = "miit";
    trick->to[1] = sim->country->cards[trick->victim].id;
    trick->act = (struct act){.id = trick->id,
                              .universe = "real",
                              .node = trick->node->id,
                              .seq = FAR_SEQ + (int64_t)dice_below(&sim->foe, FAR_SEQ),
                              .kind = row->kind,
                              .subject = fresh ? trick->subject : fact->id,
                              .opens = fresh,
                              .root = fresh && !fact ? trick->subject : fact->root->id,
                              .parent = fresh && fact ? fact->id : "",
                              .person = "x",
                              .post = "x",
                              .happened_ms = node_now_ms(trick->node),
                              .recorded_ms = node_now_ms(trick->node),
                              .pack = "",
                              .pack_version = "",
                              .clause = "",
                              .to = trick->to,
                              .to_count = streq(trick->to[1], "miit") ? 1 : 2,
                              .body = body};
    return true;
}

/* What nobody may act on, or not even record, is entered before it is sent. */
static bool enter(struct trick *trick)
{
    struct sim *sim = trick->sim;
    struct made_act *made = registry_add(&sim->registry, trick->id, &sim->arena);
    if (!made) {
        sim_fail(sim, "no room for another act");
        return false;
    }
    made->node = trick->node->number;
    made->row = catalogue_act(sim->country->catalogue, trick->act.kind, NULL);
    made->matter = registry_matter(&sim->registry, trick->act.subject);
    made->bytes = arena_strdup(&sim->arena, trick->bytes);
    made->size_bytes = strlen(trick->bytes);
    made->forgery = trick->forgery;
    made->why = trick->why;
    made->to = bit(country_find(sim->country, "miit")) | bit(trick->victim);
    return true;
}

/* ---- tricks: each gives false when the country offers no chance for it now -------------------------- */

static const struct matter_fact *others_matter(struct trick *trick, const char *type)
{
    const struct registry *registry = &trick->sim->registry;
    size_t first = dice_below(&trick->sim->foe, registry->matter_count);
    for (size_t i = 0; i < registry->matter_count; i++) {
        const struct matter_fact *fact = registry->matters[(first + i) % registry->matter_count];
        bool right = streq(type, "*") || streq(fact->type->subject, type);
        if (right && fact->owner != trick->node->number && fact->assignee != trick->node->number &&
            !fact->spoilt && (fact->known & bit(trick->victim)))
            return fact;
    }
    return NULL;
}

static bool finish(struct trick *trick, enum forgery forgery, const char *why)
{
    trick->forgery = forgery;
    trick->why = why;
    if (!trick->bytes)
        write_bytes(trick);
    if (!trick->proof && !trick->sim->failed)
        prove(trick);
    return !trick->sim->failed && enter(trick);
}

/* An order to the whole country, a red warning … signed by an enterprise. */
static bool beyond_power(struct trick *trick)
{
    static const char *const KINDS[] = {
        "warning.published", "warning.forwarded",       "risktip.published",
        "incident.assessed", "incident.marked_nonplan", "response.started",
        "response.ended",    "warning.lifted",          "summary.consolidated"};
    const struct catalogue *catalogue = trick->sim->country->catalogue;
    for (int i = 0; i < TRIES; i++) {
        const struct subject_row *type = NULL;
        const char *kind = KINDS[dice_below(&trick->sim->foe, sizeof KINDS / sizeof KINDS[0])];
        const struct act_row *row = catalogue_act(catalogue, kind, &type);
        const char *about = row->creates ? type->parent : type->subject;
        const struct matter_fact *fact = about ? others_matter(trick, about) : NULL;
        if ((about && !fact) || !draft(trick, row, fact))
            continue;
        const char *why = powers_against(&trick->act, &trick->sim->country->cards[trick->node->number]);
        if (why)
            return finish(trick, BEYOND_POWER, why);
    }
    return false;
}

/* Somebody else's matter, released to itself. */
static bool steal(struct trick *trick)
{
    const struct act_row *row = catalogue_act(trick->sim->country->catalogue, "transfer.released", NULL);
    const struct matter_fact *fact = others_matter(trick, "*");
    if (!fact || !draft(trick, row, fact))
        return false;
    (void)json_object_set_new(trick->act.body, "assignee", json_string(trick->node->id));
    (void)json_object_set_new(trick->act.body, "epoch", json_integer(fact->epoch + 1));
    return finish(trick, BEYOND_POWER, "it released what is not its own");
}

/* Done, says somebody whom nobody told to do it. */
static bool meddle(struct trick *trick)
{
    static const char *const KINDS[] = {"order.done", "order.refused", "order.accepted"};
    const char *kind = KINDS[dice_below(&trick->sim->foe, sizeof KINDS / sizeof KINDS[0])];
    const struct matter_fact *fact = others_matter(trick, "order");
    return fact && draft(trick, catalogue_act(trick->sim->country->catalogue, kind, NULL), fact) &&
           finish(trick, BEYOND_POWER, "it answered an order that was not given to it");
}

static const struct act_row *report(struct trick *trick)
{
    return catalogue_act(trick->sim->country->catalogue, "incident.reported", NULL);
}

static bool in_anothers_name(struct trick *trick)
{
    size_t other = dice_below(&trick->sim->foe, COUNTRY_NODES);
    if (other == trick->node->number || other == trick->victim || !draft(trick, report(trick), NULL))
        return false;
    trick->act.node = trick->sim->country->cards[other].id;
    return finish(trick, FOREIGN_HAND, "it names another maker");
}

static bool message_in_anothers_name(struct trick *trick)
{
    size_t other = dice_below(&trick->sim->foe, COUNTRY_NODES);
    if (other == trick->node->number || other == trick->victim || !draft(trick, report(trick), NULL))
        return false;
    trick->from = trick->sim->country->cards[other].id;
    return finish(trick, FOREIGN_HAND, "it came in the name of another sender");
}

static bool from_a_drill(struct trick *trick)
{
    if (!draft(trick, report(trick), NULL))
        return false;
    trick->drill = trick->act.universe = "drill-2025";
    return finish(trick, FOREIGN_HAND, "it is of a drill");
}

static bool with_false_annex(struct trick *trick)
{
    if (!draft(trick, report(trick), NULL))
        return false;
    (void)json_object_del(trick->act.body, "contact");
    trick->act.commits = json_pack("{s:s}", "contact",
                                   "5f16a2f3d4a1f08c7e6b9a3b2c1d0e0f5f16a2f3d4a1f08c7e6b9a3b2c1d0e0f");
    trick->annex = "{\"contact\":{\"salt\":\"00112233445566778899aabbccddeeff\",\"value\":\"x\"}}";
    if (!trick->act.commits || !arena_tie(trick->arena, drop_doc, trick->act.commits))
        return false;
    return finish(trick, BEYOND_POWER, "what came beside it is not what it commits to");
}

static bool leaving_numbers_out(struct trick *trick)
{
    trick->ahead = GAP;
    return draft(trick, report(trick), NULL) && finish(trick, BEYOND_POWER, "its number is not the next");
}

/* An act of somebody else that its own record holds: once more as it is, or with other bytes under its id. */
static bool old_act(struct trick *trick, struct stored_act *out)
{
    struct err err;
    int64_t count = acts_count(trick->node->store);
    if (count == 0)
        return false;
    int64_t at = (int64_t)dice_below(&trick->sim->foe, (size_t)count);
    if (!ok(trick, acts_at(trick->node->store, at, trick->arena, out, &err), &err) || out->proof_bytes == 0)
        return false;
    trick->proof = arena_strndup(trick->arena, out->proof, out->proof_bytes);
    trick->bytes = arena_strndup(trick->arena, out->act.bytes, out->act.size_bytes);
    return true;
}

static bool replay(struct trick *trick)
{
    struct stored_act stored;
    return old_act(trick, &stored);
}

static bool other_bytes(struct trick *trick)
{
    struct stored_act stored;
    if (!old_act(trick, &stored))
        return false;
    char *bytes = arena_strndup(trick->arena, stored.act.bytes, stored.act.size_bytes);
    char *digit = strstr(bytes, "\"recorded\":\"20");
    if (!digit)
        return false;
    digit += strlen("\"recorded\":\"20");
    *digit = *digit == '1' ? '2' : '1';
    trick->bytes = bytes;
    trick->why = "other bytes came under the id of a known act";
    return true;
}

static bool broken_text(struct trick *trick)
{
    struct stored_act stored;
    if (!old_act(trick, &stored))
        return false;
    size_t keep = dice_below(&trick->sim->foe, stored.act.size_bytes);
    while (keep > 0 && (stored.act.bytes[keep] & 0xc0) == 0x80)
        keep--; /* the message itself is well-formed */
    trick->bytes = arena_strndup(trick->arena, stored.act.bytes, keep);
    trick->why = "the act was cut off";
    return true;
}

/* On its own record and in its own outbox: the link of the product sends it, and learns what became of it. */
static bool on_own_record(struct trick *trick)
{
    struct err err;
    struct tree_head last = {0};
    struct tree_head head = {0};
    struct growth_proof growth;
    struct store *store = trick->node->store;
    const char *target = trick->sim->nodes[trick->victim].id;
    if (!beyond_power(trick))
        return false;
    struct stored_act stored = {.act = trick->act, .received_ms = trick->act.recorded_ms, .from_node = ""};
    stored.annex = stored.proof = "";
    stored.act.bytes = trick->bytes;
    stored.act.size_bytes = strlen(trick->bytes);
    struct outbox_item item = {.peer = target,
                               .act = trick->id,
                               .targets = &target,
                               .target_count = 1,
                               .state = OUTBOX_QUEUED,
                               .reason = "",
                               .clause = "",
                               .receipt_act = "",
                               .queued_ms = stored.received_ms};
    enum errc rc = store_begin(store, &err);
    if (rc >= 0)
        rc = acts_append(store, &stored, &err);
    if (rc >= 0)
        rc = outbox_push(store, &item, &err);
    if (rc >= 0 && (rc = ledger_last_head(store, &last, &err)) == ERR_NOT_FOUND)
        rc = ERR_OK;
    if (rc >= 0)
        rc = ledger_prepare_head(store, stored.received_ms, &head, &err);
    if (rc >= 0 && last.tree.size > 0)
        rc = ledger_prove_growth(store, last.tree.size, head.tree.size, &growth, &err);
    if (rc >= 0)
        rc = seal_sign_head(trick->node->seal, &head, last.tree.size > 0 ? &growth : NULL, &err);
    if (rc >= 0)
        rc = ledger_save_head(store, &head, &err);
    if (rc >= 0)
        rc = store_commit(store, &err);
    if (rc >= 0)
        rc = seal_keep(trick->node->seal, &head, last.tree.size > 0 ? &growth : NULL, &err);
    trick->sent = true;
    return ok(trick, rc, &err);
}

static bool (*const TRICKS[])(struct trick *) = {
    beyond_power,
    on_own_record,
    steal,
    steal,
    meddle,
    in_anothers_name,
    message_in_anothers_name,
    from_a_drill,
    with_false_annex,
    leaving_numbers_out,
    replay,
    other_bytes,
    broken_text,
};

/* ---- on its way ------------------------------------------------------------------------------------- */

static void post(struct trick *trick)
{
    struct sim *sim = trick->sim;
    struct node *victim = &sim->nodes[trick->victim];
    struct err err;
    int64_t last = 0;
    const char *target = victim->id;
    if (!ok(trick, inbox_last(victim->store, trick->from, &last, &err), &err))
        return;
    struct envelope_item item = {.n = last + 1 + trick->ahead,
                                 .act = trick->bytes,
                                 .annex = trick->annex,
                                 .proof = trick->proof,
                                 .targets = &target,
                                 .target_count = 1};
    struct envelope envelope = {.from = trick->from,
                                .to = victim->id,
                                .universe = "real",
                                .time_ms = node_now_ms(trick->node),
                                .items = &item,
                                .item_count = 1};
    struct buf bytes;
    buf_init(&bytes, ENVELOPE_BYTES_MAX);
    if (ok(trick, envelope_write(&envelope, &bytes, &err), &err))
        net_post(trick->node, trick->victim, &bytes, *trick->id ? NULL : trick->why);
    buf_done(&bytes);
}

/* A reply in the name of somebody else. */
void hostile_reply(struct node *node, size_t caller, struct message *reply)
{
    struct sim *sim = node->sim;
    struct arena arena;
    struct envelope envelope;
    struct buf bytes;
    struct err err;
    size_t other = dice_below(&sim->foe, COUNTRY_NODES);
    if (other == node->number || other == caller || !dice_chance(&sim->foe, 200))
        return;
    arena_init(&arena, TRICK_BYTES);
    buf_init(&bytes, ENVELOPE_BYTES_MAX);
    if (sim_must(sim, envelope_read(reply->bytes, reply->size_bytes, &arena, &envelope, &err), &err,
                 "a reply")) {
        envelope.from = sim->country->cards[other].id;
        if (sim_must(sim, envelope_write(&envelope, &bytes, &err), &err, "a reply")) {
            reply->bytes = arena_strndup(&sim->arena, bytes.data, bytes.size_bytes);
            reply->size_bytes = bytes.size_bytes;
            reply->never = "it is in the name of another";
            sim->tally.hostile++;
        }
    }
    buf_done(&bytes);
    arena_done(&arena);
}

void hostile_act(struct node *node)
{
    struct sim *sim = node->sim;
    struct arena arena;
    const struct node_card *card = &sim->country->cards[node->number];
    size_t top = country_find(sim->country, "miit");
    size_t above = country_find(sim->country, card->parent);
    size_t victim = dice_chance(&sim->foe, 500) ? top : above;
    if (!node_wake(&sim->nodes[victim]) || !node_wake(node) || node->fuse >= 0 || node->full)
        return;
    arena_init(&arena, TRICK_BYTES);
    struct trick trick = {
        .node = node, .sim = sim, .arena = &arena, .victim = victim, .from = node->id, .annex = ""};
    size_t which = dice_below(&sim->foe, sizeof TRICKS / sizeof TRICKS[0]);
    bool made = TRICKS[which](&trick);
    sim_say(sim, "%s tries trick %zu on %s: %s %s", node->id, which, sim->nodes[victim].id,
            made ? trick.act.kind ? trick.act.kind : "an old act" : "no chance", made ? trick.id : "");
    if (made) {
        sim->tally.hostile++;
        if (!trick.sent)
            post(&trick);
    }
    arena_done(&arena);
}

void hostile_check(struct sim *sim)
{
    struct arena arena;
    struct node *node = sim->hostile < COUNTRY_NODES ? &sim->nodes[sim->hostile] : NULL;
    arena_init(&arena, TRICK_BYTES);
    for (size_t i = 0; node && node->store && i < sim->registry.act_count && !sim->failed; i++) {
        const struct made_act *made = sim->registry.acts[i];
        struct outbox_item item;
        struct err err;
        for (size_t peer = 0; made->forgery == BEYOND_POWER && peer < COUNTRY_NODES; peer++) {
            enum errc rc = outbox_get(node->store, sim->country->cards[peer].id, made->id, &arena, &item,
                                      &err);
            if (rc >= 0 && item.state != OUTBOX_REFUSED && (made->refused & bit(peer)))
                sim_fail(sim, "%s takes its own %s for %s, and %s has refused it", node->id, made->row->kind,
                         outbox_state_name(item.state), item.peer);
        }
    }
    arena_done(&arena);
}
