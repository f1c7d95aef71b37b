/* Operations of their own: health, figures, the contract, tokens. */
#include "http/api_internal.h"

#include "base/civil.h"
#include "http/problem.h"

#include <stdlib.h>
#include <string.h>

enum { PROBLEM_CODES_MAX = 64, LOCATION_SIZE = 80 };

/* --- in the loop thread ----------------------------------------------------------------------------- */

static void health(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    buf_adds(http_reply_body(call->exchange, 200, "text/plain"), "ok\n");
    http_reply_send(call->exchange);
}

static void ready(struct api_call *call, struct api_reader *reader)
{
    const struct api_parts *parts = &call->api->parts;
    struct err err;
    (void)reader;
    if (!parts->ready || parts->ready(parts->context)) {
        buf_adds(http_reply_body(call->exchange, 200, "text/plain"), "ready\n");
        http_reply_send(call->exchange);
        return;
    }
    (void)err_set(&err, ERR_BUSY, "this node does not take acts now");
    api_refuse(call, &err);
}

static void send_file(struct api_call *call, const char *name, const char *type)
{
    const struct embed_file *file = embed_find(&EMBED_api_docs, name);
    char tag[2 * API_ETAG_HASH_BYTES + 1];
    struct hasher *hasher = NULL;
    struct err err;
    enum errc rc = hasher_new(SUITE_P256_SHA256, &hasher, &err);
    if (rc == ERR_OK)
        rc = api_hash_tag(hasher, file->bytes, file->size_bytes, tag, &err);
    hasher_free(hasher);
    if (rc < 0) {
        api_refuse(call, &err);
        return;
    }
    http_reply_fixed(call->exchange, 200, type, file->bytes, file->size_bytes);
    api_send_tagged(call, tag);
}

static void contract(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    send_file(call, "openapi.json", "application/json");
}

static void reference(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    http_reply_field(call->exchange, "Content-Security-Policy", API_PAGE_CSP);
    send_file(call, "docs.html", "text/html; charset=utf-8");
}

static const struct errc_info *find_problem(const char *slug)
{
    for (int code = 1; code < PROBLEM_CODES_MAX; code++) {
        const struct errc_info *info = errc_info((enum errc) - code);
        if (streq(info->slug, slug))
            return info;
    }
    return NULL;
}

static void problem(struct api_call *call, struct api_reader *reader)
{
    const char *slug = route_param(&call->match, "slug");
    const struct errc_info *info = find_problem(slug);
    char title[PROBLEM_TITLE_SIZE];
    char tag[2 * API_ETAG_HASH_BYTES + 1];
    struct err err;
    (void)reader;
    if (!info) {
        (void)err_field(&err, ERR_NOT_FOUND, "slug", "there is no kind of problem '%.60s'", slug);
        api_refuse(call, &err);
        return;
    }
    problem_title(info->slug, title);
    json_t *doc = json_pack("{s:s+,s:s,s:i,s:s}", "type", PROBLEM_TYPE_PREFIX, info->slug, "title", title,
                            "status", info->http_status, "hint", info->hint);
    api_answer(call, 200, doc);
    json_decref(doc);
    (void)snprintf(tag, sizeof tag, "p%d", -(int)info->code);
    api_send_tagged(call, tag);
}

/* --- figures ---------------------------------------------------------------------------------------- */

static void line(struct buf *out, const char *name, const char *kind, const char *help, uint64_t value)
{
    buf_addf(out, "# HELP fengsui_%s %s\n# TYPE fengsui_%s %s\nfengsui_%s %llu\n", name, help, name, kind,
             name, (unsigned long long)value);
}

static void write_http(const struct api *api, struct buf *out)
{
    for (int i = 0; i < HTTP_COUNTER_COUNT && api->server; i++) {
        const struct http_counter_info *info = &HTTP_COUNTER_INFO[i];
        char name[80];
        (void)snprintf(name, sizeof name, "http_%s", info->name);
        line(out, name, info->kind, info->help, http_server_counter(api->server, (enum http_counter)i));
    }
    line(out, "http_waiting", "gauge", "Requests that wait for a reader", pool_waiting(api->pool));
    line(out, "stream_subscribers", "gauge", "Clients of the live stream", sse_subscribers(api->hub));
    line(out, "stream_dropped_total", "counter", "Clients closed because they took nothing",
         sse_dropped(api->hub));
}

static void write_access(struct api *api, struct buf *out)
{
    line(out, "logins_refused_total", "counter", "Tries of a password or code while it was locked",
         atomic_load(&api->logins_refused));
    line(out, "access_unwritten_total", "counter", "Counts of tries that could not be written down",
         atomic_load(&api->unwritten));
}

static void write_writer(const struct api *api, struct buf *out)
{
    struct writer_counters counters;
    writer_count(api->parts.writer, &counters);
    line(out, "writer_batches_total", "counter", "Transactions of acts", counters.batches);
    line(out, "writer_submissions_total", "counter", "Acts that were asked for", counters.submissions);
    line(out, "writer_refused_total", "counter", "Acts refused because the queue was full",
         counters.refused_full);
    line(out, "writer_waiting", "gauge", "Acts that wait for the disk", counters.waiting);
}

static const char *no_param(const void *context, const char *name)
{
    (void)context;
    (void)name;
    return NULL;
}

static enum errc write_record(struct api_reader *reader, struct arena *arena, struct buf *out,
                              struct err *err)
{
    static const char *const FIGURES[][2] = {
        {"acts", "Acts on the record"},
        {"ledger_size", "Leaves of the ledger"},
        {"duties_overdue", "Duties of this node past their due time"},
        {"acts_waiting", "Acts of peers that wait for their matter"},
    };
    const struct query_ask ask = {"stats", NULL, no_param, NULL, NULL};
    struct query_told told = {0};
    const char *state;
    json_t *count;
    enum errc rc = query_run(&reader->query, &ask, arena, &told, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < sizeof FIGURES / sizeof FIGURES[0]; i++)
        line(out, FIGURES[i][0], "gauge", FIGURES[i][1],
             (uint64_t)json_integer_value(json_object_get(told.doc, FIGURES[i][0])));
    buf_adds(out, "# HELP fengsui_outbox Acts for peers by state\n# TYPE fengsui_outbox gauge\n");
    json_object_foreach(json_object_get(told.doc, "outbox"), state, count)
    {
        buf_addf(out, "fengsui_outbox{state=\"%s\"} %lld\n", state, (long long)json_integer_value(count));
    }
    json_decref(told.doc);
    return ERR_OK;
}

static void metrics(struct api_call *call, struct api_reader *reader)
{
    const struct api_parts *parts = &call->api->parts;
    struct buf *out = http_reply_body(call->exchange, 200, "text/plain; version=0.0.4");
    struct err err;
    write_http(call->api, out);
    write_writer(call->api, out);
    write_access(call->api, out);
    if (write_record(reader, &call->exchange->arena, out, &err) < 0) {
        api_refuse(call, &err);
        return;
    }
    if (parts->metrics)
        parts->metrics(parts->context, out);
    http_reply_send(call->exchange);
}

/* --- tokens ----------------------------------------------------------------------------------------- */

/* In the exchange's arena; the writer has it until done. */
struct token_job {
    struct writer_job job;
    struct api_call *call;
    struct access_request request;
    struct access_made made;
    json_t *body;
};

static enum errc read_request(struct token_job *token, struct err *err)
{
    static const char *const NAMES[] = {"role", "person", "post", "expires", "post_id", "address", "marked"};
    struct access_request *request = &token->request;
    const char *expires = NULL;
    enum errc rc = api_body(token->call, &token->body, err);
    if (rc >= 0)
        rc = doc_only(token->body, NAMES, sizeof NAMES / sizeof NAMES[0], err);
    if (rc >= 0)
        rc = doc_text(token->body, "post_id", DOC_OPTIONAL, ACCESS_NAME_MAX, &request->post_id, err);
    enum doc_need need = request->post_id ? DOC_OPTIONAL : DOC_REQUIRED;
    if (rc >= 0)
        rc = doc_text(token->body, "role", need, ACCESS_NAME_MAX, &request->role, err);
    if (rc >= 0)
        rc = doc_text(token->body, "person", DOC_REQUIRED, ACCESS_NAME_MAX, &request->person, err);
    if (rc >= 0)
        rc = doc_text(token->body, "post", need, ACCESS_NAME_MAX, &request->post, err);
    if (rc >= 0)
        rc = doc_text(token->body, "address", DOC_OPTIONAL, ACCESS_ADDRESS_MAX, &request->address, err);
    if (rc >= 0)
        rc = doc_bool(token->body, "marked", DOC_OPTIONAL, &request->marked, err);
    if (rc >= 0)
        rc = doc_text(token->body, "expires", DOC_OPTIONAL, CIVIL_TIME_SIZE, &expires, err);
    if (rc >= 0 && expires && civil_parse_time(expires, &request->expires_ms, NULL) < 0)
        rc = err_field(err, ERR_INVALID, "expires", "a time such as 2030-01-01T00:00:00+08:00 is expected");
    return rc;
}

/* The system administrator gives nobody rights: a token that acts is one of a post that the security
 * administrator has set up. The operator's token on this machine is asked for nothing. */
static enum errc check_maker(const struct token_job *token, struct err *err)
{
    const struct api_caller *caller = &token->call->caller;
    const struct access_role *role = token->request.post_id ? NULL : access_role(token->request.role);
    if (!caller->seat)
        return ERR_OK;
    if (role && role->permits != ACCESS_READ)
        return err_field(err, ERR_INVALID, "post_id", "a token that does more than read is made for a post");
    return caller->standing.confirmed
               ? ERR_OK
               : err_field(err, ERR_SECOND_FACTOR, "code", "this needs a second factor");
}

static enum errc make(void *context, struct desk *desk, struct err *err)
{
    struct token_job *token = context;
    return access_create(desk, &token->request, &token->made, err);
}

static void created(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct token_job *token = (struct token_job *)(void *)job;
    struct api_call *call = token->call;
    char location[LOCATION_SIZE];
    json_decref(token->body);
    if (rc < 0) {
        struct err named = *err;
        if (named.field[0])
            err_field_prefix(&named, "body");
        api_refuse(call, &named);
        return;
    }
    json_t *doc = json_pack("{s:s,s:s}", "id", token->made.id, "token", token->made.text);
    api_answer(call, 201, doc);
    json_decref(doc);
    explicit_bzero(token->made.text, sizeof token->made.text);
    (void)snprintf(location, sizeof location, "/api/v1/tokens/%s", token->made.id);
    http_reply_field(call->exchange, "Location", location);
    http_reply_send(call->exchange);
}

static enum errc take_back(void *context, struct desk *desk, struct err *err)
{
    const struct token_job *token = context;
    return access_revoke(desk, route_param(&token->call->match, "id"), err);
}

static void revoked(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct token_job *token = (struct token_job *)(void *)job;
    if (rc < 0) {
        struct err named = *err;
        (void)snprintf(named.field, sizeof named.field, "%s", rc == ERR_NOT_FOUND ? "id" : named.field);
        api_refuse(token->call, &named);
        return;
    }
    http_reply_status(token->call->exchange, 204);
    http_reply_send(token->call->exchange);
}

static void put(struct api_call *call, enum errc (*run)(void *, struct desk *, struct err *),
                void (*done)(struct writer_job *, enum errc, const struct err *), bool with_body)
{
    struct token_job *token = arena_alloc(&call->exchange->arena, sizeof *token);
    struct err err;
    enum errc rc = token ? ERR_OK : err_set(&err, ERR_NOMEM, "no memory for the request");
    if (rc == ERR_OK) {
        token->call = call;
        token->job = (struct writer_job){.run = run, .context = token, .done = done};
        if (with_body) {
            rc = read_request(token, &err);
            if (rc >= 0)
                rc = check_maker(token, &err);
            if (rc == ERR_INVALID && err.field[0])
                err_field_prefix(&err, "body");
        }
    }
    if (rc == ERR_OK)
        rc = writer_put(call->api->parts.writer, &token->job, &err);
    if (rc < 0) {
        if (token)
            json_decref(token->body);
        api_refuse(call, &err);
    }
}

static void create_token(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    put(call, make, created, true);
}

static void revoke_token(struct api_call *call, struct api_reader *reader)
{
    (void)reader;
    put(call, take_back, revoked, false);
}

/* --- what the program does ------------------------------------------------------------------------ */

static enum errc ask_program(struct api_call *call, json_t **out, struct err *err)
{
    const struct api_parts *parts = &call->api->parts;
    json_t *body = NULL;
    if (!parts->program)
        return err_set(err, ERR_UNSUPPORTED, "this program does not offer it");
    enum errc rc = api_body(call, &body, err);
    if (rc >= 0) {
        rc = parts->program(parts->context, call->match.route->name, body, out, err);
        if (rc < 0 && err->field[0])
            err_field_prefix(err, "body");
    }
    json_decref(body);
    return rc;
}

static void program(struct api_call *call, struct api_reader *reader)
{
    json_t *doc = NULL;
    struct err err;
    (void)reader;
    if (ask_program(call, &doc, &err) < 0) {
        api_refuse(call, &err);
        return;
    }
    api_answer(call, 201, doc);
    json_decref(doc);
    http_reply_send(call->exchange);
}

/* --- table ---------------------------------------------------------------------------------------- */

static const struct call_row {
    const char *name;
    void (*run)(struct api_call *call, struct api_reader *reader);
} CALLS[] = {
    {"health", health},
    {"ready", ready},
    {"contract", contract},
    {"reference", reference},
    {"problem", problem},
    {"metrics", metrics},
    {"create_token", create_token},
    {"revoke_token", revoke_token},
    {"offer_enrolment", program},
    {"make_backup", program},
    {"set_demo", program},
    {"test_channel", program},
    {"events", api_events},
    {"session_open", api_session_open},
    {"session_read", api_session_read},
    {"session_close", api_session_close},
    {"session_touch", api_session_touch},
    {"session_lock", api_session_lock},
    {"session_unlock", api_session_unlock},
    {"session_confirm", api_session_confirm},
    {"session_post", api_session_post},
    {"session_password", api_session_password},
    {"session_end", api_session_end},
    {"totp_seed", api_totp_seed},
    {"totp_enrol", api_totp_enrol},
    {"setup_state", api_setup_state},
    {"setup_run", api_setup_run},
    {"activate", api_activate},
    {"user_code", api_user_code},
    {"user_unlock", api_user_unlock},
};

bool api_call_known(const char *name)
{
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++)
        if (streq(CALLS[i].name, name))
            return true;
    return false;
}

void api_call_run(struct api_call *call, struct api_reader *reader)
{
    const char *name = call->match.route->name;
    struct err err;
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (streq(CALLS[i].name, name)) {
            CALLS[i].run(call, reader);
            return;
        }
    }
    (void)err_set(&err, ERR_INTERNAL, "there is no call '%.40s'", name);
    api_refuse(call, &err);
}
