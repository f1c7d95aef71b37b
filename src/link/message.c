/* What both directions of an exchange have in common: saying, and taking what is said. */
#include "link/link_internal.h"

#include "base/plant.h"
#include "base/str.h"
#include "desk/witness.h"

#include <string.h>

/* Faults of this node end the exchange; anything else is the other side's affair and is noted. */
static bool ours(enum errc rc)
{
    return errc_is_fault(rc) || rc == ERR_CRYPTO;
}

static struct store *store_of(const struct link *link)
{
    return desk_parts(link->desk)->store;
}

/* ---- saying ---- */

static enum errc show_ledger(struct link *link, struct link_peer *peer, struct envelope *out, struct err *err)
{
    struct witness_claim claim = {0};
    enum errc rc = witness_ours(store_of(link), peer->seen_size, &claim, err);
    if (rc >= 0)
        rc = witness_seen(link->desk, peer->node, &out->seen_size, err);
    if (rc < 0)
        return rc;
    out->has_head = claim.has_head;
    out->head = claim.head;
    out->has_growth = claim.has_growth;
    out->growth = claim.growth;
    out->has_cosignature = peer->owed.due;
    out->cosigned_size = peer->owed.size;
    out->cosignature = peer->owed.cosignature;
    peer->owed.due = false; /* lost with this message, it is made again for the next head */
    return ERR_OK;
}

static enum errc load_items(struct link *link, const struct link_peer *peer, struct arena *arena,
                            struct envelope *out, struct err *err)
{
    struct delivery *taken = NULL;
    size_t count = 0;
    struct deliver_limits limits = {link->options.items_max, link->options.bytes_max};
    enum errc rc = deliver_take(store_of(link), peer->node, &limits, arena, &taken, &count, err);
    if (rc < 0)
        return rc;
    out->items = arena_array(arena, count, sizeof *out->items);
    if (!out->items)
        return err_set(err, ERR_NOMEM, "no memory for the message");
    for (size_t i = 0; i < count; i++)
        out->items[i] = (struct envelope_item){.n = taken[i].n,
                                               .act = taken[i].bytes,
                                               .annex = taken[i].annex,
                                               .proof = taken[i].proof,
                                               .targets = taken[i].targets,
                                               .target_count = taken[i].target_count};
    out->item_count = count;
    link->counters.acts_sent += count;
    return ERR_OK;
}

enum errc link_compose(struct link *link, struct link_peer *peer, bool with_items, struct arena *arena,
                       struct envelope *out, struct err *err)
{
    struct envelope envelope = {.from = desk_parts(link->desk)->node,
                                .to = peer->node,
                                .universe = link_universe(link),
                                .time_ms = env_now_ms(desk_parts(link->desk)->env)};
    enum errc rc = deliver_taken(store_of(link), peer->node, &envelope.last_n, err);
    if (rc >= 0)
        rc = show_ledger(link, peer, &envelope, err);
    if (rc >= 0 && with_items)
        rc = load_items(link, peer, arena, &envelope, err);
    if (rc >= 0)
        *out = envelope;
    return rc;
}

/* ---- taking ---- */

static struct envelope_answer answer_to(const struct incoming *item, struct arena *arena)
{
    bool told = item->received == RECEIVED_REFUSED || item->received == RECEIVED_WAITING;
    return (struct envelope_answer){.n = item->n,
                                    .act = arena_strdup(arena, item->act),
                                    .state = received_name(item->received),
                                    .why = told ? arena_strdup(arena, item->err.message) : "",
                                    .clause = told ? arena_strdup(arena, item->err.clause) : "",
                                    .waits = arena_strdup(arena, item->waits_for)};
}

static enum errc take_items(struct link *link, const struct link_peer *peer, const struct envelope *message,
                            struct taken *out, struct err *err)
{
    int64_t last = 0;
    size_t count = message->item_count;
    struct incoming *items = arena_array(out->arena, count, sizeof *items);
    out->answers = arena_array(out->arena, count, sizeof *out->answers);
    if (!items || !out->answers)
        return err_set(err, ERR_NOMEM, "no memory for the acts of a message");
    for (size_t i = 0; i < count; i++)
        items[i] = (struct incoming){.n = message->items[i].n,
                                     .bytes = message->items[i].act,
                                     .size_bytes = strlen(message->items[i].act),
                                     .annex = message->items[i].annex,
                                     .proof = message->items[i].proof,
                                     .targets = message->items[i].targets,
                                     .target_count = message->items[i].target_count};
    enum errc rc = desk_receive_batch(link->desk, peer->node, items, count, &last, err);
    if (rc < 0 && !PLANTED(ACK_WITHOUT_COMMIT))
        return rc;
    for (size_t i = 0; i < count; i++) {
        out->answers[i] = answer_to(&items[i], out->arena);
        link->counters.acts_taken += items[i].received == RECEIVED_ACCEPTED;
        link->counters.acts_refused += items[i].received == RECEIVED_REFUSED;
    }
    out->answer_count = count;
    return out->arena->exhausted ? err_set(err, ERR_NOMEM, "no memory for answers") : ERR_OK;
}

static enum errc take_head(struct link *link, struct link_peer *peer, const struct envelope *message,
                           struct taken *out, struct err *err)
{
    struct cosignature made;
    struct err why = {0};
    struct witness_claim claim = {message->has_head, message->head, message->has_growth, message->growth};
    enum errc rc = witness_theirs(link->desk, peer->node, &claim, &made, &why);
    if (ours(rc)) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc >= 0) {
        link->counters.heads_witnessed++;
        peer->owed = (struct witness_owed){true, claim.head.tree.size, made};
    }
    if (rc == ERR_FORGED) {
        link->counters.conflicts++;
        out->concern = arena_strdup(out->arena, why.message);
    }
    return ERR_OK;
}

static enum errc take_cosignature(struct link *link, const struct link_peer *peer,
                                  const struct envelope *message, struct taken *out, struct err *err)
{
    struct err why = {0};
    enum errc rc = witness_keep(link->desk, peer->node, message->cosigned_size, &message->cosignature, &why);
    if (ours(rc)) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc < 0 && !out->concern)
        out->concern = arena_strdup(out->arena, why.message);
    return ERR_OK;
}

static enum errc read_answers(const struct envelope *message, struct arena *arena,
                              struct deliver_contact *out, struct err *err)
{
    struct deliver_answer *answers = arena_array(arena, message->answer_count, sizeof *answers);
    if (!answers)
        return err_set(err, ERR_NOMEM, "no memory for answers");
    for (size_t i = 0; i < message->answer_count; i++) {
        const struct envelope_answer *answer = &message->answers[i];
        int received = received_parse(answer->state);
        if (received < 0)
            return err_field(err, ERR_INVALID, "answers", "there is no answer '%.20s'", answer->state);
        const char *why = *answer->waits ? arena_printf(arena, "waits there for %s", answer->waits)
                                         : answer->why;
        answers[i] = (struct deliver_answer){answer->n, (enum received)received, why ? why : "",
                                             answer->clause};
    }
    out->answers = answers;
    out->answer_count = message->answer_count;
    return ERR_OK;
}

enum errc link_take(struct link *link, struct link_peer *peer, const struct envelope *message, bool is_reply,
                    struct taken *out, struct err *err)
{
    const struct desk_parts *parts = desk_parts(link->desk);
    const struct node_card *card = directory_find(desk_directory(link->desk), peer->node);
    struct deliver_contact contact = {.peer = peer->node, .last_n = message->last_n};
    contact.skew_ms = message->time_ms - env_now_ms(parts->env);
    /* A request may have been under way for long; a reply was made for us just now. Who cannot be called
     * tells its number in requests only. */
    contact.has_last = is_reply || !card || !*card->url;
    peer->seen_size = message->seen_size;
    enum errc rc = message->item_count > 0 ? take_items(link, peer, message, out, err) : ERR_OK;
    if (rc >= 0 && message->has_head)
        rc = take_head(link, peer, message, out, err);
    if (rc >= 0 && message->has_cosignature)
        rc = take_cosignature(link, peer, message, out, err);
    if (rc >= 0)
        rc = read_answers(message, out->arena, &contact, err);
    if (rc < 0)
        return rc;
    contact.concern = out->concern;
    rc = deliver_settle(link->desk, &contact, err);
    if (rc >= 0)
        peer->called_ms = env_now_ms(parts->env);
    return rc;
}
