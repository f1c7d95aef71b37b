/* http/api.h — the API of a node: every operation of api/openapi.yaml, answered.
 *
 *   loop thread   route, is there a token, media type ──► public operations are answered here
 *        │ queue (bounded, else 503)
 *        ▼
 *   reader        who has the token, what may it ──► queries: one view of the store ──► answer
 *        │ acts                                      live streams: subscribed
 *        ▼
 *   writer        one transaction with all that waits ──► answer after it is on the disk
 *
 * Layer    http.
 * Owns     reader threads with their stores, and the hub of the live stream.
 * Threads  api_head, api_request, api_committed: the loop thread. The rest: whoever opens and closes.
 * Errors   opening: ERR_NOMEM, ERR_IO, those of open_reader. Later they are answers.
 * Tests    tests/unit/http/test_api.c, tests/e2e
 */
#ifndef HTTP_API_H
#define HTTP_API_H

#include "desk/query.h"
#include "desk/writer.h"
#include "http/server.h"

struct access_policy;
struct api;
struct papers;

struct api_parts {
    struct event_base *base;
    const struct env *env;
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    const struct papers *papers; /* NULL: no documents */
    struct writer *writer;
    size_t readers;     /* threads; each opens a store of its own */
    size_t waiting_max; /* requests before the readers */
    size_t streams_max; /* live streams */
    int64_t heartbeat_ms;
    int64_t last_pos; /* of the ledger now; -1 = it is empty */
    void *context;    /* for what follows */
    MUST_USE enum errc (*open_reader)(void *context, struct store **out, struct err *err);
    void (*close_reader)(void *context, struct store *store);
    bool (*ready)(void *context);
    const struct access_policy *policy; /* NULL: the usual one (desk/policy.h) */
    /* More lines of Prometheus text; may be NULL. */
    void (*metrics)(void *context, struct buf *out);
    /* What only the program around the API can do: "offer_enrolment", "make_backup", "set_demo". *out is a
     * new reference. A reading thread asks, and may be kept waiting. NULL: this program offers none of it. */
    MUST_USE enum errc (*program)(void *context, const char *what, json_t *body, json_t **out,
                                  struct err *err);
};

MUST_USE enum errc api_open(const struct api_parts *parts, struct api **out, struct err *err);
/* After the server was closed, and while the writer still is there or after it has stopped. Takes NULL. */
void api_close(struct api *api);

/* The server whose counters /metrics shows; once, before requests come. */
void api_watch(struct api *api, const struct http_server *server);

/* The two halves of struct http_application. */
MUST_USE enum errc api_head(struct api *api, struct http_exchange *exchange, size_t *body_bytes_max,
                            struct err *err);
void api_request(struct api *api, struct http_exchange *exchange);

/* Acts up to last_pos are on the disk: the live stream goes on. */
void api_committed(struct api *api, int64_t last_pos);

#endif
