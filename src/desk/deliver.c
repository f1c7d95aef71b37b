#include "desk/deliver.h"

#include "base/plant.h"
#include "base/proof.h"
#include "base/str.h"
#include "desk/desk_internal.h"
#include "desk/route.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/ledger.h"
#include "store/nodes.h"
#include "store/outbox.h"

#include <stdio.h>
#include <string.h>

enum { SETTLE_ARENA_BYTES = 64 << 20, CONTACT_QUIET_MS = 60 * 1000, SKEW_STEP_MS = 2000 };
enum { PROOF_BYTES_MAX = 16 << 10, GIVE_UP_TRIES = 3 };

/* ---- taking ---- */

static enum errc write_proof(struct store *store, int64_t pos, struct arena *arena, const char **out,
                             struct err *err)
{
    struct act_proof proof;
    struct buf text;
    enum errc rc = ledger_prove_act(store, pos, LEDGER_NEWEST, &proof, err);
    if (rc < 0)
        return rc;
    json_t *doc = proof_act_write(&proof);
    buf_init(&text, PROOF_BYTES_MAX);
    rc = doc ? doc_write(doc, &text, err) : err_set(err, ERR_NOMEM, "no memory for a proof");
    const char *copy = rc >= 0 ? arena_strndup(arena, text.data, text.size_bytes) : NULL;
    buf_done(&text);
    json_decref(doc);
    if (rc >= 0 && !copy)
        rc = err_set(err, ERR_NOMEM, "no memory for a proof");
    if (rc >= 0)
        *out = copy;
    return rc;
}

static enum errc take_one(struct store *store, const struct outbox_item *item, struct arena *arena,
                          struct delivery *out, struct err *err)
{
    struct stored_act stored;
    enum errc rc = acts_get(store, item->act, arena, &stored, err);
    if (rc < 0)
        return rc;
    *out = (struct delivery){.n = item->n,
                             .act = item->act,
                             .bytes = arena_strndup(arena, stored.act.bytes, stored.act.size_bytes),
                             .annex = arena_strndup(arena, stored.annex, stored.annex_bytes),
                             .proof = arena_strndup(arena, stored.proof, stored.proof_bytes),
                             .targets = item->targets,
                             .target_count = item->target_count};
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for what is to be delivered");
    /* Own acts are proven under the newest head; a peer's act keeps the proof it came with. */
    return stored.proof_bytes > 0 ? ERR_OK : write_proof(store, stored.pos, arena, &out->proof, err);
}

static size_t size_of(const struct delivery *delivery)
{
    size_t size = strlen(delivery->bytes) + strlen(delivery->annex) + strlen(delivery->proof);
    for (size_t i = 0; i < delivery->target_count; i++)
        size += strlen(delivery->targets[i]);
    return size;
}

enum errc deliver_take(struct store *store, const char *peer, const struct deliver_limits *limits,
                       struct arena *arena, struct delivery **out, size_t *out_count, struct err *err)
{
    struct outbox_page page = {0};
    size_t count = 0;
    size_t bytes = 0;
    if (limits->count_max < 1 || limits->count_max > RECEIVE_BATCH_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", RECEIVE_BATCH_MAX);
    enum errc rc = outbox_pending(store, peer, 0, limits->count_max, arena, &page, err);
    struct delivery *items = rc >= 0 ? arena_array(arena, limits->count_max, sizeof *items) : NULL;
    if (rc >= 0 && !items)
        rc = err_set(err, ERR_NOMEM, "no memory for what is to be delivered");
    for (size_t i = 0; i < page.count && rc >= 0; i++) {
        size_t at = PLANTED(NEWEST_FIRST) ? page.count - 1 - i : i;
        rc = take_one(store, &page.items[at], arena, &items[count], err);
        if (rc < 0)
            break;
        bytes += size_of(&items[count]);
        if (count > 0 && bytes > limits->bytes_max)
            break;
        count++;
    }
    if (rc >= 0) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

enum errc deliver_peers(struct store *store, struct arena *arena, const char ***out, size_t *out_count,
                        struct err *err)
{
    return outbox_peers(store, arena, out, out_count, err);
}

enum errc deliver_taken(struct store *store, const char *peer, int64_t *out_n, struct err *err)
{
    return inbox_last(store, peer, out_n, err);
}

/* ---- settling ---- */

struct settling {
    struct desk *desk;
    struct store *store;
    struct arena *arena;
    const char *peer;
    int64_t now_ms;
    bool changed; /* something must be written */
};

static void apply(const struct settling *settling, const struct deliver_answer *answer,
                  struct outbox_item *row)
{
    row->tries++;
    row->sent_ms = settling->now_ms;
    row->reason = answer->why;
    row->clause = answer->clause;
    if (answer->received == RECEIVED_GAP)
        return; /* it stays queued, and goes again with those before it */
    bool refused = answer->received == RECEIVED_REFUSED && !PLANTED(REFUSED_IS_DELIVERED);
    row->state = refused ? OUTBOX_REFUSED : OUTBOX_ACKED;
    row->done_ms = settling->now_ms;
}

static const struct deliver_answer *answer_for(const struct deliver_contact *contact, int64_t n)
{
    for (size_t i = 0; i < contact->answer_count; i++)
        if (contact->answers[i].n == n)
            return &contact->answers[i];
    return NULL;
}

/* Only rows that wait for an answer take one: an answer to anything else is old, or made up. */
static enum errc settle_rows(struct settling *settling, const struct deliver_contact *contact,
                             struct err *err)
{
    struct outbox_page page = {0};
    int64_t first = INT64_MAX;
    if (contact->answer_count == 0)
        return ERR_OK;
    for (size_t i = 0; i < contact->answer_count; i++)
        first = contact->answers[i].n < first ? contact->answers[i].n : first;
    enum errc rc = outbox_pending(settling->store, settling->peer, first - 1, contact->answer_count,
                                  settling->arena, &page, err);
    for (size_t i = 0; i < page.count && rc >= 0; i++) {
        const struct deliver_answer *answer = answer_for(contact, page.items[i].n);
        if (!answer)
            continue;
        apply(settling, answer, &page.items[i]);
        settling->changed = true;
        rc = outbox_update(settling->store, &page.items[i], err);
    }
    return rc;
}

static enum errc requeue(struct settling *settling, struct outbox_item *row, struct err *err)
{
    row->state = OUTBOX_QUEUED;
    row->reason = "the peer no longer has it; it is sent again";
    row->clause = "";
    row->done_ms = 0;
    settling->changed = true;
    return outbox_update(settling->store, row, err);
}

/* The first number that waits for an answer, and the last that was ever given; 0 = none. */
static enum errc numbers(struct settling *settling, int64_t *first_open, int64_t *last, struct err *err)
{
    struct outbox_page page = {0};
    struct outbox_filter newest = {.peer = settling->peer, .limit = 1};
    enum errc rc = outbox_pending(settling->store, settling->peer, 0, 1, settling->arena, &page, err);
    *first_open = rc >= 0 && page.count > 0 ? page.items[0].n : 0;
    newest.states[OUTBOX_QUEUED] = newest.states[OUTBOX_SENT] = true;
    newest.states[OUTBOX_ACKED] = newest.states[OUTBOX_REFUSED] = true;
    if (rc >= 0)
        rc = outbox_list(settling->store, &newest, settling->arena, &page, err);
    *last = rc >= 0 && page.count > 0 ? page.items[0].n : 0;
    return rc;
}

/* What the peer took once and has no longer, newest first, down to what it has. */
static enum errc rewind_to(struct settling *settling, int64_t from_n, int64_t last_n, struct err *err)
{
    struct outbox_filter filter = {.peer = settling->peer, .before_n = from_n, .limit = RECEIVE_BATCH_MAX};
    filter.states[OUTBOX_ACKED] = filter.states[OUTBOX_REFUSED] = true;
    while (filter.before_n > last_n + 1) {
        struct outbox_page page = {0};
        enum errc rc = outbox_list(settling->store, &filter, settling->arena, &page, err);
        for (size_t i = 0; i < page.count && rc >= 0 && page.items[i].n > last_n; i++)
            rc = requeue(settling, &page.items[i], err);
        if (rc < 0 || page.count < filter.limit)
            return rc;
        filter.before_n = page.items[page.count - 1].n;
    }
    return ERR_OK;
}

/* The peer's last number against ours. Delivery is in order, so what is done lies below what is open. */
static enum errc compare_last(struct settling *settling, int64_t last_n, struct err *err)
{
    int64_t first_open = 0;
    int64_t last = 0;
    enum errc rc = numbers(settling, &first_open, &last, err);
    if (rc < 0)
        return rc;
    if (last_n > last)
        return err_set(
            err, ERR_DAMAGED,
            "%s has taken number %lld from this node, which never sent it: the record here was set back",
            settling->peer, (long long)last_n);
    int64_t done = first_open > 0 ? first_open - 1 : last;
    return last_n < done && !PLANTED(NO_REWIND) ? rewind_to(settling, done + 1, last_n, err) : ERR_OK;
}

/* The peer's row as it is, or a fresh one. */
static enum errc load_peer(struct settling *settling, struct peer *out, struct err *err)
{
    const struct node_card *card = directory_find(desk_directory(settling->desk), settling->peer);
    enum errc rc = peers_load(settling->store, settling->peer, settling->arena, out, err);
    if (rc == ERR_NOT_FOUND) {
        *out = (struct peer){.id = settling->peer, .url = "", .fingerprint = "", .state = "", .reason = ""};
        rc = ERR_OK;
    }
    if (rc >= 0)
        out->url = card ? card->url : "";
    return rc;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static enum errc note_contact(struct settling *settling, const struct deliver_contact *contact,
                              const char *state, const char *reason, struct err *err)
{
    struct peer peer;
    enum errc rc = load_peer(settling, &peer, err);
    if (rc < 0)
        return rc;
    /* The hour alone is not worth a flush of the disk, unless it is long since. */
    bool news = settling->changed || !streq(peer.state, state) || !streq(peer.reason, reason) ||
                peer.failures > 0 || distance(peer.skew_ms, contact->skew_ms) >= SKEW_STEP_MS ||
                distance(settling->now_ms, peer.seen_ms) >= CONTACT_QUIET_MS;
    if (!news)
        return ERR_OK;
    settling->changed = true;
    peer.state = state;
    peer.reason = reason;
    peer.seen_ms = settling->now_ms;
    peer.skew_ms = contact->skew_ms;
    peer.failures = 0;
    peer.next_ms = 0;
    return peers_save(settling->store, &peer, err);
}

static enum errc settle(struct settling *settling, const struct deliver_contact *contact, struct err *err)
{
    struct err why = {0};
    enum errc rc = settle_rows(settling, contact, err);
    if (rc >= 0 && contact->has_last)
        rc = compare_last(settling, contact->last_n, &why);
    if (rc == ERR_DAMAGED && !store_failed(settling->store, NULL))
        return note_contact(settling, contact, "set-back", why.message, err);
    if (rc < 0 && why.code != ERR_OK && err)
        *err = why;
    if (rc < 0)
        return rc;
    return note_contact(settling, contact, contact->concern ? "conflict" : "up",
                        contact->concern ? contact->concern : "", err);
}

static struct settling settling_of(struct desk *desk, const char *peer, struct arena *arena)
{
    const struct desk_parts *parts = desk_parts(desk);
    return (struct settling){desk, parts->store, arena, peer, env_now_ms(parts->env), false};
}

static enum errc finish(struct settling *settling, enum errc rc, struct err *err)
{
    if (rc >= 0 && settling->changed)
        return commit_batch(settling->desk, err);
    abandon_batch(settling->desk);
    return rc;
}

enum errc deliver_settle(struct desk *desk, const struct deliver_contact *contact, struct err *err)
{
    struct arena arena;
    arena_init(&arena, SETTLE_ARENA_BYTES);
    struct settling settling = settling_of(desk, contact->peer, &arena);
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0)
        rc = finish(&settling, settle(&settling, contact, err), err);
    arena_done(&arena);
    return rc;
}

/* ---- failing ---- */

static enum errc note_failure(struct settling *settling, const struct err *why, int64_t next_ms,
                              struct err *err)
{
    struct peer peer;
    struct outbox_page page = {0};
    enum errc rc = load_peer(settling, &peer, err);
    if (rc >= 0)
        rc = outbox_pending(settling->store, settling->peer, 0, RECEIVE_BATCH_MAX, settling->arena, &page,
                            err);
    if (rc < 0)
        return rc;
    peer.state = why->code == ERR_TIMEOUT || why->code == ERR_IO ? "down" : "refused";
    peer.reason = why->message;
    peer.failures++;
    peer.next_ms = next_ms;
    settling->changed = true;
    for (size_t i = 0; i < page.count && rc >= 0; i++) {
        struct outbox_item *row = &page.items[i];
        row->tries++;
        row->next_ms = next_ms;
        row->reason = why->message;
        if (PLANTED(DROP_ON_FAILURE) && row->tries >= GIVE_UP_TRIES)
            row->state = OUTBOX_ACKED;
        rc = outbox_update(settling->store, row, err);
    }
    return rc < 0 ? rc : peers_save(settling->store, &peer, err);
}

enum errc deliver_failed(struct desk *desk, const char *peer, const struct err *why, int64_t next_ms,
                         struct err *err)
{
    struct arena arena;
    arena_init(&arena, SETTLE_ARENA_BYTES);
    struct settling settling = settling_of(desk, peer, &arena);
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0)
        rc = finish(&settling, note_failure(&settling, why, next_ms, err), err);
    arena_done(&arena);
    return rc;
}

/* ---- releasing ---- */

/* A held row stands under its target's own name. Where the way leads over another peer, it goes
 * into that peer's
 * row, and this one points there. */
static enum errc release(struct settling *settling, struct outbox_item *held, struct err *err)
{
    struct stored_act stored;
    char reason[NODE_ID_MAX + 40];
    const char *self = desk_parts(settling->desk)->node;
    const struct node_card *hop = route_next_hop(desk_directory(settling->desk), self, held->peer);
    if (!hop || hop->revoked_ms != 0)
        return ERR_OK;
    settling->changed = true;
    held->reason = "";
    if (streq(hop->id, held->peer)) {
        held->state = OUTBOX_QUEUED;
        return outbox_update(settling->store, held, err);
    }
    enum errc rc = acts_get(settling->store, held->act, settling->arena, &stored, err);
    if (rc >= 0)
        rc = route_act(settling->desk, &stored.act, held->targets, held->target_count, settling->arena, err);
    if (rc < 0)
        return rc;
    (void)snprintf(reason, sizeof reason, "goes by way of %s", hop->id);
    held->reason = reason;
    held->state = OUTBOX_ACKED;
    held->done_ms = settling->now_ms;
    return outbox_update(settling->store, held, err);
}

enum errc deliver_release(struct desk *desk, struct err *err)
{
    struct arena arena;
    struct outbox_page page = {0};
    struct outbox_filter filter = {.limit = OUTBOX_LIMIT_MAX};
    filter.states[OUTBOX_HELD] = true;
    arena_init(&arena, SETTLE_ARENA_BYTES);
    struct settling settling = settling_of(desk, "", &arena);
    enum errc rc = begin_batch(desk, err);
    if (rc >= 0) {
        if (!PLANTED(HELD_FOREVER))
            rc = outbox_list(settling.store, &filter, &arena, &page, err);
        /* Newest first in the list; released in the order they were made. */
        for (size_t i = page.count; i > 0 && rc >= 0; i--)
            rc = release(&settling, &page.items[i - 1], err);
        rc = finish(&settling, rc, err);
    }
    arena_done(&arena);
    return rc;
}
