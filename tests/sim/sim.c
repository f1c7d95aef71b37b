#include "sim/sim.h"

#include "desk/tick.h"
#include "sim/chance.h"
#include "sim/check.h"
#include "sim/hostile.h"
#include "sim/net.h"
#include "sim/people.h"

#include <stdarg.h>

enum { EVENTS_MAX = 100000, TICKS_MAX = 4, FULL_MIN_MS = 1000, FULL_MAX_MS = 6 * 3600000 };

#define ARENA_BYTES ((size_t)512 << 20)

void sim_fail(struct sim *sim, const char *fmt, ...)
{
    va_list args;
    if (sim->failed)
        return;
    va_start(args, fmt);
    (void)vsnprintf(sim->why, sizeof sim->why, fmt, args);
    va_end(args);
    sim->failed = true;
    sim_say(sim, "BROKEN: %s", sim->why);
}

bool sim_must(struct sim *sim, enum errc rc, const struct err *err, const char *what)
{
    if (rc < 0)
        sim_fail(sim, "%s: %s: [%s] %s", what, errc_info(rc)->name, err->field, err->message);
    return rc >= 0;
}

void sim_say(struct sim *sim, const char *fmt, ...)
{
    char line[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    for (const char *at = line; *at; at++)
        sim->digest = (sim->digest ^ (unsigned char)*at) * UINT64_C(1099511628211);
    if (sim->trace)
        (void)fprintf(sim->trace, "%9.1f h  %s\n", (double)(sim->now_ms - COUNTRY_START_MS) / 3600000.0,
                      line);
}

static void plan(struct sim *sim, enum happening what, size_t node, void *what_for)
{
    int64_t at_ms = COUNTRY_START_MS + dice_between(&sim->disk, 0, sim->options.span_ms);
    if (!agenda_add(&sim->agenda,
                    (struct event){.at_ms = at_ms, .what = what, .node = node, .what_for = what_for}))
        sim_fail(sim, "no memory for the agenda");
}

/* Troubles come where something is going on: the node is chosen when the time has come. */
static void plan_troubles(struct sim *sim)
{
    for (unsigned i = 0; i < sim->options.power_cuts; i++)
        plan(sim, HAPPENS_POWER, COUNTRY_NODES, NULL);
    for (unsigned i = 0; i < sim->options.full_disks; i++)
        plan(sim, HAPPENS_FULL, COUNTRY_NODES, NULL);
    for (size_t i = dice_below(&sim->disk, TICKS_MAX); i > 0; i--)
        plan(sim, HAPPENS_TICK, COUNTRY_NODES, NULL);
    for (unsigned i = 0; i < sim->options.hostile_acts; i++)
        plan(sim, HAPPENS_HOSTILE, sim->hostile, NULL);
}

static void begin(struct sim *sim, const struct country *country, uint64_t seed, FILE *trace)
{
    *sim = (struct sim){
        .country = country, .options = options_of(seed), .trace = trace, .now_ms = COUNTRY_START_MS};
    sim->people = dice_fork(seed, "people");
    sim->net = dice_fork(seed, "net");
    sim->disk = dice_fork(seed, "disk");
    sim->foe = dice_fork(seed, "foe");
    sim->digest = UINT64_C(1469598103934665603);
    arena_init(&sim->arena, ARENA_BYTES);
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        node_init(&sim->nodes[i], sim, i);
    sim->hostile = hostile_choose(sim);
    node_watch_disk(sim);
    chance_take_over(seed);
    people_plan(sim);
    net_plan(sim);
    plan_troubles(sim);
}

static void end(struct sim *sim)
{
    sim->tally.simulated_ms = sim->now_ms - COUNTRY_START_MS;
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        node_done(&sim->nodes[i]);
    sim->active = NULL;
    agenda_done(&sim->agenda);
    arena_done(&sim->arena);
}

/* A node that takes part, if there is one. */
static struct node *some_node(struct sim *sim, const struct event *event)
{
    size_t first = dice_below(&sim->disk, COUNTRY_NODES);
    if (event->node < COUNTRY_NODES)
        return &sim->nodes[event->node];
    for (size_t i = 0; i < COUNTRY_NODES; i++)
        if (sim->nodes[(first + i) % COUNTRY_NODES].touched)
            return &sim->nodes[(first + i) % COUNTRY_NODES];
    return NULL;
}

static void fill_disk(struct node *node, struct event *event)
{
    bool filled = event->what_for != NULL;
    node->full = !filled && !node->down;
    sim_say(node->sim, "%s has %s", node->id, node->full ? "a full disk" : "room on its disk again");
    event->at_ms += dice_between(&node->sim->disk, FULL_MIN_MS, FULL_MAX_MS);
    event->node = node->number;
    event->what_for = node;
    if (node->full && !agenda_add(&node->sim->agenda, *event))
        sim_fail(node->sim, "no memory for the agenda");
}

static void tick(struct node *node)
{
    struct err err;
    if (!node_wake(node))
        return;
    enum errc rc = desk_tick(node->desk, &err);
    if (rc >= 0 && node->fuse != 0)
        check_step(node, true);
    if (node_lives(node) && !(node->full && rc == ERR_FULL))
        (void)sim_must(node->sim, rc, &err, "a tick");
}

static void happen(struct sim *sim, struct event *event)
{
    struct node *node = some_node(sim, event);
    if (!node && event->what != HAPPENS_WISH)
        return;
    switch (event->what) {
    case HAPPENS_WISH: people_act(sim); break;
    case HAPPENS_AGAIN: people_again(node, event->what_for); break;
    case HAPPENS_CALL: net_calls(node); break;
    case HAPPENS_REQUEST: net_request(node, event); break;
    case HAPPENS_REPLY: net_reply(node, event); break;
    case HAPPENS_TIMEOUT: net_timeout(node, event); break;
    case HAPPENS_POWER: node_light_fuse(node, dice_spread(&sim->disk, 400)); break;
    case HAPPENS_FULL: fill_disk(node, event); break;
    case HAPPENS_RESTART: node_restart(node); break;
    case HAPPENS_TICK: tick(node); break;
    case HAPPENS_HOSTILE: hostile_act(node); break;
    }
}

/* From here on nothing goes wrong any more; what is under way still arrives. */
static void heal(struct sim *sim)
{
    sim_say(sim, "everything heals");
    sim->healing = true;
    sim->options.cuts = 0;
    for (size_t i = 0; i < COUNTRY_NODES; i++) {
        struct node *node = &sim->nodes[i];
        node->full = false;
        if (node->fuse > 0)
            node->fuse = -1;
        node_restart(node);
        net_wake(node);
    }
}

/* Until nothing is planned any more: first with faults, then healing what they left behind. */
static void run(struct sim *sim)
{
    struct event event;
    while (!sim->failed) {
        bool more = agenda_next(&sim->agenda, &event);
        if (!more && sim->healing)
            return;
        if (!sim->healing && (!more || event.at_ms > COUNTRY_START_MS + sim->options.span_ms))
            heal(sim);
        if (!more)
            continue;
        sim->now_ms = event.at_ms > sim->now_ms ? event.at_ms : sim->now_ms;
        sim->step++;
        sim->active = NULL;
        happen(sim, &event);
        if (sim->active && event.what != HAPPENS_CALL)
            net_wake(sim->active);
        if (++sim->tally.events > EVENTS_MAX)
            sim_fail(sim, "the nodes do not come to rest");
    }
}

bool sim_run(struct sim *sim, const struct country *country, uint64_t seed, FILE *trace)
{
    begin(sim, country, seed, trace);
    run(sim);
    if (!sim->failed)
        check_end(sim);
    end(sim);
    return !sim->failed;
}
