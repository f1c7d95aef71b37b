#include "link/link.h"

#include "base/plant.h"
#include "base/str.h"
#include "link/link_internal.h"
#include "link/planted.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 8, DOUBLINGS_MAX = 16 };

static const struct link_options DEFAULTS = {
    .items_max = ENVELOPE_ITEMS_MAX,
    .bytes_max = 1 << 20,
    .idle_ms = 60 * 1000,
    .poll_ms = 5 * 1000,
    .retry_ms = 1000,
    .retry_max_ms = 5 * 60 * 1000,
    .skew_alarm_ms = 60 * 1000,
};

static int64_t or_default(int64_t given, int64_t otherwise)
{
    return given > 0 ? given : otherwise;
}

static struct link_options complete(const struct link_options *given)
{
    struct link_options out = given ? *given : DEFAULTS;
    if (out.items_max == 0 || out.items_max > DEFAULTS.items_max)
        out.items_max = DEFAULTS.items_max;
    if (out.bytes_max == 0 || out.bytes_max > DEFAULTS.bytes_max)
        out.bytes_max = DEFAULTS.bytes_max;
    out.idle_ms = or_default(out.idle_ms, DEFAULTS.idle_ms);
    out.poll_ms = or_default(out.poll_ms, DEFAULTS.poll_ms);
    out.retry_ms = or_default(out.retry_ms, DEFAULTS.retry_ms);
    out.retry_max_ms = or_default(out.retry_max_ms, DEFAULTS.retry_max_ms);
    out.skew_alarm_ms = or_default(out.skew_alarm_ms, DEFAULTS.skew_alarm_ms);
    return out;
}

enum errc link_new(struct desk *desk, const struct link_options *options, struct link **out, struct err *err)
{
    struct link *link = calloc(1, sizeof *link);
    if (!link)
        return err_set(err, ERR_NOMEM, "no memory for the link");
    link->desk = desk;
    link->options = complete(options);
    enum errc rc = deliver_release(desk, err);
    if (rc >= 0 && PLANTED(CURSOR_ON_RESTART))
        rc = planted_forget_all(link, err);
    if (rc < 0)
        link_free(link);
    else
        *out = link;
    return rc;
}

void link_free(struct link *link)
{
    if (!link)
        return;
    for (size_t i = 0; i < link->count; i++) {
        arena_done(&link->peers[i]->answers_arena);
        free(link->peers[i]);
    }
    free(link->peers);
    free(link);
}

const struct env *link_env(const struct link *link)
{
    return desk_parts(link->desk)->env;
}

const char *link_universe(const struct link *link)
{
    return store_identity(desk_parts(link->desk)->store)->universe;
}

void link_count(const struct link *link, struct link_counters *out)
{
    *out = link->counters;
}

/* ---- peers ---- */

static size_t place_of(const struct link *link, const char *node)
{
    size_t low = 0;
    size_t high = link->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(link->peers[middle]->node, node) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool grow(struct link *link)
{
    if (link->count < link->room)
        return true;
    size_t room = link->room ? 2 * link->room : ROOM_MIN;
    void *peers = reallocarray(link->peers, room, sizeof(void *));
    if (!peers)
        return false;
    link->peers = peers;
    link->room = room;
    return true;
}

enum errc link_peer_of(struct link *link, const char *node, struct link_peer **out, struct err *err)
{
    size_t at = place_of(link, node);
    if (at < link->count && streq(link->peers[at]->node, node)) {
        *out = link->peers[at];
        return ERR_OK;
    }
    if (link->count == LINK_PEERS_MAX)
        return err_set(err, ERR_LIMIT, "a node has at most %d peers", LINK_PEERS_MAX);
    struct link_peer *peer = calloc(1, sizeof *peer);
    if (!peer || !grow(link)) {
        free(peer);
        return err_set(err, ERR_NOMEM, "no memory for a peer");
    }
    memcpy(peer->node, node, strnlen(node, PROOF_NAME_MAX));
    arena_init(&peer->answers_arena, LINK_ARENA_BYTES);
    memmove(link->peers + at + 1, link->peers + at, (link->count - at) * sizeof(void *));
    link->peers[at] = peer;
    link->count++;
    *out = peer;
    return ERR_OK;
}

/* ---- whom to call, and when ---- */

struct due {
    struct link *link;
    const char **out;
    size_t max;
    size_t count;
    int64_t now_ms;
    int64_t next_ms;
};

/* Calls the peer when the time has come, else remembers the time. */
static enum errc consider(struct due *due, const char *node, bool waiting, int64_t every_ms, struct err *err)
{
    struct link_peer *peer = NULL;
    enum errc rc = link_peer_of(due->link, node, &peer, err);
    if (rc < 0 || peer->calling)
        return rc;
    for (size_t i = 0; i < due->count; i++)
        if (streq(due->out[i], node))
            return ERR_OK;
    bool at_once = waiting || peer->answer_count > 0 || peer->called_ms == 0;
    int64_t at_ms = at_once ? due->now_ms : peer->called_ms + every_ms;
    if (peer->next_ms > at_ms)
        at_ms = peer->next_ms;
    if (at_ms <= due->now_ms && due->count < due->max)
        due->out[due->count++] = peer->node;
    else if (at_ms < due->next_ms)
        due->next_ms = at_ms;
    return ERR_OK;
}

static const struct node_card *callable(const struct link *link, const char *node)
{
    const struct node_card *card = directory_find(desk_directory(link->desk), node);
    return card && *card->url && card->revoked_ms == 0 ? card : NULL;
}

enum errc link_due(struct link *link, const char **out, size_t max, size_t *out_count, int64_t *out_next_ms,
                   struct err *err)
{
    struct arena arena;
    const char **waiting = NULL;
    size_t count = 0;
    int64_t now_ms = env_now_ms(desk_parts(link->desk)->env);
    struct due due = {link, out, max, 0, now_ms, now_ms + link->options.idle_ms};
    const struct node_card *self = desk_self(link->desk);
    arena_init(&arena, LINK_ARENA_BYTES);
    enum errc rc = deliver_peers(desk_parts(link->desk)->store, &arena, &waiting, &count, err);
    for (size_t i = 0; i < count && rc >= 0; i++)
        if (callable(link, waiting[i]))
            rc = consider(&due, waiting[i], true, link->options.idle_ms, err);
    /* The tier above is called now and then anyway; more often when it cannot call us. */
    if (rc >= 0 && self && *self->parent && callable(link, self->parent))
        rc = consider(&due, self->parent, false, *self->url ? link->options.idle_ms : link->options.poll_ms,
                      err);
    arena_done(&arena);
    if (rc < 0)
        return rc;
    *out_count = due.count;
    *out_next_ms = due.next_ms;
    return ERR_OK;
}

static enum errc retry_at(struct link *link, struct link_peer *peer, struct err *err)
{
    const struct env *env = desk_parts(link->desk)->env;
    uint32_t random = 0;
    enum errc rc = env_random(env, &random, sizeof random, err);
    if (rc < 0)
        return rc;
    unsigned doublings = peer->failures < DOUBLINGS_MAX ? peer->failures : DOUBLINGS_MAX;
    int64_t wait_ms = link->options.retry_ms << doublings;
    if (wait_ms > link->options.retry_max_ms)
        wait_ms = link->options.retry_max_ms;
    /* Between a half and the whole, so that a country does not come back in one moment. */
    wait_ms = wait_ms / 2 + random % (wait_ms / 2 + 1);
    peer->failures++;
    peer->next_ms = env_now_ms(env) + wait_ms;
    return ERR_OK;
}

enum errc link_failed(struct link *link, const char *node, const struct err *why, struct err *err)
{
    struct link_peer *peer = NULL;
    enum errc rc = link_peer_of(link, node, &peer, err);
    if (rc < 0)
        return rc;
    peer->calling = false;
    link->counters.calls_failed++;
    rc = retry_at(link, peer, err);
    return rc < 0 ? rc : deliver_failed(link->desk, node, why, peer->next_ms, err);
}
