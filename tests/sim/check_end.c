#include "sim/check.h"

#include "base/str.h"
#include "sim/hostile.h"
#include "store/acts.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/subjects.h"

enum { END_BYTES = 64 << 20, REBUILDS = 2 };

static bool honest(const struct node *node)
{
    return node->number != node->sim->hostile;
}

/* Nothing is left in an outbox, nothing waits for what will never come. */
static void check_quiet(struct node *node, struct arena *arena)
{
    struct sim *sim = node->sim;
    struct outbox_count *counts = NULL;
    size_t count = 0;
    int64_t waiting = 0;
    struct err err;
    if (!sim_must(sim, outbox_counts(node->store, arena, &counts, &count, &err), &err, "outbox_counts"))
        return;
    for (size_t i = 0; i < count; i++)
        if (counts[i].state != OUTBOX_ACKED && counts[i].state != OUTBOX_REFUSED)
            sim_fail(sim, "%s still has %lld acts %s for %s", node->id, (long long)counts[i].count,
                     outbox_state_name(counts[i].state), counts[i].peer);
    if (!sim_must(sim, waiting_count(node->store, &waiting, &err), &err, "waiting_count"))
        return;
    for (size_t i = 0; i < sim->registry.act_count && waiting > 0; i++) {
        const struct made_act *made = sim->registry.acts[i];
        bool there = false;
        if ((made->waited & made->to & bit(node->number)) && made->node != sim->hostile &&
            sim_must(sim, acts_exists(node->store, made->id, &there, &err), &err, "acts_exists") && !there)
            sim_fail(sim, "at %s, %s %s of %s waits for ever", node->id, made->row->kind, made->id,
                     sim->country->cards[made->node].id);
    }
}

static const struct receipt *receipt_of(const struct receipt *receipts, size_t count, const char *node)
{
    for (size_t i = 0; i < count; i++)
        if (streq(receipts[i].node, node))
            return &receipts[i];
    return NULL;
}

/* Everybody it was for has it, and its maker has their receipts. */
static void check_delivered(struct sim *sim, const struct made_act *made, struct arena *arena)
{
    struct receipt *receipts = NULL;
    size_t count = 0;
    struct err err;
    struct node *maker = &sim->nodes[made->node];
    if (made->forgery != HONEST || !honest(maker) ||
        !sim_must(sim, receipts_list(maker->store, made->id, arena, &receipts, &count, &err), &err,
                  "receipts_list"))
        return;
    for (size_t i = 0; i < COUNTRY_NODES && !sim->failed; i++) {
        bool there = false;
        struct node *node = &sim->nodes[i];
        if (!(made->to & bit(i)) || i == made->node || !honest(node))
            continue;
        if (node->store &&
            !sim_must(sim, acts_exists(node->store, made->id, &there, &err), &err, "acts_exists"))
            return;
        const struct receipt *receipt = receipt_of(receipts, count, node->id);
        if (!there)
            sim_fail(sim, "%s never got %s %s of %s", node->id, made->row->kind, made->id, maker->id);
        else if (!receipt && !streq(made->row->kind, "receipt.given"))
            sim_fail(sim, "%s has %s %s, and %s has no receipt for it", node->id, made->row->kind, made->id,
                     maker->id);
        else if (receipt && !streq(receipt->state, "accepted"))
            sim_fail(sim, "%s has %s %s, and its receipt says %s", node->id, made->row->kind, made->id,
                     receipt->state);
    }
}

/* One owner a matter, who knows it; nobody else thinks so. */
static void check_owners(struct sim *sim, const struct matter_fact *matter, struct arena *arena)
{
    bool owned = matter->spoilt;
    for (size_t i = 0; i < COUNTRY_NODES && !sim->failed; i++) {
        struct subject subject;
        struct err err;
        struct node *node = &sim->nodes[i];
        if (!node->store || !honest(node) || matter->spoilt)
            continue;
        enum errc rc = subjects_load(node->store, matter->id, arena, &subject, &err);
        if (rc == ERR_NOT_FOUND)
            continue;
        bool thinks = sim_must(sim, rc, &err, "subjects_load") && streq(subject.owner, node->id);
        owned |= thinks;
        if (thinks != (matter->owner == i))
            sim_fail(sim, "%s believes that %s %s is %s's, and it is %s's", node->id, matter->type->subject,
                     matter->id, subject.owner, sim->country->cards[matter->owner].id);
    }
    if (!owned && matter->owner != sim->hostile)
        sim_fail(sim, "nobody believes to own %s %s", matter->type->subject, matter->id);
}

/* It costs as much as the run itself: a few nodes each time. */
static void check_some_rebuilds(struct sim *sim)
{
    size_t first = dice_below(&sim->disk, COUNTRY_NODES);
    for (size_t i = 0, done = 0; i < COUNTRY_NODES && done < REBUILDS && !sim->failed; i++) {
        struct node *node = &sim->nodes[(first + i) % COUNTRY_NODES];
        if (!node->store || node->seen == 0 || !honest(node))
            continue;
        sim->active = node;
        check_rebuild(node);
        done++;
    }
}

void check_end(struct sim *sim)
{
    struct arena arena;
    arena_init(&arena, END_BYTES);
    for (size_t i = 0; i < COUNTRY_NODES && !sim->failed; i++, arena_reset(&arena)) {
        struct node *node = &sim->nodes[i];
        if (!node->store || !honest(node))
            continue;
        sim->active = node;
        check_quiet(node, &arena);
        if (!sim->failed)
            check_ledger(node);
        if (!sim->failed)
            check_duties(node);
    }
    for (size_t i = 0; i < sim->registry.act_count && !sim->failed; i++, arena_reset(&arena))
        check_delivered(sim, sim->registry.acts[i], &arena);
    for (size_t i = 0; i < sim->registry.matter_count && !sim->failed; i++, arena_reset(&arena))
        check_owners(sim, sim->registry.matters[i], &arena);
    arena_done(&arena);
    if (!sim->failed)
        hostile_check(sim);
    check_some_rebuilds(sim);
}
