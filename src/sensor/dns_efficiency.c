#include "sensor/dns_efficiency.h"

#include "intel/hash64.h"

#include <stdlib.h>
#include <string.h>

/* What is worse than usual, and how much of it has to be there to be judged. */
static const struct {
    uint64_t asked_min;    /* questions in a window */
    unsigned windows_min;  /* learnt before anything is judged */
    double answered_usual; /* a share of answers that is usual at least, for their lack to mean something */
    double answered_less;  /* of what is usual */
    double failed_more;    /* share over what is usual */
    double wait_factor;
    double wait_least_ms;
    unsigned in_a_row;
    int64_t end_ms;
    double weight; /* of a window in what is usual */
} LIMIT = {100, 6, 0.5, 0.85, 0.2, 5, 200, 2, 30000, 1.0 / 16};

static const char KIND[] = "dns-efficiency";

enum errc dns_efficiency_init(struct dns_efficiency *efficiency, struct dns_open_list *list, struct err *err)
{
    efficiency->list = list;
    efficiency->tlds = calloc(EFFICIENCY_TLDS, sizeof *efficiency->tlds);
    efficiency->waiting = calloc(EFFICIENCY_WAITING, sizeof *efficiency->waiting);
    if (efficiency->tlds && efficiency->waiting)
        return ERR_OK;
    dns_efficiency_done(efficiency);
    return err_set(err, ERR_NOMEM, "no memory to watch answers");
}

void dns_efficiency_done(struct dns_efficiency *efficiency)
{
    free(efficiency->tlds);
    free(efficiency->waiting);
    efficiency->tlds = NULL;
    efficiency->waiting = NULL;
}

/* Its place, taken when it is new; an attack with random ones finds the table full, which is no loss. */
static struct dns_tld *find_tld(struct dns_efficiency *efficiency, struct str name)
{
    if (name.n == 0 || name.n >= TLD_SIZE)
        return NULL;
    size_t at = (size_t)(hash64(name.p, name.n, 0) % EFFICIENCY_TLDS);
    for (size_t i = 0; i < 16; i++) {
        struct dns_tld *tld = &efficiency->tlds[(at + i) % EFFICIENCY_TLDS];
        if (str_eq(name, tld->name))
            return tld;
        if (tld->name[0] == '\0') {
            memcpy(tld->name, name.p, name.n);
            return tld;
        }
    }
    return NULL;
}

static const char *worse_by(const struct dns_tld *tld)
{
    double asked = (double)tld->asked;
    double answered = (double)tld->answered / asked;
    double failed = (double)tld->failed / asked;
    double wait = tld->answered > 0 ? (double)tld->waited_ms / (double)tld->answered : 0;
    if (tld->windows < LIMIT.windows_min)
        return NULL;
    if (tld->usual_answered >= LIMIT.answered_usual && answered < tld->usual_answered * LIMIT.answered_less)
        return "unanswered";
    if (failed > tld->usual_failed + LIMIT.failed_more)
        return "failing";
    if (wait > LIMIT.wait_least_ms && wait > tld->usual_wait_ms * LIMIT.wait_factor)
        return "slow";
    return NULL;
}

static void learn(struct dns_tld *tld)
{
    double weight = tld->windows == 0 ? 1 : LIMIT.weight;
    double asked = (double)tld->asked;
    tld->usual_asked += (asked - tld->usual_asked) * weight;
    tld->usual_answered += ((double)tld->answered / asked - tld->usual_answered) * weight;
    tld->usual_failed += ((double)tld->failed / asked - tld->usual_failed) * weight;
    if (tld->answered > 0)
        tld->usual_wait_ms += ((double)tld->waited_ms / (double)tld->answered - tld->usual_wait_ms) * weight;
    tld->windows++;
}

static void tell(struct dns_efficiency *efficiency, const struct dns_tld *tld, const char *reason,
                 int64_t now_ms)
{
    uint64_t key = hash64(tld->name, strlen(tld->name), 0);
    struct dns_open *open = dns_open_find(efficiency->list, KIND, key);
    if (!open)
        open = dns_open_begin(efficiency->list, KIND, key, tld->name,
                              tld->start_ms - (int64_t)(LIMIT.in_a_row - 1) * EFFICIENCY_WINDOW_MS, now_ms);
    if (!open)
        return;
    uint64_t bad = tld->asked - (tld->answered < tld->asked ? tld->answered : tld->asked) + tld->failed;
    open->reason = reason;
    open->end_ms = LIMIT.end_ms;
    open->counted += tld->asked;
    open->bad += bad;
    open->peak = bad > open->peak ? bad : open->peak;
    open->last_ms = tld->start_ms + EFFICIENCY_WINDOW_MS;
    open->loud_ms = now_ms;
}

/* The window is over: judged, or learnt from. */
static void judge(struct dns_efficiency *efficiency, struct dns_tld *tld, int64_t now_ms)
{
    if (tld->asked >= LIMIT.asked_min) {
        const char *reason = worse_by(tld);
        tld->worse = reason ? tld->worse + 1 : 0;
        if (!reason)
            learn(tld);
        else if (tld->worse >= LIMIT.in_a_row)
            tell(efficiency, tld, reason, now_ms);
    }
    tld->asked = tld->answered = tld->failed = tld->waited_ms = 0;
    tld->start_ms = now_ms / EFFICIENCY_WINDOW_MS * EFFICIENCY_WINDOW_MS;
}

void dns_efficiency_tick(struct dns_efficiency *efficiency, int64_t now_ms)
{
    for (size_t i = 0; i < EFFICIENCY_TLDS; i++) {
        struct dns_tld *tld = &efficiency->tlds[i];
        if (tld->name[0] && now_ms - tld->start_ms >= EFFICIENCY_WINDOW_MS)
            judge(efficiency, tld, now_ms);
    }
}

static uint64_t key_of(const struct dns_event *event)
{
    uint64_t client = hash64(event->client.bytes, 16, event->client_port);
    uint64_t server = hash64(event->server.bytes, 16, event->message->id);
    return hash64(event->message->name.text, event->message->name.size,
                  hash64_mix(client ^ HASH64_K1, server)) |
           1;
}

void dns_efficiency_add(struct dns_efficiency *efficiency, const struct dns_event *event)
{
    uint64_t key = key_of(event);
    struct dns_waiting *waiting = &efficiency->waiting[key % EFFICIENCY_WAITING];
    if (!event->message->response) {
        struct dns_tld *tld = find_tld(efficiency, event->zone.tld);
        if (!tld)
            return;
        if (event->now_ms - tld->start_ms >= EFFICIENCY_WINDOW_MS)
            judge(efficiency, tld, event->now_ms);
        tld->asked++;
        *waiting = (struct dns_waiting){key, event->now_ms, (uint16_t)(tld - efficiency->tlds)};
        return;
    }
    if (waiting->key != key)
        return;
    struct dns_tld *tld = &efficiency->tlds[waiting->tld];
    int64_t waited = event->now_ms - waiting->asked_ms;
    tld->answered++;
    tld->failed += event->message->rcode == DNS_SERVFAIL || event->message->rcode == DNS_REFUSED;
    tld->waited_ms += waited > 0 ? (uint64_t)waited : 0;
    waiting->key = 0;
}
