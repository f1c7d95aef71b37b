#include "http/api_internal.h"

#include "http/chars.h"
#include "http/console.h"
#include "http/etag.h"
#include "http/problem.h"

#include <stdlib.h>
#include <string.h>

/* --- before the body: route, credentials, media type ------------------------------------------------ */

static enum errc unauthorized(struct http_exchange *exchange, enum errc rc)
{
    if (rc == ERR_AUTH)
        http_reply_field(exchange, "WWW-Authenticate", "Bearer realm=\"fengsui\"");
    return rc;
}

/* application/json, perhaps with charset=utf-8; nothing compressed. */
static enum errc check_media(const struct http_request *request, struct err *err)
{
    struct str type = http_request_field(request, "content-type");
    const char *semicolon = type.n > 0 ? memchr(type.p, ';', type.n) : NULL;
    struct str media = {type.p, semicolon ? (size_t)(semicolon - type.p) : type.n};
    struct str parameter = {semicolon, semicolon ? type.n - media.n : 0};
    while (media.n > 0 && media.p[media.n - 1] == ' ')
        media.n--;
    while (parameter.n > 0 && (parameter.p[0] == ';' || parameter.p[0] == ' '))
        parameter = (struct str){parameter.p + 1, parameter.n - 1};
    if (!chars_same(media, "application/json"))
        return err_field(err, ERR_MEDIA, "content-type", "the body must be application/json");
    if (parameter.n > 0 && !chars_same(parameter, "charset=utf-8"))
        return err_field(err, ERR_MEDIA, "content-type", "the body must be in UTF-8");
    if (http_request_field(request, "content-encoding").p)
        return err_field(err, ERR_MEDIA, "content-encoding", "the body must not be compressed");
    return ERR_OK;
}

enum errc api_head(struct api *api, struct http_exchange *exchange, size_t *body_bytes_max, struct err *err)
{
    const struct http_request *request = exchange->request;
    struct api_call *call = arena_alloc(&exchange->arena, sizeof *call);
    if (!call)
        return err_set(err, ERR_NOMEM, "no memory for the request");
    call->api = api;
    call->exchange = exchange;
    enum errc rc = router_match(&API_ROUTES, request, &exchange->arena, &call->match, err);
    if (rc == ERR_METHOD)
        http_reply_field(exchange, "Allow", call->match.allow);
    if (rc == ERR_NOT_FOUND && (call->page = console_find(&CONSOLE, request))) {
        exchange->app = call;
        *body_bytes_max = 0;
        return ERR_OK;
    }
    if (rc < 0)
        return rc;
    const struct route *route = call->match.route;
    if (route->permit != 0 && route->permit != ACCESS_OPEN && !caller_shown(request))
        return unauthorized(exchange, err_set(err, ERR_AUTH, "this operation needs a token or a session"));
    if (route->body_bytes_max > 0)
        rc = check_media(request, err);
    exchange->app = call;
    *body_bytes_max = route->body_bytes_max;
    return rc;
}

/* --- with a store: who asks, and may they ----------------------------------------------------------- */

static void run(struct pool_job *job, void *worker)
{
    static void (*const HANDLERS[])(struct api_call *, struct api_reader *) = {
        [API_ACT] = api_act,
        [API_QUERY] = api_query,
        [API_CALL] = api_call_run,
    };
    struct api_call *call = (struct api_call *)(void *)job;
    struct err err;
    enum errc rc = caller_check(call, worker, &err);
    if (rc < 0) {
        (void)unauthorized(call->exchange, rc);
        api_refuse(call, &err);
    } else {
        HANDLERS[call->match.route->kind](call, worker);
    }
}

static void send_page(struct api_call *call)
{
    struct err err;
    if (console_answer(call->exchange, call->page, &err) < 0)
        http_reply_problem(call->exchange, &err);
    http_reply_send(call->exchange);
}

void api_request(struct api *api, struct http_exchange *exchange)
{
    struct api_call *call = exchange->app;
    struct err err;
    if (call->page) {
        send_page(call);
        return;
    }
    if (call->match.route->permit == 0) {
        api_call_run(call, NULL);
        return;
    }
    call->job.run = run;
    if (pool_put(api->pool, &call->job, &err) < 0)
        api_refuse(call, &err);
}

/* --- answers ---------------------------------------------------------------------------------------- */

void api_refuse(struct api_call *call, const struct err *err)
{
    http_reply_problem(call->exchange, err);
    http_reply_send(call->exchange);
}

void api_refuse_with(struct api_call *call, const struct err *err, json_t *more)
{
    int status = errc_info(err->code)->http_status;
    problem_write(err, status, more, http_reply_body(call->exchange, status, PROBLEM_CONTENT_TYPE));
    json_decref(more);
    http_reply_send(call->exchange);
}

void api_answer(struct api_call *call, int status, const json_t *doc)
{
    struct err err;
    struct buf *body = http_reply_body(call->exchange, status, "application/json");
    if (doc_write(doc, body, &err) < 0)
        http_reply_problem(call->exchange, &err);
}

void api_send_tagged(struct api_call *call, const char *opaque)
{
    struct http_exchange *exchange = call->exchange;
    char etag[ETAG_SIZE];
    struct err err;
    bool not_modified = false;
    etag_format(opaque, etag);
    if (etag_check(exchange->request, etag, &not_modified, &err) < 0) {
        api_refuse(call, &err);
        return;
    }
    if (not_modified)
        http_reply_status(exchange, 304);
    http_reply_field(exchange, "ETag", etag);
    http_reply_send(exchange);
}

enum errc api_hash_tag(struct hasher *hasher, const void *bytes, size_t size_bytes,
                       char out[2 * API_ETAG_HASH_BYTES + 1], struct err *err)
{
    uint8_t hash[HASH_SIZE];
    enum errc rc = hash_once(hasher, bytes, size_bytes, hash, err);
    if (rc == ERR_OK)
        hex_encode(hash, API_ETAG_HASH_BYTES, out);
    return rc;
}

enum errc api_body(struct api_call *call, json_t **out, struct err *err)
{
    const struct buf *body = &call->exchange->request->body;
    enum errc rc = doc_parse_object(body->data, body->size_bytes, out, err);
    if (rc ==
        ERR_LIMIT) /* its size was right: it is nested too deep, which a smaller request would not mend */
        rc = err->code = ERR_INVALID;
    return rc;
}

void api_refuse_body(struct api_call *call, struct err *err)
{
    bool of_body = err->code == ERR_INVALID || err->code == ERR_AUTH || err->code == ERR_CONFLICT;
    if (of_body && err->field[0])
        err_field_prefix(err, "body");
    api_refuse(call, err);
}

enum errc api_write(struct api_call *call, enum errc (*work)(void *, struct desk *, struct err *),
                    void *context, struct err *err)
{
    struct writer_job job = {.run = work, .context = context};
    return writer_wait(call->api->parts.writer, &job, err);
}

void api_write_aside(struct api_call *call, enum errc (*work)(void *, struct desk *, struct err *),
                     void *context)
{
    struct err err;
    if (api_write(call, work, context, &err) < 0)
        atomic_fetch_add(&call->api->unwritten, 1);
}

/* --- lifecycle -------------------------------------------------------------------------------------- */

static enum errc open_reader(struct api *api, size_t index, struct err *err)
{
    struct api_reader *reader = &api->readers[index];
    const struct api_parts *parts = &api->parts;
    reader->api = api;
    reader->query = (struct query_reader){NULL, parts->catalogue, parts->packs, parts->env, parts->papers};
    api->workers[index] = reader;
    enum errc rc = parts->open_reader(parts->context, &reader->query.store, err);
    return rc < 0 ? rc : hasher_new(SUITE_P256_SHA256, &reader->hasher, err);
}

static enum errc open_parts(struct api *api, struct err *err)
{
    size_t count = api->parts.readers;
    enum errc rc = ERR_OK;
    api->readers = calloc(count, sizeof *api->readers);
    api->workers = calloc(count, sizeof *api->workers);
    if (!api->readers || !api->workers)
        return err_set(err, ERR_NOMEM, "no memory for the readers");
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        rc = open_reader(api, i, err);
    if (rc == ERR_OK)
        rc = api_hub_open(api, err);
    if (rc == ERR_OK)
        rc = pool_start(api->workers, count, api->parts.waiting_max, &api->pool, err);
    return rc;
}

enum errc api_open(const struct api_parts *parts, struct api **out, struct err *err)
{
    struct api *api = calloc(1, sizeof *api);
    if (!api)
        return err_set(err, ERR_NOMEM, "no memory for the API");
    api->parts = *parts;
    api->policy = parts->policy ? parts->policy : &ACCESS_POLICY;
    api_feed_open(api);
    enum errc rc = open_parts(api, err);
    if (rc < 0) {
        api_close(api);
        return rc;
    }
    *out = api;
    return ERR_OK;
}

void api_close(struct api *api)
{
    if (!api)
        return;
    pool_stop(api->pool);
    sse_hub_free(api->hub);
    for (size_t i = 0; api->readers && i < api->parts.readers; i++) {
        hasher_free(api->readers[i].hasher);
        if (api->readers[i].query.store)
            api->parts.close_reader(api->parts.context, api->readers[i].query.store);
    }
    free(api->readers);
    free(api->workers);
    free(api);
}

void api_watch(struct api *api, const struct http_server *server)
{
    api->server = server;
}
