/* http/api_internal.h — what the files of the API share. Only api*.c include it. */
#ifndef HTTP_API_INTERNAL_H
#define HTTP_API_INTERNAL_H

#include "desk/access.h"
#include "http/api.h"
#include "http/api_routes.h"
#include "http/pool.h"
#include "http/sse.h"

#include <stdatomic.h>

enum {
    API_ARENA_BYTES = 32 << 20,
    API_ETAG_HASH_BYTES = 16,
    API_KEY_MAX = 128,
    API_ANSWER_BYTES_MAX = 48 << 20
};

/* A reading thread's own. */
struct api_reader {
    struct api *api;
    struct query_reader query;
    struct hasher *hasher;
};

/* A request under way; in the exchange's arena. */
struct api_call {
    struct pool_job job;
    struct api *api;
    struct http_exchange *exchange;
    struct route_match match;
    struct token token;              /* who asks; of the operations that need one */
    const struct console_file *page; /* of the console; then there is no route */
};

/* Tells the live stream what was committed; there is one. */
struct api_feed {
    struct pool_job job;
    struct api *api;
    atomic_int_fast64_t wanted; /* id up to which events are there */
    atomic_bool running;
    int64_t fed; /* only the feeding thread */
};

struct api {
    struct api_parts parts;
    const struct http_server *server;
    struct pool *pool;
    struct sse_hub *hub;
    struct api_reader *readers;
    void **workers;
    struct api_feed feed;
};

/* Sends the error as a problem document. */
void api_refuse(struct api_call *call, const struct err *err);
/* The same with more members; takes more. */
void api_refuse_with(struct api_call *call, const struct err *err, json_t *more);
/* Writes a document as the body. */
void api_answer(struct api_call *call, int status, const json_t *doc);
/* Answers a GET with its tag, or with 304. The body is written already. */
void api_send_tagged(struct api_call *call, const char *opaque);
/* A tag from the bytes themselves. */
MUST_USE enum errc api_hash_tag(struct hasher *hasher, const void *bytes, size_t size_bytes,
                                char out[2 * API_ETAG_HASH_BYTES + 1], struct err *err);
/* The request's body as an object; the caller drops it. */
MUST_USE enum errc api_body(struct api_call *call, json_t **out, struct err *err);

/* One for each kind of operation; each leads to an answer. */
void api_act(struct api_call *call, struct api_reader *reader);
void api_query(struct api_call *call, struct api_reader *reader);
bool api_call_known(const char *name);
void api_call_run(struct api_call *call, struct api_reader *reader); /* reader NULL: in the loop thread */

/* Operations of api_calls.c that live elsewhere. */
void api_events(struct api_call *call, struct api_reader *reader);

void api_feed_open(struct api *api);
MUST_USE enum errc api_hub_open(struct api *api, struct err *err);

#endif
