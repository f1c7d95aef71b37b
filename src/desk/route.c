#include "desk/route.h"

#include "base/str.h"
#include "domain/matter.h"
#include "store/nodes.h"
#include "store/outbox.h"

enum { DEPTH_MAX = 8 };

const struct node_card *route_next_hop(const struct directory *dir, const char *self, const char *target)
{
    const struct node_card *me = directory_find(dir, self);
    const struct node_card *card = directory_find(dir, target);
    if (!me || !card || streq(self, target))
        return NULL;
    for (int depth = 0; card && depth < DEPTH_MAX; depth++) {
        if (streq(card->parent, self))
            return card;
        card = directory_find(dir, card->parent);
    }
    /* Enterprises call the ministry themselves: what they report upward must not hang on the province's node.
     * So every act reaches every node by one way only. */
    const struct node_card *top = directory_ministry(dir);
    bool near = streq(target, me->parent) || directory_below(dir, target, me->parent);
    return !near && top && *top->url ? top : directory_find(dir, me->parent);
}

struct hop {
    const char *peer;
    struct node_list targets;
};

static enum errc add_target(struct hop *hops, size_t *count, const char *peer, const char *target,
                            struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < *count; i++)
        if (streq(hops[i].peer, peer))
            return node_list_add(&hops[i].targets, target, arena, err);
    hops[*count] = (struct hop){.peer = peer};
    return node_list_add(&hops[(*count)++].targets, target, arena, err);
}

static enum errc push(struct desk *desk, const struct act *act, const struct hop *hop, bool reachable,
                      struct err *err)
{
    struct outbox_item item = {.peer = hop->peer,
                               .act = act->id,
                               .targets = hop->targets.ids,
                               .target_count = hop->targets.count,
                               .state = reachable ? OUTBOX_QUEUED : OUTBOX_HELD,
                               .reason = reachable ? "" : "no node on the way to it is known",
                               .clause = "",
                               .receipt_act = "",
                               .queued_ms = env_now_ms(desk_parts(desk)->env)};
    return outbox_push(desk_parts(desk)->store, &item, err);
}

enum errc route_act(struct desk *desk, const struct act *act, const char *const *targets, size_t target_count,
                    struct arena *arena, struct err *err)
{
    const char *self = desk_parts(desk)->node;
    size_t total = targets ? target_count : act->to_count;
    struct hop *hops = arena_array(arena, total, sizeof *hops);
    size_t count = 0;
    enum errc rc = hops ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the ways of an act");
    for (size_t i = 0; rc >= 0 && i < total; i++) {
        const char *target = targets ? targets[i] : act->to[i];
        if (streq(target, self))
            continue;
        const struct node_card *hop = route_next_hop(desk_directory(desk), self, target);
        rc = add_target(hops, &count, hop ? hop->id : target, target, arena, err);
    }
    for (size_t i = 0; rc >= 0 && i < count; i++)
        rc = push(desk, act, &hops[i], directory_find(desk_directory(desk), hops[i].peer) != NULL, err);
    return rc;
}
