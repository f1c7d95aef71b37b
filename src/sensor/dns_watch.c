#include "sensor/dns_watch.h"

#include "intel/hash64.h"

#include <string.h>

enum dns_key { KEY_ZONE, KEY_CLIENT, KEY_SERVER };
enum dns_counted { COUNT_QUERIES, COUNT_RESPONSES };
enum dns_bad { BAD_NXDOMAIN, BAD_SERVFAIL, BAD_FAILED, BAD_LONG };

static const struct dns_rule {
    const char *kind;
    enum dns_key key;
    enum dns_counted counted;
    enum dns_bad bad;
    int64_t window_ms;
    uint64_t least;
    uint64_t share;
    unsigned distinct;
    int64_t end_ms;
} RULES[] = {
#define DNS_RULE(kind, key, counted, bad, ...) {kind, KEY_##key, COUNT_##counted, BAD_##bad, __VA_ARGS__},
#include "sensor/dns_rules.def"
#undef DNS_RULE
};

enum { RULE_COUNT = sizeof RULES / sizeof RULES[0], LONG_BEFORE = 40, LONG_BEFORE_BYTES = 16 };

enum errc dns_watch_init(struct dns_watch *watch, size_t buckets, struct dns_open_list *list, struct err *err)
{
    watch->list = list;
    return cells_init(&watch->cells, buckets, err);
}

void dns_watch_done(struct dns_watch *watch)
{
    cells_done(&watch->cells);
}

/* Names that carry bytes: much before the registered name, or less under a type that answers with bytes.
 * Names of addresses (arpa) are long by nature. */
static bool is_long(const struct dns_event *event)
{
    uint16_t type = event->message->type;
    bool bytes = type == DNS_TXT || type == DNS_NULL || type > 255;
    if (str_eq(event->zone.tld, "arpa"))
        return false;
    return event->zone.before.n >= (bytes ? LONG_BEFORE_BYTES : LONG_BEFORE);
}

static bool is_bad(const struct dns_event *event, enum dns_bad bad)
{
    uint8_t rcode = event->message->rcode;
    switch (bad) {
    case BAD_NXDOMAIN: return rcode == DNS_NXDOMAIN;
    case BAD_SERVFAIL: return rcode == DNS_SERVFAIL;
    case BAD_FAILED: return rcode == DNS_NXDOMAIN || rcode == DNS_SERVFAIL || rcode == DNS_REFUSED;
    case BAD_LONG: return is_long(event);
    }
    return false;
}

static void key_of(const struct dns_event *event, const struct dns_rule *rule, struct cell_key *key)
{
    memset(key, 0, sizeof *key);
    key->rule = (uint8_t)(rule - RULES);
    key->start_ms = event->now_ms / rule->window_ms * rule->window_ms;
    if (rule->key == KEY_CLIENT) {
        key->address = event->client;
    } else if (rule->key == KEY_SERVER) {
        key->address = event->server;
    } else {
        uint64_t hash = hash64(event->zone.zone.p, event->zone.zone.n, 0);
        memcpy(key->address.bytes, &hash, sizeof hash);
    }
}

static void target_of(const struct dns_event *event, const struct dns_rule *rule,
                      char out[DNS_OPEN_NAME_SIZE])
{
    char text[IP_TEXT_SIZE];
    if (rule->key == KEY_ZONE) {
        size_t n = event->zone.zone.n < DNS_OPEN_NAME_SIZE ? event->zone.zone.n : DNS_OPEN_NAME_SIZE - 1;
        memcpy(out, event->zone.zone.p, n);
        out[n] = '\0';
        return;
    }
    const struct ip *ip = rule->key == KEY_CLIENT ? &event->client : &event->server;
    ip_format(ip, ip->bits, text);
    memcpy(out, text, sizeof text);
}

/* In a cell of DNS, packets are messages and bytes are the bad ones. */
static bool passed(const struct dns_rule *rule, const struct cell *cell)
{
    return cell->bytes >= rule->least && cell->bytes * 100 >= cell->packets * rule->share &&
           cell_distinct(cell) >= rule->distinct;
}

static struct dns_open *attach(struct dns_watch *watch, const struct dns_event *event,
                               const struct dns_rule *rule, const struct cell *cell)
{
    char target[DNS_OPEN_NAME_SIZE];
    uint64_t key = hash64(cell->address, sizeof cell->address, cell->bits);
    struct dns_open *open = dns_open_find(watch->list, rule->kind, key);
    if (!open && passed(rule, cell)) {
        target_of(event, rule, target);
        open = dns_open_begin(watch->list, rule->kind, key, target, cell->start_ms, event->now_ms);
        if (open)
            open->end_ms = rule->end_ms;
    }
    if (open) {
        open->counted += cell->packets;
        open->bad += cell->bytes;
    }
    return open;
}

static void note(struct dns_open *open, const struct dns_event *event, const struct dns_rule *rule,
                 const struct cell *cell, bool bad)
{
    if (cell->bytes > open->peak)
        open->peak = cell->bytes;
    if (!bad)
        return;
    open->last_ms = event->now_ms;
    if (cell->bytes * 2 >= rule->least)
        open->loud_ms = event->now_ms;
    top_add(&open->clients, &event->client, 1);
    top_add(&open->servers, &event->server, 1);
    dns_open_name(open, event->message->name.text, event->message->name.size);
}

static void count(struct dns_watch *watch, const struct dns_event *event, const struct dns_rule *rule)
{
    struct cell_key key;
    key_of(event, rule, &key);
    struct cell *cell = cells_get(&watch->cells, &key, event->now_ms);
    if (!cell)
        return;
    bool bad = is_bad(event, rule->bad);
    cell->packets++;
    cell->bytes += bad;
    if (bad)
        cell_see(cell, hash64(event->message->name.text, event->message->name.size, 0));
    struct dns_open *open = cell->open > 0 ? &watch->list->at[cell->open - 1] : NULL;
    /* The place may have been given to another detection since. */
    uint64_t mine = hash64(cell->address, sizeof cell->address, cell->bits);
    if (open && (!open->used || open->key != mine || open->kind != rule->kind))
        open = NULL;
    if (open) {
        open->counted++;
        open->bad += bad;
    } else if (bad && cell->bytes * 2 >= rule->least) {
        open = attach(watch, event, rule, cell);
        cell->open = open ? (uint16_t)(open - watch->list->at + 1) : 0;
    }
    if (open)
        note(open, event, rule, cell, bad);
}

void dns_watch_add(struct dns_watch *watch, const struct dns_event *event)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if ((RULES[i].counted == COUNT_RESPONSES) == event->message->response)
            count(watch, event, &RULES[i]);
}
