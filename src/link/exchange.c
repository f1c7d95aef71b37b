/* The two ends of an exchange: calling a peer, and answering one that calls. */
#include "link/link_internal.h"
#include "link/planted.h"

#include "base/plant.h"
#include "base/str.h"

#include <string.h>

static enum errc write_out(const struct envelope *envelope, struct buf *out, struct err *err)
{
    buf_reset(out);
    return envelope_write(envelope, out, err);
}

/* Names that do not fit are somebody else's message, or one for another world. */
/* With whom the tier above has ended it, nothing is exchanged. */
static enum errc check_part(const struct link *link, const char *peer, struct err *err)
{
    const struct node_card *card = directory_find(desk_directory(link->desk), peer);
    return card && card->revoked_ms != 0 ? err_set(err, ERR_PERMISSION, "the node %s was revoked", card->id)
                                         : ERR_OK;
}

static enum errc check_names(const struct link *link, const char *peer, const struct envelope *message,
                             struct err *err)
{
    if (!PLANTED(REPLY_OF_ANOTHER) && !streq(message->from, peer))
        return err_field(err, ERR_FORGED, "from", "the message says it is from %s, but %s sends it",
                         message->from, peer);
    if (!streq(message->to, desk_parts(link->desk)->node))
        return err_field(err, ERR_INVALID, "to", "the message is for %s", message->to);
    if (!streq(message->universe, link_universe(link)))
        return err_field(err, ERR_FORGED, "universe", "a message of the universe '%s' cannot enter '%s'",
                         message->universe, link_universe(link));
    return ERR_OK;
}

/* ---- calling ---- */

enum errc link_request(struct link *link, const char *node, struct buf *out, struct err *err)
{
    struct arena arena;
    struct envelope envelope;
    struct link_peer *peer = NULL;
    enum errc rc = link_peer_of(link, node, &peer, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, LINK_ARENA_BYTES);
    rc = link_compose(link, peer, true, &arena, &envelope, err);
    if (rc >= 0) {
        envelope.answers = PLANTED(FORGET_ANSWERS) ? NULL : peer->answers;
        envelope.answer_count = PLANTED(FORGET_ANSWERS) ? 0 : peer->answer_count;
        rc = write_out(&envelope, out, err);
    }
    if (rc >= 0 && PLANTED(CURSOR_ON_SEND))
        rc = planted_forget(link, node, err);
    if (rc >= 0) {
        peer->calling = true;
        link->counters.calls++;
    }
    arena_done(&arena);
    return rc;
}

/* Answers to what the reply brought wait for the next request, so they need memory of their own. */
static enum errc keep_answers(struct link_peer *peer, const struct taken *taken, struct err *err)
{
    struct arena *arena = &peer->answers_arena;
    arena_reset(arena);
    peer->answers = NULL;
    peer->answer_count = 0;
    if (taken->answer_count == 0)
        return ERR_OK;
    struct envelope_answer *copy = arena_array(arena, taken->answer_count, sizeof *copy);
    for (size_t i = 0; copy && i < taken->answer_count; i++) {
        const struct envelope_answer *answer = &taken->answers[i];
        copy[i] = (struct envelope_answer){answer->n,
                                           arena_strdup(arena, answer->act),
                                           answer->state,
                                           arena_strdup(arena, answer->why),
                                           arena_strdup(arena, answer->clause),
                                           arena_strdup(arena, answer->waits)};
    }
    if (arena->exhausted)
        return err_set(err, ERR_NOMEM, "no memory for answers");
    peer->answers = copy;
    peer->answer_count = taken->answer_count;
    return ERR_OK;
}

enum errc link_settle(struct link *link, const char *node, const struct envelope *reply, struct err *err)
{
    struct arena arena;
    struct link_peer *peer = NULL;
    struct taken taken = {.arena = &arena};
    enum errc rc = link_peer_of(link, node, &peer, err);
    if (rc < 0)
        return rc;
    arena_init(&arena, LINK_ARENA_BYTES);
    rc = check_names(link, node, reply, err);
    if (rc >= 0)
        rc = check_part(link, node, err);
    if (rc >= 0)
        rc = link_take(link, peer, reply, true, &taken, err);
    if (rc >= 0)
        rc = keep_answers(peer, &taken, err);
    if (rc >= 0) {
        peer->calling = false;
        peer->failures = 0;
        peer->next_ms = 0;
    }
    arena_done(&arena);
    return rc;
}

/* ---- answering ---- */

/* Whoever calls must be known, and its certificate must be from the tier above it. */
static enum errc check_caller(const struct link *link, const struct pki_identity *caller, struct err *err)
{
    const struct node_card *card = directory_find(desk_directory(link->desk), caller->node);
    if (!card)
        return err_set(err, ERR_PERMISSION, "the node %s is not enrolled, as far as is known here",
                       caller->node);
    const char *issuer = *card->parent ? card->parent : card->id;
    if (!streq(caller->issuer, issuer))
        return err_set(err, ERR_PERMISSION, "the certificate of %s is from %s, not from %s", caller->node,
                       caller->issuer, issuer);
    return check_part(link, caller->node, err);
}

static enum errc answer(struct link *link, const struct pki_identity *caller, const struct envelope *request,
                        struct arena *arena, struct buf *out, struct err *err)
{
    struct link_peer *peer = NULL;
    struct envelope reply;
    struct taken taken = {.arena = arena};
    const char *sender = PLANTED(SKIP_SENDER) ? request->from : caller->node;
    enum errc rc = PLANTED(SKIP_SENDER) ? ERR_OK : check_caller(link, caller, err);
    if (rc >= 0)
        rc = check_names(link, sender, request, err);
    if (rc >= 0)
        rc = link_peer_of(link, sender, &peer, err);
    if (rc >= 0)
        rc = link_take(link, peer, request, false, &taken, err);
    if (rc < 0)
        return rc;
    const struct node_card *card = directory_find(desk_directory(link->desk), sender);
    bool must_fetch = card && !*card->url; /* nobody can call it: what waits goes with the reply */
    rc = link_compose(link, peer, must_fetch, arena, &reply, err);
    if (rc < 0)
        return rc;
    reply.answers = taken.answers;
    reply.answer_count = taken.answer_count;
    return write_out(&reply, out, err);
}

enum errc link_answer(struct link *link, const struct pki_identity *caller, const struct envelope *request,
                      struct buf *out, struct err *err)
{
    struct arena arena;
    arena_init(&arena, LINK_ARENA_BYTES);
    enum errc rc = answer(link, caller, request, &arena, out, err);
    if (rc >= 0)
        link->counters.answered++;
    else
        link->counters.refused++;
    arena_done(&arena);
    return rc;
}
