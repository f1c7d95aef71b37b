#include "http/sse.h"

#include "http/mailbox.h"
#include "http/stream.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <string.h>

enum { FETCH_BYTES_MAX = 4 << 20, STALLED_BEATS_MAX = 2, ID_DIGITS_MAX = 18 };

static const char GREETING[] = "retry: 2000\n\n";
static const char HEARTBEAT[] = ":\n\n";

/* An event as it is sent. The ring holds one reference and every buffer that it is waiting in another one;
 * only the loop thread counts. */
struct frame {
    struct letter letter; /* from sse_publish to the loop */
    struct sse_hub *hub;
    struct frame *younger; /* neighbours in the ring */
    struct frame *older;
    int references;
    int64_t id;
    size_t kind_at; /* of kind and data in bytes, each NUL-terminated */
    size_t data_at;
    size_t size_bytes; /* of what is sent, from bytes[0] */
    char bytes[];
};

struct subscriber {
    struct sse_hub *hub;
    struct subscriber *next;
    struct subscriber *previous;
    struct http_stream *stream; /* NULL until it is open */
    struct sse_filter filter;
    struct sse_fetch *fetch; /* the one that is under way */
    int64_t cursor;
    uint64_t added_bytes;
    uint64_t left_bytes; /* of those, at the last heartbeat */
    int stalled_beats;
};

struct sse_fetch {
    struct letter letter;
    struct sse_hub *hub;
    struct subscriber *subscriber; /* NULL when it has gone */
    struct buf bytes;
    struct sse_filter filter;
    int64_t through;
    bool ok;
};

struct sse_hub {
    struct sse_config config;
    struct mailbox *mailbox;
    struct event *heartbeat;
    struct frame *oldest;
    struct frame *newest;
    size_t ring_events;
    int64_t ring_after; /* the ring holds every event behind this id */
    struct subscriber *subscribers;
    atomic_int_fast64_t newest_id;
    atomic_size_t count;
    atomic_uint_fast64_t dropped;
};

static void pump(struct subscriber *subscriber);

/* --- frames --------------------------------------------------------------------------------------- */

static void release(struct frame *frame)
{
    if (--frame->references == 0)
        free(frame);
}

static void release_sent(const void *bytes, size_t size_bytes, void *context)
{
    (void)bytes;
    (void)size_bytes;
    release(context);
}

/* A line break would let the data write fields of its own. */
static bool one_line(const char *text)
{
    return strpbrk(text, "\r\n") == NULL;
}

static void write_event(const struct sse_event *event, struct buf *out)
{
    buf_addf(out, "id: %lld\nevent: %s\ndata: %s\n\n", (long long)event->id, event->kind, event->data);
}

static struct frame *frame_new(struct sse_hub *hub, const struct sse_event *event)
{
    size_t kind_bytes = strlen(event->kind) + 1;
    size_t data_bytes = strlen(event->data) + 1;
    struct frame *frame = NULL;
    struct buf text;
    buf_init(&text, FETCH_BYTES_MAX);
    write_event(event, &text);
    if (!text.failed)
        frame = malloc(sizeof *frame + text.size_bytes + kind_bytes + data_bytes);
    if (frame) {
        *frame = (struct frame){.hub = hub, .references = 1, .id = event->id, .size_bytes = text.size_bytes};
        frame->kind_at = text.size_bytes;
        frame->data_at = text.size_bytes + kind_bytes;
        memcpy(frame->bytes, text.data, text.size_bytes);
        memcpy(frame->bytes + frame->kind_at, event->kind, kind_bytes);
        memcpy(frame->bytes + frame->data_at, event->data, data_bytes);
    }
    buf_done(&text);
    return frame;
}

static void drop_oldest(struct sse_hub *hub)
{
    struct frame *frame = hub->oldest;
    hub->oldest = frame->younger;
    if (hub->oldest)
        hub->oldest->older = NULL;
    else
        hub->newest = NULL;
    hub->ring_after = frame->id;
    hub->ring_events--;
    release(frame);
}

static void frame_arrived(struct letter *letter)
{
    struct frame *frame = (struct frame *)(void *)letter;
    struct sse_hub *hub = frame->hub;
    if (frame->id <= atomic_load(&hub->newest_id)) {
        release(frame);
        return;
    }
    atomic_store(&hub->newest_id, frame->id);
    frame->older = hub->newest;
    if (hub->newest)
        hub->newest->younger = frame;
    else
        hub->oldest = frame;
    hub->newest = frame;
    if (++hub->ring_events > hub->config.ring_events_max)
        drop_oldest(hub);
    for (struct subscriber *subscriber = hub->subscribers, *next; subscriber; subscriber = next) {
        next = subscriber->next;
        pump(subscriber);
    }
}

enum errc sse_publish(struct sse_hub *hub, const struct sse_event *event, struct err *err)
{
    if (!one_line(event->kind) || !one_line(event->data))
        return err_set(err, ERR_INVALID, "an event is one line of text");
    struct frame *frame = frame_new(hub, event);
    if (!frame)
        return err_set(err, ERR_NOMEM, "no memory for an event");
    frame->letter.open = frame_arrived;
    mailbox_post(hub->mailbox, &frame->letter);
    return ERR_OK;
}

/* --- telling -------------------------------------------------------------------------------------- */

static void add(struct subscriber *subscriber, const void *bytes, size_t size_bytes,
                http_release_fn *release_bytes, void *context)
{
    subscriber->added_bytes += size_bytes;
    http_stream_add(subscriber->stream, bytes, size_bytes, release_bytes, context);
}

static bool wants(const struct sse_filter *filter, const struct sse_event *event)
{
    return !filter->wants || filter->wants(filter->context, event);
}

static void tell(struct subscriber *subscriber, struct frame *frame)
{
    const struct sse_event event = {frame->id, frame->bytes + frame->kind_at, frame->bytes + frame->data_at};
    subscriber->cursor = frame->id;
    if (!wants(&subscriber->filter, &event))
        return;
    frame->references++;
    add(subscriber, frame->bytes, frame->size_bytes, release_sent, frame);
}

static void start_fetch(struct subscriber *subscriber)
{
    struct sse_hub *hub = subscriber->hub;
    struct sse_fetch *fetch = calloc(1, sizeof *fetch);
    if (!fetch) {
        http_stream_close(subscriber->stream);
        return;
    }
    fetch->hub = hub;
    fetch->subscriber = subscriber;
    fetch->filter = subscriber->filter;
    buf_init(&fetch->bytes, FETCH_BYTES_MAX);
    subscriber->fetch = fetch;
    hub->config.fetch(hub->config.context, fetch, subscriber->cursor, hub->config.fetch_events_max);
}

/* Tells what the subscriber has not heard, as far as its buffer reaches. */
static void pump(struct subscriber *subscriber)
{
    struct sse_hub *hub = subscriber->hub;
    if (!subscriber->stream || subscriber->fetch || subscriber->cursor >= atomic_load(&hub->newest_id) ||
        http_stream_waiting_bytes(subscriber->stream) >= hub->config.buffer_bytes_max)
        return;
    if (subscriber->cursor < hub->ring_after) {
        start_fetch(subscriber);
        return;
    }
    struct frame *frame = hub->newest;
    while (frame && frame->older && frame->older->id > subscriber->cursor)
        frame = frame->older;
    for (; frame; frame = frame->younger) {
        if (http_stream_waiting_bytes(subscriber->stream) >= hub->config.buffer_bytes_max)
            return;
        tell(subscriber, frame);
    }
}

static void free_bytes(const void *bytes, size_t size_bytes, void *context)
{
    (void)bytes;
    (void)size_bytes;
    free(context);
}

static void fetch_free(struct sse_fetch *fetch)
{
    if (fetch->filter.release && !fetch->subscriber)
        fetch->filter.release(fetch->filter.context);
    buf_done(&fetch->bytes);
    free(fetch);
}

static void fetch_arrived(struct letter *letter)
{
    struct sse_fetch *fetch = (struct sse_fetch *)(void *)letter;
    struct subscriber *subscriber = fetch->subscriber;
    if (!subscriber) {
        fetch_free(fetch);
        return;
    }
    subscriber->fetch = NULL;
    /* Without progress the same question would be asked for ever. */
    if (!fetch->ok || fetch->bytes.failed || fetch->through <= subscriber->cursor) {
        fetch_free(fetch);
        http_stream_close(subscriber->stream);
        return;
    }
    subscriber->cursor = fetch->through;
    if (fetch->bytes.size_bytes > 0) {
        add(subscriber, fetch->bytes.data, fetch->bytes.size_bytes, free_bytes, fetch->bytes.data);
        fetch->bytes = (struct buf){0};
    }
    fetch_free(fetch);
    pump(subscriber);
}

void sse_fetch_add(struct sse_fetch *fetch, const struct sse_event *event)
{
    if (!one_line(event->kind) || !one_line(event->data))
        fetch->bytes.failed = true;
    else if (wants(&fetch->filter, event))
        write_event(event, &fetch->bytes);
}

void sse_fetch_done(struct sse_fetch *fetch, int64_t through, bool ok)
{
    fetch->through = through;
    fetch->ok = ok;
    fetch->letter.open = fetch_arrived;
    mailbox_post(fetch->hub->mailbox, &fetch->letter);
}

/* --- subscribers ---------------------------------------------------------------------------------- */

static void opened(void *context, struct http_stream *stream)
{
    struct subscriber *subscriber = context;
    struct sse_hub *hub = subscriber->hub;
    subscriber->stream = stream;
    subscriber->next = hub->subscribers;
    if (subscriber->next)
        subscriber->next->previous = subscriber;
    hub->subscribers = subscriber;
    add(subscriber, GREETING, sizeof GREETING - 1, NULL, NULL);
    pump(subscriber);
}

static void drained(void *context)
{
    pump(context);
}

static void closed(void *context)
{
    struct subscriber *subscriber = context;
    struct sse_hub *hub = subscriber->hub;
    if (subscriber->previous)
        subscriber->previous->next = subscriber->next;
    else if (subscriber->stream)
        hub->subscribers = subscriber->next;
    if (subscriber->next)
        subscriber->next->previous = subscriber->previous;
    if (subscriber->fetch)
        subscriber->fetch->subscriber = NULL; /* it uses the filter still, and releases it */
    else if (subscriber->filter.release)
        subscriber->filter.release(subscriber->filter.context);
    atomic_fetch_sub(&hub->count, 1);
    free(subscriber);
}

static const struct http_stream_handler STREAM_HANDLER = {opened, drained, closed};

static void on_heartbeat(evutil_socket_t unused, short what, void *context)
{
    struct sse_hub *hub = context;
    (void)unused;
    (void)what;
    for (struct subscriber *subscriber = hub->subscribers, *next; subscriber; subscriber = next) {
        next = subscriber->next;
        size_t waiting = http_stream_waiting_bytes(subscriber->stream);
        uint64_t left = subscriber->added_bytes - waiting;
        bool stalled = waiting > 0 && left == subscriber->left_bytes;
        subscriber->stalled_beats = stalled ? subscriber->stalled_beats + 1 : 0;
        subscriber->left_bytes = left;
        if (subscriber->stalled_beats >= STALLED_BEATS_MAX) {
            atomic_fetch_add(&hub->dropped, 1);
            http_stream_close(subscriber->stream);
        } else if (waiting == 0) {
            add(subscriber, HEARTBEAT, sizeof HEARTBEAT - 1, NULL, NULL);
        }
    }
}

/* Where to start. Without the field: behind the newest. */
static enum errc read_last_id(const struct sse_hub *hub, const struct http_request *request, int64_t *out,
                              struct err *err)
{
    int64_t newest = atomic_load(&hub->newest_id);
    struct str value = http_request_field(request, "last-event-id");
    int64_t id = 0;
    if (!value.p || value.n == 0) {
        *out = newest;
        return ERR_OK;
    }
    for (size_t i = 0; i < value.n; i++) {
        if (value.n > ID_DIGITS_MAX || value.p[i] < '0' || value.p[i] > '9')
            return err_field(err, ERR_INVALID, "last-event-id",
                             "it must be the id of an event: a whole number");
        id = id * 10 + (value.p[i] - '0');
    }
    if (id > newest)
        return err_field(err, ERR_CONFLICT, "last-event-id",
                         "no event has this id yet, so it is from another history: read the state anew, then "
                         "listen without this field");
    *out = id;
    return ERR_OK;
}

static enum errc admit(struct sse_hub *hub, struct http_exchange *exchange, int64_t *out_after,
                       struct err *err)
{
    enum errc rc = read_last_id(hub, exchange->request, out_after, err);
    if (rc == ERR_OK && atomic_fetch_add(&hub->count, 1) >= hub->config.subscribers_max) {
        atomic_fetch_sub(&hub->count, 1);
        rc = err_set(err, ERR_BUSY, "there are %zu live streams, and no more are served",
                     hub->config.subscribers_max);
    }
    return rc;
}

enum errc sse_subscribe(struct sse_hub *hub, struct http_exchange *exchange, const struct sse_filter *filter,
                        struct err *err)
{
    static const struct sse_filter EVERYTHING = {NULL, NULL, NULL};
    const struct sse_filter *chosen = filter ? filter : &EVERYTHING;
    int64_t after = 0;
    enum errc rc = admit(hub, exchange, &after, err);
    struct subscriber *subscriber = rc == ERR_OK ? calloc(1, sizeof *subscriber) : NULL;
    if (!subscriber) {
        if (rc == ERR_OK) {
            atomic_fetch_sub(&hub->count, 1);
            rc = err_set(err, ERR_NOMEM, "no memory for a live stream");
        }
        if (chosen->release)
            chosen->release(chosen->context);
        return rc;
    }
    subscriber->hub = hub;
    subscriber->filter = *chosen;
    subscriber->cursor = after;
    http_reply_stream(exchange, 200, "text/event-stream", &STREAM_HANDLER, subscriber);
    http_reply_send(exchange);
    return ERR_OK;
}

/* --- lifecycle ------------------------------------------------------------------------------------ */

enum errc sse_hub_new(struct event_base *base, const struct sse_config *config, struct sse_hub **out,
                      struct err *err)
{
    struct sse_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return err_set(err, ERR_NOMEM, "no memory for live streams");
    struct timeval beat = {config->heartbeat_ms / 1000, (config->heartbeat_ms % 1000) * 1000};
    hub->config = *config;
    hub->ring_after = config->newest;
    atomic_init(&hub->newest_id, config->newest);
    hub->heartbeat = event_new(base, -1, EV_PERSIST, on_heartbeat, hub);
    enum errc rc = hub->heartbeat && event_add(hub->heartbeat, &beat) == 0
                       ? ERR_OK
                       : err_set(err, ERR_NOMEM, "no memory for live streams");
    if (rc == ERR_OK)
        rc = mailbox_new(base, &hub->mailbox, err);
    if (rc < 0) {
        sse_hub_free(hub);
        return rc;
    }
    *out = hub;
    return ERR_OK;
}

void sse_hub_free(struct sse_hub *hub)
{
    if (!hub)
        return;
    mailbox_free(hub->mailbox);
    while (hub->oldest)
        drop_oldest(hub);
    if (hub->heartbeat)
        event_free(hub->heartbeat);
    free(hub);
}

size_t sse_subscribers(const struct sse_hub *hub)
{
    return atomic_load(&hub->count);
}

uint64_t sse_dropped(const struct sse_hub *hub)
{
    return atomic_load(&hub->dropped);
}
