/* http/api_internal.h — what the files of the API share. Only api*.c include it. */
#ifndef HTTP_API_INTERNAL_H
#define HTTP_API_INTERNAL_H

#include "desk/access.h"
#include "desk/login.h"
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

/* Who asks, and how far they may go. */
struct api_caller {
    const char *id; /* of the token or the session: whose idempotency keys these are */
    const char *person;
    const char *post;
    const struct access_role *role;
    struct standing standing;
    int64_t expires_ms; /* of a token; 0 = never */
    struct seat *seat;  /* NULL for a token */
    const char *secret; /* of the cookie; NULL for a token in the Authorization field */
};

/* A request under way; in the exchange's arena. */
struct api_call {
    struct pool_job job;
    struct api *api;
    struct http_exchange *exchange;
    struct route_match match;
    struct api_caller caller;        /* of the operations that need one */
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
    const struct access_policy *policy;
    atomic_int logins; /* being tried now */
    atomic_uint_fast64_t logins_refused;
    atomic_uint_fast64_t unwritten; /* jobs aside that the writer did not do */
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

/* api_caller.c. Whether the request shows anything by which somebody could be recognised. */
bool caller_shown(const struct http_request *request);
/* ERR_PERMISSION for a change that another site's page asked for. */
MUST_USE enum errc caller_same_site(const struct http_request *request, struct err *err);
/* A wall screen's token, from its address. */
MUST_USE enum errc caller_by_wall(struct api_call *call, struct api_reader *reader, const char *text,
                                  struct err *err);
/* Who it is, and whether the operation is theirs. */
MUST_USE enum errc caller_check(struct api_call *call, struct api_reader *reader, struct err *err);

/* A job for the writer, waited for. */
MUST_USE enum errc api_write(struct api_call *call,
                             enum errc (*work)(void *context, struct desk *desk, struct err *err),
                             void *context, struct err *err);
/* The same for what the answer does not depend on: a failure is counted, not told. */
void api_write_aside(struct api_call *call,
                     enum errc (*work)(void *context, struct desk *desk, struct err *err), void *context);
/* An error about a body: its field gets "body." before it. */
void api_refuse_body(struct api_call *call, struct err *err);

/* api_try.c: a try of a password or a code, counted under its name and address. */
struct api_try {
    struct api_call *call;
    struct login login;
    bool last; /* no free one behind this */
    int64_t wait_ms;
};

/* ERR_TOO_MANY when there were too many. */
MUST_USE enum errc api_try_count(struct api_try *try, struct api_reader *reader, struct err *err);
/* The same with the right to hash, which api_try_hashed gives back; ERR_BUSY when too many hash now. */
MUST_USE enum errc api_try_hashing(struct api_try *try, struct api_reader *reader, struct err *err);
void api_try_hashed(struct api_try *try);
/* It was wrong; or right after all, though something else was not. */
void api_try_failed(struct api_try *try);
void api_try_right(struct api_try *try);
/* Sends the error, with Retry-After where there were too many. */
void api_try_refuse(struct api_try *try, struct err *err);

/* Operations of api_calls.c that live elsewhere: api_session.c, api_people.c. */
void api_session_open(struct api_call *call, struct api_reader *reader);
void api_session_read(struct api_call *call, struct api_reader *reader);
void api_session_close(struct api_call *call, struct api_reader *reader);
void api_session_touch(struct api_call *call, struct api_reader *reader);
void api_session_lock(struct api_call *call, struct api_reader *reader);
void api_session_unlock(struct api_call *call, struct api_reader *reader);
void api_session_confirm(struct api_call *call, struct api_reader *reader);
void api_session_post(struct api_call *call, struct api_reader *reader);
void api_session_password(struct api_call *call, struct api_reader *reader);
void api_totp_seed(struct api_call *call, struct api_reader *reader);
void api_totp_enrol(struct api_call *call, struct api_reader *reader);
void api_session_end(struct api_call *call, struct api_reader *reader);
void api_setup_state(struct api_call *call, struct api_reader *reader);
void api_setup_run(struct api_call *call, struct api_reader *reader);
void api_activate(struct api_call *call, struct api_reader *reader);
void api_user_code(struct api_call *call, struct api_reader *reader);
void api_user_unlock(struct api_call *call, struct api_reader *reader);
void api_events(struct api_call *call, struct api_reader *reader);

void api_feed_open(struct api *api);
MUST_USE enum errc api_hub_open(struct api *api, struct err *err);

#endif
