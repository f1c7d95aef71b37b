/* Questions: one view of the store, answered with a tag by which the asker can see that nothing changed. */
#include "http/api_internal.h"

/* Parameters of the path go before those of the query; no operation has one name in both. */
static const char *param(const void *context, const char *name)
{
    const struct route_match *match = context;
    const char *value = route_param(match, name);
    return value ? value : route_query(match, name);
}

static enum errc ask(struct api_call *call, struct api_reader *reader, struct arena *arena,
                     struct query_told *told, struct err *err)
{
    const struct route *route = call->match.route;
    struct query_ask question = {route->name, route->of, param, &call->match, NULL};
    enum errc rc = route->body_bytes_max > 0 ? api_body(call, &question.body, err) : ERR_OK;
    if (rc == ERR_OK)
        rc = query_run(&reader->query, &question, arena, told, err);
    json_decref(question.body);
    return rc;
}

static void write_file(struct api_call *call, const struct query_told *told)
{
    char disposition[200];
    const char *media = told->media ? told->media : "application/json";
    buf_add(http_reply_body(call->exchange, 200, media), told->bytes, told->size_bytes);
    if (told->file) {
        (void)snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", told->file);
        http_reply_field(call->exchange, "Content-Disposition", disposition);
    }
}

static void write_told(struct api_call *call, const struct query_told *told)
{
    if (told->doc)
        api_answer(call, 200, told->doc);
    else
        write_file(call, told);
}

/* A question with a body is no GET: its answer has no tag. */
static void send(struct api_call *call, struct api_reader *reader, const struct query_told *told)
{
    const struct buf *body = &call->exchange->reply.body;
    char tag[2 * API_ETAG_HASH_BYTES + 1];
    struct err err;
    bool plain = call->match.route->method != HTTP_GET || call->exchange->reply.status != 200;
    if (plain)
        http_reply_send(call->exchange);
    else if (told->version[0])
        api_send_tagged(call, told->version);
    else if (api_hash_tag(reader->hasher, body->data, body->size_bytes, tag, &err) < 0)
        api_refuse(call, &err);
    else
        api_send_tagged(call, tag);
}

void api_query(struct api_call *call, struct api_reader *reader)
{
    struct query_told told = {0};
    struct arena arena;
    struct err err;
    arena_init(&arena, API_ARENA_BYTES);
    if (ask(call, reader, &arena, &told, &err) < 0) {
        api_refuse(call, &err);
    } else {
        write_told(call, &told);
        send(call, reader, &told);
    }
    json_decref(told.doc);
    arena_done(&arena);
}
