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

struct routing {
    struct desk *desk;
    struct arena *arena;
    struct err *err;
};

static enum errc add_target(const struct routing *routing, struct hop *hops, size_t *count, const char *peer,
                            const char *target)
{
    for (size_t i = 0; i < *count; i++)
        if (streq(hops[i].peer, peer))
            return node_list_add(&hops[i].targets, target, routing->arena, routing->err);
    hops[*count] = (struct hop){.peer = peer};
    return node_list_add(&hops[(*count)++].targets, target, routing->arena, routing->err);
}

/* What this peer was asked to reach with the act before, taken off the list. *queued: the row, when it has
 * not been sent yet and can take more targets. */
static enum errc drop_known(const struct routing *routing, const char *act, struct hop *hop,
                            struct outbox_item *row, bool *queued)
{
    struct node_list fresh = {0};
    struct err none;
    enum errc rc = outbox_get(desk_parts(routing->desk)->store, hop->peer, act, routing->arena, row, &none);
    *queued = rc >= 0 && row->state == OUTBOX_QUEUED;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc < 0)
        return err_set(routing->err, rc, "%s", none.message);
    struct node_list known = {row->targets, row->target_count, row->target_count};
    for (size_t i = 0; rc >= 0 && i < hop->targets.count; i++)
        if (!node_list_has(&known, hop->targets.ids[i]))
            rc = node_list_add(&fresh, hop->targets.ids[i], routing->arena, routing->err);
    hop->targets = fresh;
    return rc;
}

static enum errc add_to_row(const struct routing *routing, struct outbox_item *row, const struct hop *hop)
{
    struct node_list all = {0};
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc >= 0 && i < row->target_count; i++)
        rc = node_list_add(&all, row->targets[i], routing->arena, routing->err);
    for (size_t i = 0; rc >= 0 && i < hop->targets.count; i++)
        rc = node_list_add(&all, hop->targets.ids[i], routing->arena, routing->err);
    row->targets = all.ids;
    row->target_count = all.count;
    return rc < 0 ? rc : outbox_update(desk_parts(routing->desk)->store, row, routing->err);
}

static enum errc push(const struct routing *routing, const char *act, struct hop *hop)
{
    const struct desk_parts *parts = desk_parts(routing->desk);
    struct outbox_item row = {0};
    bool queued = false;
    enum errc rc = drop_known(routing, act, hop, &row, &queued);
    if (rc < 0 || hop->targets.count == 0)
        return rc;
    if (queued)
        return add_to_row(routing, &row, hop);
    const struct node_card *card = directory_find(desk_directory(routing->desk), hop->peer);
    bool reachable = card && card->revoked_ms == 0;
    struct outbox_item item = {.peer = hop->peer,
                               .act = act,
                               .targets = hop->targets.ids,
                               .target_count = hop->targets.count,
                               .state = reachable ? OUTBOX_QUEUED : OUTBOX_HELD,
                               .reason = reachable ? ""
                                         : card    ? "it was revoked"
                                                   : "no node on the way to it is known",
                               .clause = "",
                               .receipt_act = "",
                               .queued_ms = env_now_ms(parts->env)};
    return outbox_push(parts->store, &item, routing->err);
}

/* The ministry and the provinces know every card; others know those above and beside them. */
static bool may_not_know(const struct directory *dir, const char *target, const struct node_card *card)
{
    const struct node_card *node = directory_find(dir, target);
    bool knows_all = !node || node->tier == TIER_MINISTRY || node->tier == TIER_PROVINCE;
    return !knows_all && !streq(node->parent, card->parent) && !directory_below(dir, target, card->id);
}

/* Cards are acts themselves (node.enrolled), proven by the tier above: from the top down to the node. */
static enum errc push_cards(const struct routing *routing, const char *node, const struct hop *hop)
{
    const struct directory *dir = desk_directory(routing->desk);
    const struct node_card *chain[DEPTH_MAX];
    size_t depth = 0;
    enum errc rc = ERR_OK;
    for (const struct node_card *card = directory_find(dir, node); card && depth < DEPTH_MAX;
         card = directory_find(dir, card->parent))
        chain[depth++] = card;
    while (rc >= 0 && depth > 0) {
        const struct node_card *card = chain[--depth];
        struct hop lacking = {.peer = hop->peer};
        struct node_card loaded;
        const char *act = "";
        for (size_t i = 0; rc >= 0 && i < hop->targets.count; i++)
            if (may_not_know(dir, hop->targets.ids[i], card))
                rc = node_list_add(&lacking.targets, hop->targets.ids[i], routing->arena, routing->err);
        if (rc < 0 || lacking.targets.count == 0)
            continue;
        rc = nodes_load(desk_parts(routing->desk)->store, card->id, routing->arena, &loaded, &act,
                        routing->err);
        if (rc >= 0 && *act)
            rc = push(routing, act, &lacking);
    }
    return rc;
}

enum errc route_act(struct desk *desk, const struct act *act, const char *const *targets, size_t target_count,
                    struct arena *arena, struct err *err)
{
    const char *self = desk_parts(desk)->node;
    struct routing routing = {desk, arena, err};
    struct hop *hops = arena_array(arena, target_count, sizeof *hops);
    size_t count = 0;
    enum errc rc = hops ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the ways of an act");
    for (size_t i = 0; rc >= 0 && i < target_count; i++) {
        if (streq(targets[i], self) || streq(targets[i], act->node))
            continue;
        const struct node_card *hop = route_next_hop(desk_directory(desk), self, targets[i]);
        rc = add_target(&routing, hops, &count, hop ? hop->id : targets[i], targets[i]);
    }
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        rc = push_cards(&routing, act->node, &hops[i]);
        if (rc >= 0)
            rc = push(&routing, act->id, &hops[i]);
    }
    return rc;
}
