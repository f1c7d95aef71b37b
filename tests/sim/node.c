#include "sim/node.h"

#include "sim/check.h"
#include "sim/sim.h"
#include "store/acts.h"

enum { FUSE_MAX = 400, FULL_PER_MILLE = 150 };

/* Nobody calls without a reason, so that a run is as long as what happens in it. */
static const struct link_options LINK = {.items_max = 16,
                                         .idle_ms = INT64_C(1) << 40,
                                         .poll_ms = 6 * 3600000,
                                         .retry_ms = 2000,
                                         .retry_max_ms = 4 * 3600000};

static int64_t now_ms(void *context)
{
    return node_now_ms(context);
}

static enum errc random_bytes(void *context, void *out, size_t size_bytes)
{
    dice_fill(&((struct node *)context)->random, out, size_bytes);
    return ERR_OK;
}

int64_t node_now_ms(const struct node *node)
{
    return node->sim->now_ms + node->skew_ms;
}

void node_init(struct node *node, struct sim *sim, size_t number)
{
    *node = (struct node){.sim = sim, .number = number, .id = sim->country->cards[number].id, .fuse = -1};
    node->env = (struct env){node, now_ms, random_bytes};
    node->random = dice_fork(sim->options.seed, node->id);
    node->skew_ms = dice_between(&node->random, -2000, 2000);
    if (dice_chance(&node->random, sim->options.skew_per_mille))
        node->skew_ms = dice_between(&node->random, -1, 1) *
                        dice_spread(&node->random, 2 * INT64_C(86400000));
}

static void prefix_of(const struct node *node, char out[COUNTRY_PATH + 1])
{
    country_path(node->sim->country, node->number, true, out);
    size_t size = strlen(out);
    out[size] = '/';
    out[size + 1] = '\0';
}

static enum vfs_mem_fate disk_fate(void *context, const struct vfs_mem_call *call)
{
    struct node *node = ((struct sim *)context)->active;
    if (!node || node->fuse < 0) {
        bool full = node && node->full && call->op == VFS_MEM_WRITE &&
                    dice_chance(&node->sim->disk, FULL_PER_MILLE);
        return full ? VFS_MEM_ENOSPC : VFS_MEM_PASS;
    }
    if (node->fuse > 0 && --node->fuse > 0)
        return VFS_MEM_PASS;
    return VFS_MEM_EIO;
}

void node_watch_disk(struct sim *sim)
{
    vfs_mem_set_hook(sim->country->disk, disk_fate, sim);
}

void node_close(struct node *node)
{
    link_free(node->link);
    desk_close(node->desk);
    store_close(node->store);
    node->link = NULL;
    node->desk = NULL;
    node->store = NULL;
}

void node_done(struct node *node)
{
    char prefix[COUNTRY_PATH + 1];
    node->fuse = -1;
    node_close(node);
    if (node->seal)
        seal_stop(node->seal);
    prefix_of(node, prefix);
    if (node->touched)
        vfs_mem_remove(node->sim->country->disk, prefix);
    node->touched = false;
}

static enum errc first_record(struct node *node, struct err *err)
{
    char from[COUNTRY_PATH + 1];
    char to[COUNTRY_PATH + 1];
    country_path(node->sim->country, node->number, false, from);
    prefix_of(node, to);
    size_t size = strlen(from);
    from[size] = '/';
    from[size + 1] = '\0';
    return vfs_mem_copy(node->sim->country->disk, from, to, err);
}

static enum errc open_process(struct node *node, struct err *err)
{
    const struct country *country = node->sim->country;
    char path[COUNTRY_PATH];
    country_path(country, node->number, true, path);
    struct store_options options = country_options(path);
    if (!node->seal)
        node->seal = country_seal(country, node->number);
    enum errc rc = store_open(&options, &node->store, err);
    struct desk_parts parts = {node->store, country->catalogue, country->packs,
                               &node->env,  node->seal,         node->id};
    if (rc >= 0)
        rc = desk_open(&parts, &node->desk, err);
    return rc < 0 ? rc : link_new(node->desk, &LINK, &node->link, err);
}

bool node_wake(struct node *node)
{
    struct err err;
    struct sim *sim = node->sim;
    sim->active = node;
    if (node->down || sim->failed)
        return false;
    if (node->link)
        return true;
    if (!sim_must(sim, first_record(node, &err), &err, "copying a prepared record"))
        return false;
    node->touched = true;
    return sim_must(sim, open_process(node, &err), &err, node->id);
}

void node_light_fuse(struct node *node, int64_t calls)
{
    if (!node->down && node->fuse < 0)
        node->fuse = calls;
}

static void lose_power(struct node *node)
{
    struct sim *sim = node->sim;
    struct err err;
    char prefix[COUNTRY_PATH + 1];
    sim_say(sim, "%s loses power", node->id);
    prefix_of(node, prefix);
    node_close(node);
    (void)sim_must(sim, vfs_mem_crash(sim->country->disk, prefix, dice_next(&sim->disk) | 1, &err), &err,
                   "crash");
    /* The signer keeps its own journal; what it had not synced is made up for by what the store shows. */
    if (dice_chance(&sim->disk, 500)) {
        seal_stop(node->seal);
        node->seal = NULL;
    }
    node->fuse = -1;
    node->full = false;
    node->down = true;
    sim->tally.power_cuts++;
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        node->lines[i].call = 0;
    node->wake_ms = 0;
    int64_t away_ms = sim->healing ? 1000 : dice_spread(&sim->disk, sim->options.span_ms / 4);
    struct event back = {.at_ms = sim->now_ms + away_ms, .what = HAPPENS_RESTART, .node = node->number};
    if (!agenda_add(&sim->agenda, back))
        sim_fail(sim, "no memory for the agenda");
}

bool node_lives(struct node *node)
{
    if (node->fuse == 0)
        lose_power(node);
    return !node->down;
}

void node_restart(struct node *node)
{
    struct sim *sim = node->sim;
    struct err err = {0};
    if (!node->down || sim->failed)
        return;
    node->down = false;
    sim->active = node;
    if (!sim->healing && dice_chance(&sim->disk, 200))
        node_light_fuse(node, dice_spread(&sim->disk, FUSE_MAX));
    enum errc rc = open_process(node, &err);
    if (!node_lives(node))
        return;
    sim_say(sim, "%s is back", node->id);
    if (sim_must(sim, rc, &err, "the record after a power cut"))
        check_kept(node);
}
