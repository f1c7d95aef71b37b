/* http/sse.h — one stream of numbered events, told live to many clients (text/event-stream).
 *
 * Events have growing ids. Every subscriber has a cursor: the last id that was told to it. The newest events
 * are kept in a ring; whoever is further behind (it came back with Last-Event-ID, or reads slowly) is filled
 * from the source, piece by piece, so that a client never costs more than its buffer. One that takes nothing
 * for two heartbeats is closed; it may come back with its Last-Event-ID.
 *
 * Layer    http.
 * Owns     its ring and its subscribers. Free it after the server has been closed.
 * Threads  sse_publish, sse_subscribe, sse_fetch_add and sse_fetch_done: any; the rest in the loop thread.
 * Errors   ERR_BUSY over the limit of subscribers, ERR_INVALID for a bad Last-Event-ID, ERR_CONFLICT for one
 *          that lies in the future, ERR_NOMEM.
 * Tests    tests/unit/http/test_sse.c
 */
#ifndef HTTP_SSE_H
#define HTTP_SSE_H

#include "http/exchange.h"

struct event_base;
struct sse_hub;
struct sse_fetch;

struct sse_event {
    int64_t id;
    const char *kind; /* the event's name; a word */
    const char *data; /* one line of text, JSON as a rule */
};

struct sse_config {
    size_t subscribers_max;
    size_t ring_events_max;
    size_t buffer_bytes_max; /* of one subscriber */
    size_t fetch_events_max; /* asked for at one time */
    int64_t heartbeat_ms;
    int64_t newest; /* id of the newest event there is, 0 when there is none */
    void *context;
    /* Asks for events after an id, oldest first, at most count. Called in the loop thread; answered there or
     * in another thread, at once or later, by sse_fetch_add for each and sse_fetch_done. */
    void (*fetch)(void *context, struct sse_fetch *fetch, int64_t after, size_t count);
};

/* What one subscriber wants to see. */
struct sse_filter {
    void *context;
    bool (*wants)(void *context, const struct sse_event *event); /* NULL = everything */
    void (*release)(void *context);                              /* may be NULL */
};

MUST_USE enum errc sse_hub_new(struct event_base *base, const struct sse_config *config, struct sse_hub **out,
                               struct err *err);
void sse_hub_free(struct sse_hub *hub);

/* An event that has happened. Ids must grow; one that does not is dropped as a repetition. */
MUST_USE enum errc sse_publish(struct sse_hub *hub, const struct sse_event *event, struct err *err);

/* Makes the exchange a subscriber and sends its head. It starts behind its Last-Event-ID, else behind the
 * newest event. After an error the exchange is still the caller's, and the filter is released. */
MUST_USE enum errc sse_subscribe(struct sse_hub *hub, struct http_exchange *exchange,
                                 const struct sse_filter *filter, struct err *err);

void sse_fetch_add(struct sse_fetch *fetch, const struct sse_event *event);
/* Every event up to `through` has been added or does not exist; ok false: it could not be found out. */
void sse_fetch_done(struct sse_fetch *fetch, int64_t through, bool ok);

size_t sse_subscribers(const struct sse_hub *hub);
/* Subscribers that were closed because they took nothing. */
uint64_t sse_dropped(const struct sse_hub *hub);

#endif
