#include "sensor/flow_open.h"

#include "sensor/detection.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NEAR = 2, NOTABLE = 8, PREFIX4 = 24, PREFIX6 = 48, TOP_SHARE = 50 };

void flow_limit_init(struct flow_limit *limit, const struct flow_rule *rule, uint64_t start_pps)
{
    uint64_t pps = start_pps > 0 ? start_pps : rule->start_pps;
    bool counts = pps > 0 || rule->start_kbps > 0;
    limit->rule = rule;
    /* A rule without a rate is about how many were looked for. */
    limit->packets = counts ? pps * rule->window_ms / 1000 : rule->distinct;
    limit->bytes = rule->start_kbps * 125 * rule->window_ms / 1000;
    limit->near_packets = limit->packets / NEAR;
    limit->near_bytes = limit->bytes / NEAR;
    limit->notable = limit->packets / NOTABLE;
    limit->learns = counts && (rule->key == FLOW_KEY_TARGET || rule->key == FLOW_KEY_PREFIX);
}

static bool over(uint64_t value, uint64_t limit)
{
    return limit > 0 && value >= limit;
}

bool flow_limit_near(const struct flow_limit *limit, const struct cell *cell)
{
    return over(cell->packets, limit->near_packets) || over(cell->bytes, limit->near_bytes);
}

bool flow_limit_passed(const struct flow_limit *limit, const struct cell *cell, uint64_t factor,
                       uint64_t usual)
{
    if (!over(cell->packets, limit->packets * factor) && !over(cell->bytes, limit->bytes * factor))
        return false;
    return cell->packets >= usual && cell->bytes >= cell->packets * limit->rule->bytes_avg &&
           cell_distinct(cell) >= limit->rule->distinct;
}

void flow_open_begin(struct flow_open *open, const struct cell_key *key, const struct flow_limit *limit,
                     const struct flow *flow, int64_t now_ms)
{
    memset(open, 0, sizeof *open);
    sketch_init(&open->distinct);
    open->used = true;
    open->key = *key;
    open->limit = limit;
    open->target = flow->target;
    open->common = flow->target.bits;
    open->first_ms = key->start_ms;
    open->last_ms = key->start_ms;
    open->loud_ms = now_ms;
    open->opened_ms = now_ms;
    const char *slash = strchr(limit->rule->kind, '/');
    open->service = slash ? slash + 1 : NULL;
    (void)snprintf(open->kind, sizeof open->kind, "%.*s",
                   slash ? (int)(slash - limit->rule->kind) : (int)strlen(limit->rule->kind),
                   limit->rule->kind);
}

bool flow_open_is(const struct flow_open *open, const struct cell_key *key)
{
    return open->used && open->key.rule == key->rule && open->key.extra == key->extra &&
           memcmp(&open->key.address, &key->address, sizeof key->address) == 0;
}

void flow_open_take(struct flow_open *open, const struct cell *cell)
{
    open->packets += cell->packets;
    open->bytes += cell->bytes;
    if (cell->start_ms < open->first_ms)
        open->first_ms = cell->start_ms;
}

void flow_open_count(struct flow_open *open, uint64_t packets, uint64_t bytes)
{
    open->packets += packets;
    open->bytes += bytes;
}

static unsigned common_bits(const struct ip *a, const struct ip *b, unsigned most)
{
    unsigned bits = 0;
    while (bits < most && ((a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (7 - bits % 8) & 1) == 0)
        bits++;
    return bits;
}

void flow_open_see(struct flow_open *open, const struct flow *flow, uint64_t seen, uint64_t packets)
{
    sketch_add(&open->distinct, seen);
    top_add(&open->sources, &flow->source, packets);
    if (open->limit->rule->key == FLOW_KEY_PREFIX || open->limit->rule->key == FLOW_KEY_SOURCE)
        top_add(&open->targets, &flow->target, packets);
    if (flow->source_port > 0)
        top_add_number(&open->source_ports, flow->source_port, packets);
    if (flow->target_port > 0)
        top_add_number(&open->ports, flow->target_port, packets);
    if (flow->target.bits == open->target.bits)
        open->common = (uint8_t)common_bits(&open->target, &flow->target, open->common);
    if (flow->sampling > open->sampling)
        open->sampling = flow->sampling;
    if (flow->last_ms > open->last_ms)
        open->last_ms = flow->last_ms;
}

void flow_open_peak(struct flow_open *open, const struct cell *cell, int64_t now_ms)
{
    uint64_t window = open->limit->rule->window_ms;
    uint64_t pps = cell->packets * 1000 / window;
    uint64_t bps = cell->bytes * 8000 / window;
    if (pps > open->peak_pps) {
        open->peak_pps = pps;
        open->peak_ms = cell->start_ms;
    }
    if (bps > open->peak_bps)
        open->peak_bps = bps;
    if (flow_limit_near(open->limit, cell))
        open->loud_ms = now_ms;
}

void flow_open_target(const struct flow_open *open, char *out, size_t size)
{
    char text[IP_TEXT_SIZE];
    struct ip ip = open->key.address;
    uint8_t length = ip.bits;
    switch (open->limit->rule->key) {
    case FLOW_KEY_TARGET: break;
    case FLOW_KEY_PREFIX: length = ip.bits == 32 ? PREFIX4 : PREFIX6; break;
    case FLOW_KEY_SOURCE:
        ip = open->target;
        length = open->common;
        ip_mask(&ip, length);
        break;
    case FLOW_KEY_PAIR: ip = open->target; break;
    }
    ip_format(&ip, length, text);
    (void)snprintf(out, size, "%s", text);
}

/* Those that are certainly a fiftieth of all. */
static void write_top(const char *name, struct top *top, uint64_t all, bool addresses, struct buf *out)
{
    char text[IP_TEXT_SIZE];
    const char *comma = "";
    top_sort(top);
    buf_addf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < top->used; i++) {
        const struct top_entry *entry = &top->entries[i];
        uint64_t certain = entry->count - entry->doubt;
        if (certain < all / TOP_SHARE)
            continue;
        buf_adds(out, comma);
        comma = ",";
        ip_format(&entry->address, entry->address.bits, text);
        if (addresses)
            buf_addf(out, "[\"%s\",%" PRIu64 "]", text, certain);
        else
            buf_addf(out, "[%u,%" PRIu64 "]", top_number(entry), certain);
    }
    buf_adds(out, "]");
}

void flow_open_evidence(struct flow_open *open, const char *state, struct buf *out)
{
    static const char *const DISTINCT[] = {[FLOW_KEY_TARGET] = "sources",
                                           [FLOW_KEY_PREFIX] = "targets",
                                           [FLOW_KEY_SOURCE] = "targets",
                                           [FLOW_KEY_PAIR] = "ports"};
    enum flow_key key = open->limit->rule->key;
    char text[IP_TEXT_SIZE];
    buf_addf(out, "{\"state\":\"%s\"", state);
    if (open->service)
        buf_addf(out, ",\"service\":\"%s\"", open->service);
    if (key == FLOW_KEY_SOURCE || key == FLOW_KEY_PAIR) {
        ip_format(&open->key.address, open->key.address.bits, text);
        buf_addf(out, ",\"source\":\"%s\"", text);
    }
    buf_addf(out, ",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64, open->packets, open->bytes);
    buf_addf(out, ",\"peak_pps\":%" PRIu64 ",\"peak_bps\":%" PRIu64 ",", open->peak_pps, open->peak_bps);
    detection_time("peak", open->peak_ms, out);
    buf_adds(out, ",");
    detection_time("detected", open->opened_ms, out);
    buf_addf(out, ",\"%s\":%.0f,\"sampling\":%u", DISTINCT[key], sketch_count(&open->distinct),
             open->sampling);
    if (key == FLOW_KEY_TARGET || key == FLOW_KEY_PREFIX)
        write_top("top_sources", &open->sources, open->packets, true, out);
    if (key == FLOW_KEY_PREFIX || key == FLOW_KEY_SOURCE)
        write_top("top_targets", &open->targets, open->packets, true, out);
    write_top("top_source_ports", &open->source_ports, open->packets, false, out);
    write_top("top_ports", &open->ports, open->packets, false, out);
    buf_adds(out, "}");
}
