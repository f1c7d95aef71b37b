/* Acts: the body becomes a submission, the writer makes it durable, then it is answered. */
#include "http/api_internal.h"

#include "base/civil.h"
#include "desk/answer.h"
#include "domain/pack_set.h"
#include "http/chars.h"
#include "http/etag.h"

#include <string.h>

enum { LOCATION_SIZE = 80, REV_DIGITS_MAX = 15 };

/* In the exchange's arena; the writer has it until done. */
struct act_job {
    struct writer_job job;
    struct submission submission;
    struct api_call *call;
};

/* --- from the request ------------------------------------------------------------------------------- */

/* `happened` is the request's own member; everything else is the act's. */
static enum errc take_happened(json_t *body, int64_t *out_ms, struct err *err)
{
    json_t *value = json_object_get(body, "happened");
    if (!value)
        return ERR_OK;
    const char *text = json_string_value(value);
    if (!text || civil_parse_time(text, out_ms, NULL) < 0)
        return err_field(err, ERR_INVALID, "body.happened",
                         "a time such as 2009-05-19T21:50:00+08:00 is expected, of a day that exists");
    (void)json_object_del(body, "happened");
    return ERR_OK;
}

static enum errc take_key(const struct api_call *call, struct submission *sub, struct err *err)
{
    struct str value = http_request_field(call->exchange->request, "idempotency-key");
    if (!value.p)
        return ERR_OK;
    bool visible = value.n > 0 && value.n <= API_KEY_MAX;
    for (size_t i = 0; visible && i < value.n; i++)
        visible = value.p[i] > ' ' && value.p[i] < 0x7F;
    if (!visible)
        return err_field(err, ERR_INVALID, "idempotency-key", "1 to %d visible characters are expected",
                         API_KEY_MAX);
    sub->key = arena_strndup(&call->exchange->arena, value.p, value.n);
    sub->scope = call->caller.id;
    return ERR_OK;
}

/* What was asked, so that the same key with another request is seen. */
static enum errc hash_request(const struct api_call *call, struct hasher *hasher, struct submission *sub,
                              struct err *err)
{
    const struct http_request *request = call->exchange->request;
    struct str path = http_request_path(request);
    hash_begin(hasher);
    hash_add(hasher, path.p, path.n);
    hash_add(hasher, "", 1);
    hash_add(hasher, request->body.data, request->body.size_bytes);
    return hash_end(hasher, sub->request_hash, err);
}

/* "r3" of "\"r3\""; -1 for anything else. */
static int64_t rev_of(struct str tag)
{
    int64_t rev = 0;
    if (tag.n < 4 || tag.n > 3 + REV_DIGITS_MAX || memcmp(tag.p, "\"r", 2) != 0 || tag.p[tag.n - 1] != '"')
        return -1;
    for (size_t i = 2; i < tag.n - 1; i++) {
        if (tag.p[i] < '0' || tag.p[i] > '9')
            return -1;
        rev = rev * 10 + (tag.p[i] - '0');
    }
    return rev;
}

/* If-Match names the revision that the client saw. A tag that is no revision of ours cannot match, and
 * nothing matches a matter that is yet to be made. */
static enum errc take_condition(const struct api_call *call, struct submission *sub, struct err *err)
{
    struct str value = http_request_field(call->exchange->request, "if-match");
    bool unused;
    sub->expected_rev = -1;
    if (!value.p || (str_eq(value, "*") && sub->subject))
        return ERR_OK;
    sub->expected_rev = rev_of(value);
    if (sub->expected_rev >= 0 && sub->subject)
        return ERR_OK;
    enum errc rc = etag_check(call->exchange->request, NULL, &unused, err);
    return rc < 0 ? rc : err_field(err, ERR_SYNTAX, "if-match", "it must be one tag");
}

static enum errc fill(struct api_call *call, struct api_reader *reader, struct submission *sub,
                      struct err *err)
{
    const struct route *route = call->match.route;
    const char *id = route_param(&call->match, "id");
    bool hangs = streq(route->of, "parent");
    *sub = (struct submission){.kind = route->name,
                               .subject = hangs ? NULL : id,
                               .parent = hangs ? id : NULL,
                               .person = call->caller.person,
                               .post = call->caller.post,
                               .standing = &call->caller.standing};
    enum errc rc = take_condition(call, sub, err);
    if (rc == ERR_OK)
        rc = take_key(call, sub, err);
    if (rc == ERR_OK)
        rc = hash_request(call, reader->hasher, sub, err);
    if (rc == ERR_OK)
        rc = api_body(call, &sub->body, err);
    return rc < 0 ? rc : take_happened(sub->body, &sub->happened_ms, err);
}

/* --- to the answer ---------------------------------------------------------------------------------- */

static json_t *then_json(const struct ruling *ruling)
{
    if (!ruling->then || ruling->then->count == 0)
        return NULL;
    json_t *list = json_array();
    for (uint32_t i = 0; i < ruling->then->count; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s,s:s}", "zh", ruling->then->at[i].zh, "en", ruling->then->at[i].en));
    return json_pack("{s:o}", "then", list);
}

/* A matter that the path names and that is not here is the path's fault. */
static void name_id(const struct api_call *call, struct err *err)
{
    bool above = streq(err->field, "parent") || streq(err->field, "subject");
    if (err->code == ERR_NOT_FOUND && above && route_param(&call->match, "id"))
        (void)snprintf(err->field, sizeof err->field, "id");
}

static void send_made(struct api_call *call, const struct submission *sub)
{
    struct http_exchange *exchange = call->exchange;
    char location[LOCATION_SIZE];
    char version[QUERY_VERSION_SIZE];
    char etag[ETAG_SIZE];
    json_t *doc = answer_write(sub);
    api_answer(call, 201, doc);
    json_decref(doc);
    (void)snprintf(location, sizeof location, "/api/v1/%s/%s", sub->subject ? "acts" : "matters",
                   sub->subject ? sub->act : sub->made);
    http_reply_field(exchange, "Location", location);
    (void)snprintf(version, sizeof version, "r%lld", (long long)sub->rev);
    etag_format(version, etag);
    http_reply_field(exchange, "ETag", etag);
    if (sub->repeated)
        http_reply_field(exchange, "Idempotency-Replayed", "true");
    http_reply_send(exchange);
}

/* The writer's thread: it only forms the answer. */
static void done(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct act_job *act = (struct act_job *)(void *)job;
    struct submission *sub = &act->submission;
    json_decref(sub->body);
    if (rc >= 0) {
        send_made(act->call, sub);
        return;
    }
    struct err named = *err;
    named.code = rc;
    name_id(act->call, &named);
    api_refuse_with(act->call, &named, then_json(&sub->ruling));
}

void api_act(struct api_call *call, struct api_reader *reader)
{
    struct act_job *act = arena_alloc(&call->exchange->arena, sizeof *act);
    struct err err;
    enum errc rc = act ? fill(call, reader, &act->submission, &err)
                       : err_set(&err, ERR_NOMEM, "no memory for the act");
    if (rc == ERR_OK) {
        act->call = call;
        act->job = (struct writer_job){.submission = &act->submission, .done = done};
        rc = writer_put(call->api->parts.writer, &act->job, &err);
    }
    if (rc < 0) {
        if (act)
            json_decref(act->submission.body);
        api_refuse(call, &err);
    }
}
