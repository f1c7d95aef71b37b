#include "sensor/flow_watch.h"

#include "intel/hash64.h"
#include "sensor/flow_open.h"
#include "sensor/learnt.h"

#include <stdlib.h>
#include <string.h>

enum { FUTURE_MAX_MS = 5000, PAST_MAX_MS = 1800000, PREFIX4 = 24, PREFIX6 = 48 };

struct flow_watch {
    struct flow_watch_options options;
    struct flow_classes classes;
    struct cells cells;
    struct learnt learnt;
    struct flow_limit limits[FLOW_RULES];
    struct flow_watch_totals totals;
    int64_t now_ms;
    size_t open_count; /* places in use or used before */
    struct flow_open open[FLOW_OPEN_MAX];
};

enum errc flow_watch_new(const struct flow_watch_options *options, struct flow_watch **out, struct err *err)
{
    struct flow_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return err_set(err, ERR_NOMEM, "no memory for a watch over flows");
    watch->options = *options;
    flow_classes_init(&watch->classes);
    for (size_t i = 0; i < FLOW_RULES; i++)
        flow_limit_init(&watch->limits[i], &FLOW_RULE_ROWS[i], options->start_pps[i]);
    enum errc rc = cells_init(&watch->cells, options->buckets, err);
    if (rc == ERR_OK)
        rc = learnt_init(&watch->learnt, err);
    if (rc < 0)
        flow_watch_free(watch);
    else
        *out = watch;
    return rc;
}

void flow_watch_free(struct flow_watch *watch)
{
    if (!watch)
        return;
    cells_done(&watch->cells);
    learnt_done(&watch->learnt);
    free(watch);
}

static bool in_net(const struct flow_net *net, const struct ip *ip)
{
    struct ip masked = *ip;
    if (net->address.bits != ip->bits)
        return false;
    ip_mask(&masked, net->length);
    return memcmp(masked.bytes, net->address.bytes, sizeof masked.bytes) == 0;
}

static bool wanted(const struct flow_watch *watch, const struct ip *target)
{
    for (size_t i = 0; i < watch->options.net_count; i++)
        if (in_net(&watch->options.nets[i], target))
            return true;
    return watch->options.net_count == 0;
}

static uint64_t hash_of(const struct ip *ip)
{
    return hash64(ip->bytes, sizeof ip->bytes, ip->bits);
}

/* The key of a flow under a rule, and what is to be distinct under it. */
static uint64_t key_of(const struct flow_rule *rule, const struct flow *flow, struct cell_key *key)
{
    key->extra = 0;
    switch (rule->key) {
    case FLOW_KEY_TARGET: key->address = flow->target; return hash_of(&flow->source);
    case FLOW_KEY_PREFIX:
        key->address = flow->target;
        ip_mask(&key->address, flow->target.bits == 32 ? PREFIX4 : PREFIX6);
        return hash_of(&flow->target);
    case FLOW_KEY_SOURCE: key->address = flow->source; return hash_of(&flow->target);
    case FLOW_KEY_PAIR:
        key->address = flow->source;
        key->extra = (uint32_t)hash_of(&flow->target);
        return hash64_mix(flow->target_port ^ HASH64_K1, HASH64_K2);
    }
    return 0;
}

static struct flow_open *open_place(struct flow_watch *watch)
{
    for (size_t i = 0; i < watch->open_count; i++)
        if (!watch->open[i].used)
            return &watch->open[i];
    return watch->open_count < FLOW_OPEN_MAX ? &watch->open[watch->open_count++] : NULL;
}

static struct flow_open *find_open(struct flow_watch *watch, const struct cell_key *key)
{
    for (size_t i = 0; i < watch->open_count; i++)
        if (flow_open_is(&watch->open[i], key))
            return &watch->open[i];
    return NULL;
}

static struct cell *window_before(struct flow_watch *watch, const struct cell_key *key)
{
    struct cell_key before = *key;
    before.start_ms -= FLOW_RULE_ROWS[key->rule].window_ms;
    return cells_find(&watch->cells, &before);
}

/* Loud enough to begin: at once, or after a loud window before it. */
static bool begins(struct flow_watch *watch, const struct cell_key *key, const struct cell *cell,
                   const struct cell *before)
{
    const struct flow_limit *limit = &watch->limits[key->rule];
    uint64_t usual = learnt_of(&watch->learnt, key) * FLOW_LEARNT_FACTOR;
    if (!flow_limit_passed(limit, cell, 1, usual))
        return false;
    return flow_limit_passed(limit, cell, limit->rule->burst, usual) ||
           (before && flow_limit_passed(limit, before, 1, usual));
}

/* A cell that is near its start belongs to the detection that is open for its key, or opens one. */
static void attach(struct flow_watch *watch, const struct cell_key *key, struct cell *cell,
                   const struct flow *flow)
{
    struct flow_open *open = find_open(watch, key);
    if (!open) {
        const struct cell *before = window_before(watch, key);
        if (!begins(watch, key, cell, before))
            return;
        open = open_place(watch);
        if (!open) {
            watch->totals.suppressed++;
            return;
        }
        flow_open_begin(open, key, &watch->limits[key->rule], flow, watch->now_ms);
        watch->totals.detections++;
        if (before)
            flow_open_take(open, before);
    }
    flow_open_take(open, cell);
    cell->open = (uint16_t)(open - watch->open + 1);
}

/* What is usual is told by windows that are over. */
static void learn(struct flow_watch *watch, const struct cell_key *key)
{
    const struct flow_limit *limit = &watch->limits[key->rule];
    const struct cell *before = limit->learns ? window_before(watch, key) : NULL;
    if (before && before->open == 0 && before->packets >= limit->notable)
        learnt_add(&watch->learnt, key, before->packets);
}

static void count(struct flow_watch *watch, struct cell_key *key, uint64_t seen, const struct flow *flow,
                  uint64_t packets, uint64_t bytes)
{
    const struct flow_limit *limit = &watch->limits[key->rule];
    struct cell *cell = cells_get(&watch->cells, key, watch->now_ms);
    if (!cell)
        return;
    if (cell->packets == 0)
        learn(watch, key);
    cell->packets += packets;
    cell->bytes += bytes;
    cell_see(cell, seen);
    /* The place may have been given to another detection since. */
    if (cell->open > 0 && !flow_open_is(&watch->open[cell->open - 1], key))
        cell->open = 0;
    bool counted = cell->open == 0;
    if (counted && flow_limit_near(limit, cell))
        attach(watch, key, cell, flow);
    if (cell->open == 0)
        return;
    struct flow_open *open = &watch->open[cell->open - 1];
    flow_open_see(open, flow, seen, packets);
    if (!counted)
        flow_open_count(open, packets, bytes);
    flow_open_peak(open, cell, watch->now_ms);
}

/* Every window of the flow's span has its share; what is left over goes to the last ones. */
static void spread(struct flow_watch *watch, uint8_t rule, const struct flow *flow)
{
    struct cell_key key = {.rule = rule};
    const int64_t window = FLOW_RULE_ROWS[rule].window_ms;
    uint64_t seen = key_of(&FLOW_RULE_ROWS[rule], flow, &key);
    int64_t last = flow->last_ms / window;
    int64_t windows = last - flow->first_ms / window + 1;
    uint64_t packets = flow->packets * flow->sampling;
    uint64_t bytes = flow->bytes * flow->sampling;
    if (windows == 1) {
        key.start_ms = last * window;
        count(watch, &key, seen, flow, packets, bytes);
        return;
    }
    int64_t told = windows < FLOW_SPREAD_MAX ? windows : FLOW_SPREAD_MAX;
    for (int64_t i = windows - told; i < windows; i++) {
        uint64_t n = (uint64_t)windows;
        uint64_t part = packets / n + ((uint64_t)i >= n - packets % n);
        if (part == 0)
            continue;
        key.start_ms = (last - windows + 1 + i) * window;
        count(watch, &key, seen, flow, part, bytes / n);
    }
}

void flow_watch_add(struct flow_watch *watch, const struct flow *flow, int64_t now_ms)
{
    int64_t first = flow->first_ms;
    int64_t last = flow->last_ms;
    if (now_ms > watch->now_ms)
        watch->now_ms = now_ms;
    if (flow->target.bits == 0 || flow->packets == 0 || flow->packets > UINT32_MAX ||
        flow->bytes > UINT64_C(1) << 50 || !wanted(watch, &flow->target))
        return;
    if (last > now_ms + FUTURE_MAX_MS || last < now_ms - PAST_MAX_MS || first > last ||
        first < last - 2 * PAST_MAX_MS) {
        watch->totals.misdated++;
        first = last = now_ms;
    }
    if (first < 0)
        first = last;
    struct flow dated = *flow;
    dated.first_ms = first;
    dated.last_ms = last;
    for (uint64_t rules = flow_classes_of(&watch->classes, flow); rules; rules &= rules - 1)
        spread(watch, (uint8_t)__builtin_ctzll(rules), &dated);
}

static enum errc tell(struct flow_watch *watch, struct flow_open *open, const char *state,
                      const struct loss *lost, struct err *err)
{
    char target[2 * IP_TEXT_SIZE];
    struct buf evidence;
    buf_init(&evidence, 1 << 16);
    flow_open_target(open, target, sizeof target);
    flow_open_evidence(open, state, &evidence);
    const struct detection detection = {.kind = open->kind,
                                        .target = target,
                                        .first_ms = open->first_ms,
                                        .last_ms = open->last_ms,
                                        .evidence = evidence.data,
                                        .lost = *lost};
    enum errc rc = buf_check(&evidence, err);
    if (rc == ERR_OK)
        rc = watch->options.tell(watch->options.context, &detection, err);
    buf_done(&evidence);
    return rc;
}

enum errc flow_watch_tick(struct flow_watch *watch, int64_t now_ms, const struct loss *lost, struct err *err)
{
    enum errc rc = ERR_OK;
    if (now_ms > watch->now_ms)
        watch->now_ms = now_ms;
    for (size_t i = 0; i < watch->open_count && rc == ERR_OK; i++) {
        struct flow_open *open = &watch->open[i];
        if (!open->used)
            continue;
        if (watch->options.tell_starts && !open->told) {
            open->told = true;
            rc = tell(watch, open, "begun", lost, err);
        }
        if (rc == ERR_OK && watch->now_ms - open->loud_ms > open->limit->rule->end_ms) {
            rc = tell(watch, open, "ended", lost, err);
            open->used = false;
        }
    }
    return rc;
}

enum errc flow_watch_end(struct flow_watch *watch, const struct loss *lost, struct err *err)
{
    enum errc rc = ERR_OK;
    for (size_t i = 0; i < watch->open_count && rc == ERR_OK; i++)
        if (watch->open[i].used) {
            rc = tell(watch, &watch->open[i], "open", lost, err);
            watch->open[i].used = false;
        }
    return rc;
}

struct flow_watch_totals flow_watch_totals(const struct flow_watch *watch)
{
    struct flow_watch_totals totals = watch->totals;
    totals.crowded = watch->cells.crowded;
    return totals;
}
