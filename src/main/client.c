#include "main/client.h"

#include "main/file.h"
#include "main/node_dir.h"
#include "main/reply_err.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { REPLY_BYTES_MAX = 256 << 20, CONNECT_TIMEOUT_S = 10, LINE_BYTES_MAX = 4 << 20 };

struct client {
    struct call *call;
    CURL *curl;
    struct client_file at;
    const char *authority;
    char error[CURL_ERROR_SIZE];
};

/* ---- whom to talk to ---- */

static const char *told(struct call *call, const char *option, const char *variable)
{
    const char *given = args_text(call->args, option);
    if (given)
        return given;
    const char *set = getenv(variable);
    return set && *set ? set : NULL;
}

static enum errc file_path(struct call *call, const char **out, struct err *err)
{
    struct config config;
    struct node_dir dir;
    *out = told(call, "client", "FENGSUI_CLIENT");
    if (*out)
        return ERR_OK;
    enum errc rc = node_config_read(call, &config, err);
    if (rc >= 0)
        rc = node_dir_of(config.node_data, call->arena, &dir, err);
    if (rc >= 0)
        *out = dir.client;
    return rc;
}

static enum errc find_node(struct call *call, struct client_file *out, struct err *err)
{
    struct client_file file = {told(call, "url", "FENGSUI_URL"), told(call, "token", "FENGSUI_TOKEN")};
    struct client_file kept = {NULL, NULL};
    const char *path = NULL;
    struct err why;
    bool whole = file.url && file.token;
    if (!whole && (file_path(call, &path, &why) < 0 || client_file_read(path, call->arena, &kept, &why) < 0))
        return err_set(err, ERR_AUTH,
                       "which node, and with which token? Give --url and --token, or a client file: %s",
                       why.message);
    out->url = file.url ? file.url : kept.url;
    out->token = file.token ? file.token : kept.token;
    return ERR_OK;
}

enum errc client_open_at(struct call *call, const struct client_file *at, struct client **out,
                         struct err *err)
{
    struct client *client = calloc(1, sizeof *client);
    if (!client)
        return err_set(err, ERR_NOMEM, "no memory for the client");
    *client = (struct client){.call = call, .at = *at, .curl = curl_easy_init()};
    if (!client->curl) {
        client_close(client);
        return err_set(err, ERR_NOMEM, "no memory for the connection");
    }
    *out = client;
    return ERR_OK;
}

enum errc client_open(struct call *call, struct client **out, struct err *err)
{
    struct client_file at;
    enum errc rc = find_node(call, &at, err);
    if (rc >= 0)
        rc = client_open_at(call, &at, out, err);
    if (rc >= 0)
        (*out)->authority = args_text(call->args, "authority");
    return rc;
}

void client_close(struct client *client)
{
    if (!client)
        return;
    curl_easy_cleanup(client->curl);
    free(client);
}

const char *client_url(const struct client *client)
{
    return client->at.url;
}

const char *client_encode(struct client *client, const char *text)
{
    char *encoded = curl_easy_escape(client->curl, text, 0);
    const char *copy = arena_strdup(client->call->arena, encoded);
    curl_free(encoded);
    return copy ? copy : "";
}

const char *client_path(struct client *client, const char *pattern, const char *id)
{
    static const char HOLE[] = "{id}";
    const char *at = strstr(pattern, HOLE);
    if (!at || !id)
        return pattern;
    return arena_printf(client->call->arena, "%.*s%s%s", (int)(at - pattern), pattern,
                        client_encode(client, id), at + strlen(HOLE));
}

/* ---- one request ---- */

struct headers {
    struct curl_slist *list;
    bool failed;
};

static void add_header(struct headers *headers, struct client *client, const char *name, const char *value)
{
    const char *line = arena_printf(client->call->arena, "%s: %s", name, value);
    struct curl_slist *longer = line ? curl_slist_append(headers->list, line) : NULL;
    headers->failed |= longer == NULL;
    headers->list = longer ? longer : headers->list;
}

static size_t take_bytes(char *bytes, size_t one, size_t count, void *context)
{
    struct buf *buf = context;
    buf_add(buf, bytes, one * count);
    return buf->failed ? 0 : one * count;
}

static enum errc transport_error(struct client *client, CURLcode code, struct err *err)
{
    const char *why = client->error[0] ? client->error : curl_easy_strerror(code);
    return err_set(err, ERR_IO, "%s: %s", client->at.url, why);
}

/* What every conversation has: address, token, trust. Errors of setopt are those of memory. */
static enum errc prepare(struct client *client, const char *path, struct headers *headers, struct err *err)
{
    CURL *curl = client->curl;
    const char *url = arena_printf(client->call->arena, "%s%s", client->at.url, path);
    const char *bearer = arena_printf(client->call->arena, "Bearer %s", client->at.token);
    if (!url || !bearer)
        return err_set(err, ERR_NOMEM, "no memory for the request");
    curl_easy_reset(curl);
    client->error[0] = '\0';
    add_header(headers, client, "Authorization", bearer);
    bool set = curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_TIMEOUT_S) == CURLE_OK;
    if (set && client->authority)
        set = curl_easy_setopt(curl, CURLOPT_CAINFO, client->authority) == CURLE_OK;
    return set ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the request");
}

static enum errc set_request(struct client *client, const struct client_request *request,
                             struct headers *headers, struct buf *body, struct err *err)
{
    enum errc rc = prepare(client, request->path, headers, err);
    if (rc >= 0 && request->body)
        rc = doc_write(request->body, body, err);
    if (rc < 0)
        return rc;
    if (request->body)
        add_header(headers, client, "Content-Type", "application/json");
    if (request->key)
        add_header(headers, client, "Idempotency-Key", request->key);
    CURL *curl = client->curl;
    bool set = curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
    if (set && request->body)
        set = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size_bytes) == CURLE_OK &&
              curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->data) == CURLE_OK;
    set = set && curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers->list) == CURLE_OK;
    return set && !headers->failed ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for the request");
}

static enum errc read_reply(struct client *client, const struct buf *body, struct client_reply *out,
                            struct err *err)
{
    long status = 0;
    char *type = NULL;
    (void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(client->curl, CURLINFO_CONTENT_TYPE, &type);
    struct client_reply reply = {.status = (int)status};
    reply.text.p = arena_strndup(client->call->arena, body->data ? body->data : "", body->size_bytes);
    reply.text.n = body->size_bytes;
    if (!reply.text.p)
        return err_set(err, ERR_NOMEM, "no memory for the answer");
    bool json = type && strstr(type, "json");
    enum errc rc = json && body->size_bytes > 0 ? doc_parse(reply.text.p, reply.text.n, &reply.doc, err)
                                                : ERR_OK;
    if (rc < 0)
        return rc;
    *out = reply;
    return status >= 400 ? reply_err(reply.doc, (int)status, err) : ERR_OK;
}

enum errc client_send(struct client *client, const struct client_request *request, struct client_reply *out,
                      struct err *err)
{
    struct headers headers = {0};
    struct buf sent;
    struct buf got;
    *out = (struct client_reply){0};
    buf_init(&sent, DOC_BYTES_MAX);
    buf_init(&got, REPLY_BYTES_MAX);
    enum errc rc = set_request(client, request, &headers, &sent, err);
    if (rc >= 0 && (curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_bytes) != CURLE_OK ||
                    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &got) != CURLE_OK))
        rc = err_set(err, ERR_NOMEM, "no memory for the answer");
    CURLcode code = rc >= 0 ? curl_easy_perform(client->curl) : CURLE_OK;
    if (code != CURLE_OK)
        rc = got.failed ? buf_check(&got, err) : transport_error(client, code, err);
    else if (rc >= 0)
        rc = read_reply(client, &got, out, err);
    curl_slist_free_all(headers.list);
    buf_done(&got);
    buf_done(&sent);
    return rc;
}

enum errc client_get(struct client *client, const char *path, json_t **out, struct err *err)
{
    struct client_reply reply;
    struct client_request request = {.method = "GET", .path = path};
    enum errc rc = client_send(client, &request, &reply, err);
    if (rc >= 0 && !reply.doc)
        rc = err_set(err, ERR_SYNTAX, "the node's answer to %s is no JSON document", path);
    if (rc < 0)
        json_decref(reply.doc);
    else
        *out = reply.doc;
    return rc;
}

/* ---- a live stream ---- */

struct watching {
    struct client *client;
    struct buf line;
    struct buf data;
    char id[32];
    char event[64];
    client_event_fn *fn;
    void *context;
    bool enough;
};

static void end_event(struct watching *w)
{
    if (w->data.size_bytes > 0)
        w->enough = !w->fn(w->context, w->id, w->event, w->data.data);
    buf_reset(&w->data);
    w->event[0] = '\0';
}

/* A line of an event stream: "name: value"; an empty one ends the event; ":" begins a remark. */
static void take_line(struct watching *w, char *line)
{
    char *colon = strchr(line, ':');
    if (!*line) {
        end_event(w);
        return;
    }
    if (!colon || colon == line)
        return;
    *colon = '\0';
    const char *value = colon + 1 + (colon[1] == ' ');
    if (streq(line, "id"))
        (void)snprintf(w->id, sizeof w->id, "%s", value);
    else if (streq(line, "event"))
        (void)snprintf(w->event, sizeof w->event, "%s", value);
    else if (streq(line, "data")) {
        buf_adds(&w->data, w->data.size_bytes > 0 ? "\n" : "");
        buf_adds(&w->data, value);
    }
}

static size_t take_stream(char *bytes, size_t one, size_t count, void *context)
{
    struct watching *w = context;
    size_t size = one * count;
    for (size_t i = 0; i < size && !w->enough; i++) {
        if (bytes[i] != '\n') {
            if (bytes[i] != '\r')
                buf_add(&w->line, bytes + i, 1);
            continue;
        }
        buf_add(&w->line, "", 0);
        if (w->line.data)
            take_line(w, w->line.data);
        buf_reset(&w->line);
    }
    return w->enough || w->line.failed || w->data.failed ? 0 : size;
}

static enum errc watch(struct client *client, const char *path, const char *last_id, struct headers *headers,
                       struct watching *w, struct err *err)
{
    enum errc rc = prepare(client, path, headers, err);
    if (rc < 0)
        return rc;
    add_header(headers, client, "Accept", "text/event-stream");
    if (last_id)
        add_header(headers, client, "Last-Event-ID", last_id);
    CURL *curl = client->curl;
    bool set = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers->list) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_stream) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEDATA, w) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L) == CURLE_OK;
    if (!set || headers->failed)
        return err_set(err, ERR_NOMEM, "no memory for the request");
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && w->enough))
        return ERR_OK;
    return transport_error(client, code, err);
}

enum errc client_watch(struct client *client, const char *path, const char *last_id, client_event_fn *fn,
                       void *context, struct err *err)
{
    struct headers headers = {0};
    struct watching w = {.client = client, .fn = fn, .context = context};
    buf_init(&w.line, LINE_BYTES_MAX);
    buf_init(&w.data, LINE_BYTES_MAX);
    enum errc rc = watch(client, path, last_id, &headers, &w, err);
    curl_slist_free_all(headers.list);
    buf_done(&w.data);
    buf_done(&w.line);
    return rc;
}

/* ---- failing ---- */

int client_fail(struct call *call, struct client_reply *reply, const struct err *err)
{
    bool wrong = err->code == ERR_INVALID || err->code == ERR_SYNTAX; /* a field that a clause demands */
    bool refused = reply->doc && err->clause[0] != '\0' && !wrong;
    int code = refused ? call_write(call, reply->doc) : CLI_DONE;
    json_decref(reply->doc);
    reply->doc = NULL;
    if (refused && code == CLI_DONE && call->json)
        return CLI_REFUSED;
    int told = call_fail(call, err);
    return refused && code == CLI_DONE ? CLI_REFUSED : told;
}
