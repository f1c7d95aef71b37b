/* The live stream: what was committed is told to whoever listens; who comes back is filled from the store. */
#include "http/api_internal.h"

#include <stdlib.h>
#include <string.h>

enum { RING_EVENTS_MAX = 4096, BUFFER_BYTES_MAX = 256 << 10, FEED_EVENTS = 256, KINDS_MAX = 16 };

/* --- feeding -------------------------------------------------------------------------------------- */

/* Events must be told without a gap: after the first that cannot be, none is, until the next commit. */
struct telling {
    struct sse_hub *hub;
    int64_t told; /* id */
    bool failed;
};

static void publish(void *context, const struct query_event *event)
{
    struct telling *telling = context;
    const struct sse_event told = {event->id, event->kind, event->data};
    struct err err;
    if (telling->failed || sse_publish(telling->hub, &told, &err) < 0)
        telling->failed = true;
    else
        telling->told = event->id;
}

/* Tells all that is there; false when that cannot be done now. */
static bool catch_up(struct api_feed *this, struct api_reader *reader)
{
    struct err err;
    while (this->fed < atomic_load(&this->wanted)) {
        struct telling telling = {this->api->hub, this->fed, false};
        int64_t through = this->fed;
        enum errc rc = query_events(&reader->query, this->fed, FEED_EVENTS, publish, &telling, &through,
                                    &err);
        bool moved = telling.told > this->fed;
        this->fed = telling.told;
        if (rc < 0 || telling.failed || !moved)
            return false;
    }
    return true;
}

/* Asked again while it ends, it goes round once more. */
static void feed(struct pool_job *job, void *worker)
{
    struct api_feed *this = (struct api_feed *)(void *)job;
    bool going = true;
    int64_t reached;
    do {
        going = catch_up(this, worker);
        reached = this->fed;
        atomic_store(&this->running, false); /* from here on another thread may have it */
    } while (going && reached < atomic_load(&this->wanted) && !atomic_exchange(&this->running, true));
}

void api_feed_open(struct api *api)
{
    api->feed.job.run = feed;
    api->feed.api = api;
    api->feed.fed = api->parts.last_pos + 1;
    atomic_init(&api->feed.wanted, api->feed.fed);
}

void api_committed(struct api *api, int64_t last_pos)
{
    struct api_feed *this = &api->feed;
    if (last_pos + 1 <= atomic_load(&this->wanted))
        return;
    atomic_store(&this->wanted, last_pos + 1);
    if (!atomic_exchange(&this->running, true))
        pool_put_own(api->pool, &this->job);
}

/* --- filling whoever is behind -------------------------------------------------------------------- */

struct fill {
    struct pool_job job;
    struct sse_fetch *fetch;
    int64_t after;
    size_t count;
};

static void add(void *context, const struct query_event *event)
{
    const struct sse_event told = {event->id, event->kind, event->data};
    sse_fetch_add(context, &told);
}

static void run_fill(struct pool_job *job, void *worker)
{
    struct fill *fill = (struct fill *)(void *)job;
    struct api_reader *reader = worker;
    struct err err;
    int64_t through = fill->after;
    enum errc rc = query_events(&reader->query, fill->after, fill->count, add, fill->fetch, &through, &err);
    sse_fetch_done(fill->fetch, through, rc == ERR_OK);
    free(fill);
}

static void fetch(void *context, struct sse_fetch *fetch, int64_t after, size_t count)
{
    struct api *api = context;
    struct fill *fill = calloc(1, sizeof *fill);
    if (!fill) {
        sse_fetch_done(fetch, after, false);
        return;
    }
    *fill = (struct fill){{run_fill, NULL}, fetch, after, count};
    pool_put_own(api->pool, &fill->job); /* one for a subscriber, whose number is limited */
}

enum errc api_hub_open(struct api *api, struct err *err)
{
    const struct sse_config config = {.subscribers_max = api->parts.streams_max,
                                      .ring_events_max = RING_EVENTS_MAX,
                                      .buffer_bytes_max = BUFFER_BYTES_MAX,
                                      .fetch_events_max = FEED_EVENTS,
                                      .heartbeat_ms = api->parts.heartbeat_ms,
                                      .newest = api->parts.last_pos + 1,
                                      .context = api,
                                      .fetch = fetch};
    return sse_hub_new(api->parts.base, &config, &api->hub, err);
}

/* --- subscribing ---------------------------------------------------------------------------------- */

/* What one listener asked for: kinds (whole, or "incident." for all that begin so) and a root. */
struct wish {
    char *root;
    char *kinds; /* comma-separated */
};

static bool wants_kind(const char *kinds, const char *kind)
{
    while (kinds) {
        const char *comma = strchr(kinds, ',');
        size_t n = comma ? (size_t)(comma - kinds) : strlen(kinds);
        bool whole = strlen(kind) == n;
        if (n > 0 && strncmp(kinds, kind, n) == 0 && (whole || kinds[n - 1] == '.'))
            return true;
        kinds = comma ? comma + 1 : NULL;
    }
    return false;
}

/* The root stands in the event's data, which this program wrote: {"root":"<id>"} cannot be said otherwise. */
static bool wants(void *context, const struct sse_event *event)
{
    const struct wish *wish = context;
    char root[80];
    if (wish->kinds && !wants_kind(wish->kinds, event->kind))
        return false;
    if (!wish->root)
        return true;
    (void)snprintf(root, sizeof root, "\"root\":\"%.40s\"", wish->root);
    return strstr(event->data, root) != NULL;
}

static void forget(void *context)
{
    struct wish *wish = context;
    free(wish->root);
    free(wish->kinds);
    free(wish);
}

static struct wish *wish_new(const struct route_match *match)
{
    const char *root = route_query(match, "root");
    const char *kinds = route_query(match, "kind");
    struct wish *wish = calloc(1, sizeof *wish);
    if (!wish)
        return NULL;
    wish->root = root ? strdup(root) : NULL;
    wish->kinds = kinds ? strdup(kinds) : NULL;
    if ((root && !wish->root) || (kinds && !wish->kinds)) {
        forget(wish);
        return NULL;
    }
    return wish;
}

static enum errc check(const struct route_match *match, struct err *err)
{
    const char *root = route_query(match, "root");
    const char *kinds = route_query(match, "kind");
    size_t count = 1;
    for (const char *c = kinds ? kinds : ""; *c; c++)
        count += *c == ',';
    if (root && !uuid_valid(root))
        return err_field(err, ERR_INVALID, "query.root", "the id of a matter is expected");
    if (kinds && (*kinds == '\0' || count > KINDS_MAX))
        return err_field(err, ERR_INVALID, "query.kind", "1 to %d kinds of acts are expected",
                         (int)KINDS_MAX);
    return ERR_OK;
}

void api_events(struct api_call *call, struct api_reader *reader)
{
    struct err err;
    enum errc rc = check(&call->match, &err);
    (void)reader;
    struct wish *wish = rc == ERR_OK ? wish_new(&call->match) : NULL;
    if (rc == ERR_OK && !wish)
        rc = err_set(&err, ERR_NOMEM, "no memory for a live stream");
    const struct sse_filter filter = {wish, wants, forget};
    if (rc == ERR_OK)
        rc = sse_subscribe(call->api->hub, call->exchange, &filter, &err);
    if (rc < 0)
        api_refuse(call, &err);
}
