#include "sim/net.h"

#include "desk/receive.h"
#include "sim/check.h"
#include "sim/hostile.h"
#include "store/outbox.h"

enum { TIMEOUT_MS = 30000, POLL_MS = 6 * 3600000, READ_BYTES = 64 << 20 };

#define DAY_MS INT64_C(86400000)

static bool plan(struct sim *sim, struct event event)
{
    if (agenda_add(&sim->agenda, event))
        return true;
    sim_fail(sim, "no memory for the agenda");
    return false;
}

static uint64_t some_nodes(struct dice *dice)
{
    uint64_t set = dice_next(dice);
    set &= dice_next(dice);
    return dice_chance(dice, 300)   ? ~UINT64_C(0)
           : dice_chance(dice, 300) ? bit(dice_below(dice, COUNTRY_NODES))
                                    : set;
}

void net_plan(struct sim *sim)
{
    for (unsigned i = 0; i < sim->options.cuts; i++) {
        struct cut *cut = &sim->cuts[i];
        cut->from = some_nodes(&sim->net);
        cut->to = some_nodes(&sim->net);
        cut->starts_ms = COUNTRY_START_MS + dice_between(&sim->net, 0, sim->options.span_ms);
        cut->ends_ms = cut->starts_ms + dice_spread(&sim->net, 5 * DAY_MS);
    }
}

static bool is_cut(const struct sim *sim, size_t from, size_t to)
{
    for (unsigned i = 0; i < sim->options.cuts; i++) {
        const struct cut *cut = &sim->cuts[i];
        if ((cut->from & bit(from)) && (cut->to & bit(to)) && cut->starts_ms <= sim->now_ms &&
            sim->now_ms < cut->ends_ms)
            return true;
    }
    return false;
}

static int64_t delay_ms(struct sim *sim)
{
    bool slow = dice_chance(&sim->net, sim->options.slow_per_mille);
    return slow ? dice_spread(&sim->net, 3 * DAY_MS) : dice_between(&sim->net, 5, 60);
}

/* From `from` to event.node. */
static void send(struct sim *sim, size_t from, struct event event)
{
    struct dice *net = &sim->net;
    bool repeated = dice_chance(net, sim->options.twice_per_mille);
    bool lost = dice_chance(net, sim->options.loss_per_mille) || is_cut(sim, from, event.node);
    int64_t first_ms = delay_ms(sim);
    int64_t second_ms = dice_spread(net, 3 * DAY_MS);
    if (sim->healing) {
        lost = repeated = false;
        first_ms = 10;
    }
    if (lost) {
        sim->tally.lost++;
        return;
    }
    event.at_ms = sim->now_ms + first_ms;
    bool planned = plan(sim, event);
    if (planned && repeated && event.what == HAPPENS_REQUEST) {
        sim->tally.repeated++;
        event.at_ms = sim->now_ms + first_ms + second_ms;
        (void)plan(sim, event);
    }
}

static struct message *parcel(struct sim *sim, const struct buf *bytes)
{
    struct message *message = arena_alloc(&sim->arena, sizeof *message);
    if (message)
        *message = (struct message){.bytes = arena_strndup(&sim->arena, bytes->data, bytes->size_bytes),
                                    .size_bytes = bytes->size_bytes};
    if (!message || !message->bytes)
        sim_fail(sim, "no memory for a message");
    return message;
}

static void wake_at(struct node *node, int64_t at_ms)
{
    struct sim *sim = node->sim;
    if (node->wake_ms > sim->now_ms && node->wake_ms <= at_ms)
        return;
    node->wake_ms = at_ms;
    (void)plan(sim, (struct event){.at_ms = at_ms, .what = HAPPENS_CALL, .node = node->number});
}

/* Something waits for it, or at it: the only reasons to look again when all is healed. */
static bool is_awaited(struct node *node)
{
    struct sim *sim = node->sim;
    struct arena arena;
    struct outbox_page page = {0};
    const char **peers = NULL;
    size_t count = 0;
    struct err err;
    size_t above = country_find(sim->country, sim->country->cards[node->number].parent);
    struct store *store = above < COUNTRY_NODES ? sim->nodes[above].store : NULL;
    arena_init(&arena, READ_BYTES);
    if (!store || outbox_pending(store, node->id, 0, 1, &arena, &page, &err) < 0)
        page.count = 0;
    if (outbox_peers(node->store, &arena, &peers, &count, &err) < 0)
        count = 0;
    arena_done(&arena);
    return page.count + count > 0;
}

void net_wake(struct node *node)
{
    struct sim *sim = node->sim;
    if (!sim->failed && node->link)
        wake_at(node, sim->now_ms + dice_between(&sim->net, 10, 500));
    /* Those below who cannot be called would only come by at their next hour: the end need not wait. */
    for (size_t i = 0; sim->healing && i < COUNTRY_NODES && !sim->failed; i++) {
        const struct node_card *card = &sim->country->cards[i];
        if (!*card->url && strcmp(card->parent, node->id) == 0 && node_wake(&sim->nodes[i]) &&
            is_awaited(&sim->nodes[i]))
            wake_at(&sim->nodes[i], sim->now_ms + POLL_MS);
    }
}

static void call(struct node *node, size_t peer)
{
    struct sim *sim = node->sim;
    struct line *line = &node->lines[peer];
    struct buf bytes;
    struct err err;
    buf_init(&bytes, ENVELOPE_BYTES_MAX);
    enum errc rc = link_request(node->link, sim->country->cards[peer].id, &bytes, &err);
    if (node_lives(node) && sim_must(sim, rc, &err, "a request")) {
        line->call = ++sim->calls;
        struct event event = {
            .what = HAPPENS_REQUEST, .node = peer, .peer = node->number, .number = line->call};
        event.what_for = parcel(sim, &bytes);
        sim->tally.requests++;
        sim_say(sim, "%s calls %s", node->id, sim->country->cards[peer].id);
        send(sim, node->number, event);
        event = (struct event){.at_ms = sim->now_ms + TIMEOUT_MS,
                               .what = HAPPENS_TIMEOUT,
                               .node = node->number,
                               .peer = peer,
                               .number = line->call};
        (void)plan(sim, event);
    }
    buf_done(&bytes);
}

void net_post(struct node *from, size_t to, const struct buf *bytes, const char *never)
{
    struct sim *sim = from->sim;
    struct message *message = parcel(sim, bytes);
    if (sim->failed)
        return;
    message->never = never;
    send(sim, from->number,
         (struct event){.what = HAPPENS_REQUEST,
                        .node = to,
                        .peer = from->number,
                        .number = ++sim->calls,
                        .what_for = message});
}

void net_calls(struct node *node)
{
    struct sim *sim = node->sim;
    const char *due[COUNTRY_NODES];
    size_t count = 0;
    int64_t next_ms = 0;
    struct err err;
    if (node->wake_ms > sim->now_ms || !node_wake(node))
        return;
    enum errc rc = link_due(node->link, due, COUNTRY_NODES, &count, &next_ms, &err);
    for (size_t i = 0; rc >= 0 && i < count && node_lives(node) && !sim->failed; i++)
        call(node, country_find(sim->country, due[i]));
    if (!node_lives(node) || !sim_must(sim, rc, &err, "link_due"))
        return;
    next_ms -= node->skew_ms;
    bool polls = !*sim->country->cards[node->number].url;
    if (next_ms < sim->now_ms + 10 * DAY_MS && (!sim->healing || !polls || is_awaited(node)))
        wake_at(node, next_ms);
}

/* What a reply says about an item is a promise. */
static void note_answer(struct node *node, const struct event *event, const struct envelope_answer *answer)
{
    struct sim *sim = node->sim;
    const struct message *request = event->what_for;
    struct made_act *made = registry_act(&sim->registry, answer->act);
    int received = received_parse(answer->state);
    sim_say(sim, "    n %lld %s: %s %s", (long long)answer->n, answer->act, answer->state, answer->why);
    if (made && received == RECEIVED_WAITING)
        made->waited |= bit(node->number);
    if (made && received == RECEIVED_REFUSED)
        made->refused |= bit(node->number);
    else if (made)
        made->refused &= ~bit(node->number);
    bool taken = received == RECEIVED_ACCEPTED || received == RECEIVED_DUPLICATE ||
                 received == RECEIVED_WAITING;
    if (taken && request->never)
        sim_fail(sim, "%s answers %s: %s", node->id, answer->state, request->never);
    bool honest = made && made->forgery == HONEST && made->node != sim->hostile &&
                  event->peer != sim->hostile;
    if (received == RECEIVED_REFUSED && honest && node->number != sim->hostile)
        sim_fail(sim, "%s refuses %s of %s, which is honest: %s", node->id, made->row->kind,
                 sim->country->cards[made->node].id, answer->why);
}

static void note_promises(struct node *node, const struct event *event, const struct buf *reply)
{
    struct sim *sim = node->sim;
    struct arena arena;
    struct envelope envelope;
    struct err err;
    int64_t *taken = &node->lines[event->peer].taken;
    arena_init(&arena, READ_BYTES);
    if (sim_must(sim, envelope_read(reply->data, reply->size_bytes, &arena, &envelope, &err), &err,
                 "a reply")) {
        if (envelope.last_n > *taken)
            *taken = envelope.last_n;
        for (size_t i = 0; i < envelope.answer_count; i++)
            note_answer(node, event, &envelope.answers[i]);
    }
    arena_done(&arena);
}

static struct pki_identity identity_of(const struct sim *sim, size_t node)
{
    struct pki_identity identity = {.kind = PKI_LEAF};
    const struct node_card *card = &sim->country->cards[node];
    (void)snprintf(identity.node, sizeof identity.node, "%s", card->id);
    (void)snprintf(identity.issuer, sizeof identity.issuer, "%s", *card->parent ? card->parent : card->id);
    return identity;
}

static enum errc answer(struct node *node, size_t caller, const struct message *request, struct buf *reply,
                        struct err *err)
{
    struct arena arena;
    struct envelope envelope;
    struct pki_identity identity = identity_of(node->sim, caller);
    arena_init(&arena, READ_BYTES);
    enum errc rc = envelope_read(request->bytes, request->size_bytes, &arena, &envelope, err);
    if (rc >= 0)
        rc = link_answer(node->link, &identity, &envelope, reply, err);
    arena_done(&arena);
    return rc;
}

static void reply_with(struct node *node, const struct event *request, const struct buf *reply)
{
    struct sim *sim = node->sim;
    static struct message refused;
    struct event back = {
        .what = HAPPENS_REPLY, .node = request->peer, .peer = node->number, .number = request->number};
    struct message *message = reply ? parcel(sim, reply) : &refused;
    if (reply && !sim->failed && node->number == sim->hostile)
        hostile_reply(node, request->peer, message);
    back.what_for = message;
    send(sim, node->number, back);
}

static bool own_fault(enum errc rc)
{
    return rc == ERR_IO || rc == ERR_FULL || rc == ERR_DAMAGED || rc == ERR_NOMEM || rc == ERR_INTERNAL ||
           rc == ERR_CRYPTO;
}

void net_request(struct node *node, const struct event *event)
{
    struct sim *sim = node->sim;
    const char *caller = sim->country->cards[event->peer].id;
    struct buf reply;
    struct err err = {0};
    if (!node_wake(node))
        return;
    buf_init(&reply, ENVELOPE_BYTES_MAX);
    enum errc rc = answer(node, event->peer, event->what_for, &reply, &err);
    sim_say(sim, "%s answers %s: %s", node->id, caller, rc < 0 ? err.message : "");
    if (rc >= 0)
        note_promises(node, event, &reply);
    if (node->fuse != 0)
        check_step(node, rc >= 0);
    bool lives = node_lives(node);
    if (lives && rc < 0 && !(node->full && rc == ERR_FULL) && (own_fault(rc) || event->peer != sim->hostile))
        sim_fail(sim, "%s does not answer %s: %s: %s", node->id, caller, errc_info(rc)->name, err.message);
    if (!sim->failed && (rc >= 0 || lives))
        reply_with(node, event, rc >= 0 ? &reply : NULL);
    buf_done(&reply);
}

static enum errc settle(struct node *node, const char *peer, const struct message *reply, struct err *err)
{
    struct arena arena;
    struct envelope envelope;
    if (!reply->bytes)
        return err_set(err, ERR_IO, "refused");
    arena_init(&arena, READ_BYTES);
    enum errc rc = envelope_read(reply->bytes, reply->size_bytes, &arena, &envelope, err);
    if (rc >= 0)
        rc = link_settle(node->link, peer, &envelope, err);
    arena_done(&arena);
    return rc;
}

static void give_up(struct node *node, size_t peer, const struct err *why)
{
    struct sim *sim = node->sim;
    struct err err;
    enum errc rc = link_failed(node->link, sim->country->cards[peer].id, why, &err);
    if (node->fuse != 0)
        check_step(node, rc >= 0);
    if (node_lives(node) && !(node->full && rc == ERR_FULL))
        (void)sim_must(sim, rc, &err, "a failed call");
}

void net_reply(struct node *node, const struct event *event)
{
    struct sim *sim = node->sim;
    struct line *line = &node->lines[event->peer];
    struct err err;
    if (line->call != event->number || !node_wake(node))
        return;
    line->call = 0;
    const struct message *reply = event->what_for;
    enum errc rc = settle(node, sim->country->cards[event->peer].id, reply, &err);
    if (rc >= 0 && reply->never)
        sim_fail(sim, "%s takes a reply of %s: %s", node->id, sim->country->cards[event->peer].id,
                 reply->never);
    if (node->fuse != 0)
        check_step(node, rc >= 0);
    if (!node_lives(node))
        return;
    if (rc < 0 && own_fault(rc) && !(node->full && rc == ERR_FULL) && rc != ERR_IO)
        sim_fail(sim, "%s cannot take a reply: %s: %s", node->id, errc_info(rc)->name, err.message);
    if (rc < 0)
        give_up(node, event->peer, &err);
}

void net_timeout(struct node *node, const struct event *event)
{
    struct line *line = &node->lines[event->peer];
    struct err why;
    if (line->call != event->number || !node_wake(node))
        return;
    line->call = 0;
    (void)err_set(&why, ERR_TIMEOUT, "no answer in time");
    give_up(node, event->peer, &why);
}
