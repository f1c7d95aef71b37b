#include "base/civil.h"
#include "http/chars.h"
#include "http/problem.h"
#include "http/server_internal.h"

#include <event2/buffer.h>

/* On every answer, unless the application gives the field itself: nothing may be run, framed, guessed,
 * cached or told to others. */
static const struct http_reply_field DEFAULT_FIELDS[] = {
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};
enum { DEFAULT_FIELD_COUNT = sizeof DEFAULT_FIELDS / sizeof DEFAULT_FIELDS[0], HEAD_BYTES_MAX = 16 * 1024 };
static const char STRICT_TRANSPORT[] = "Strict-Transport-Security: max-age=31536000\r\n";

static const struct status_row {
    int status;
    const char *name;
} STATUSES[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {303, "See Other"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *http_status_name(int status)
{
    for (size_t i = 0; i < sizeof STATUSES / sizeof STATUSES[0]; i++)
        if (STATUSES[i].status == status)
            return STATUSES[i].name;
    return "Unknown";
}

/* --- filling -------------------------------------------------------------------------------------- */

static struct str slice(const char *text)
{
    return (struct str){text, strlen(text)};
}

static bool same_name(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] != '\0' && char_lower(a[i]) == char_lower(b[i]))
        i++;
    return a[i] == b[i];
}

void http_reply_field(struct http_exchange *exchange, const char *name, const char *value)
{
    struct http_reply *reply = &exchange->reply;
    size_t i = 0;
    while (i < reply->field_count && !same_name(reply->fields[i].name, name))
        i++;
    struct http_reply_field field = {arena_strdup(&exchange->arena, name),
                                     arena_strdup(&exchange->arena, value)};
    /* A line break in a value would let whoever wrote it write the rest of the answer. */
    if (i == HTTP_REPLY_FIELDS_MAX || !field.name || !field.value || !chars_all(slice(name), CHAR_TOKEN) ||
        !chars_all(slice(value), CHAR_FIELD)) {
        reply->failed = true;
        return;
    }
    reply->fields[i] = field;
    if (i == reply->field_count)
        reply->field_count++;
}

void http_reply_status(struct http_exchange *exchange, int status)
{
    (void)http_reply_body(exchange, status, NULL);
}

struct buf *http_reply_body(struct http_exchange *exchange, int status, const char *content_type)
{
    struct http_reply *reply = &exchange->reply;
    reply->status = status;
    reply->content_type = content_type;
    reply->fixed = NULL;
    buf_reset(&reply->body);
    return &reply->body;
}

void http_reply_fixed(struct http_exchange *exchange, int status, const char *content_type, const void *bytes,
                      size_t size_bytes)
{
    (void)http_reply_body(exchange, status, content_type);
    exchange->reply.fixed = bytes;
    exchange->reply.fixed_bytes = size_bytes;
}

void http_reply_problem_as(struct http_exchange *exchange, const struct err *err, int status)
{
    struct buf *body = http_reply_body(exchange, status, PROBLEM_CONTENT_TYPE);
    problem_write(err, status, NULL, body);
}

void http_reply_problem(struct http_exchange *exchange, const struct err *err)
{
    http_reply_problem_as(exchange, err, errc_info(err->code)->http_status);
}

void http_reply_stream(struct http_exchange *exchange, int status, const char *content_type,
                       const struct http_stream_handler *handler, void *context)
{
    (void)http_reply_body(exchange, status, content_type);
    exchange->reply.stream = handler;
    exchange->reply.stream_context = context;
}

/* --- forming -------------------------------------------------------------------------------------- */

static const char *date(struct http_server *server)
{
    static const char *const DAYS[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t now_ms = env_now_ms(server->env);
    if (server->date_s == now_ms / 1000 && server->date[0] != '\0')
        return server->date;
    struct civil_date day = civil_date_at(now_ms, 0);
    int64_t of_day_s = (now_ms - civil_day_start_ms(day, 0)) / 1000;
    (void)snprintf(server->date, sizeof server->date, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                   DAYS[civil_weekday(civil_to_days(day)) - 1], day.day, MONTHS[day.month - 1], day.year,
                   (int)(of_day_s / 3600), (int)(of_day_s / 60 % 60), (int)(of_day_s % 60));
    server->date_s = now_ms / 1000;
    return server->date;
}

static bool given(const struct http_reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->field_count; i++)
        if (same_name(reply->fields[i].name, name))
            return true;
    return false;
}

static bool bodiless(int status)
{
    return status < 200 || status == 204 || status == 304;
}

static void write_head(const struct work *work, bool close, size_t body_bytes, struct buf *head)
{
    const struct http_reply *reply = &work->exchange.reply;
    buf_addf(head, "HTTP/1.1 %d %s\r\nDate: %s\r\n", reply->status, http_status_name(reply->status),
             date(work->server));
    if (reply->content_type)
        buf_addf(head, "Content-Type: %s\r\n", reply->content_type);
    if (!reply->stream && !bodiless(reply->status))
        buf_addf(head, "Content-Length: %zu\r\n", body_bytes);
    for (size_t i = 0; i < DEFAULT_FIELD_COUNT; i++)
        if (!given(reply, DEFAULT_FIELDS[i].name))
            buf_addf(head, "%s: %s\r\n", DEFAULT_FIELDS[i].name, DEFAULT_FIELDS[i].value);
    if (reply->status == 503 && !given(reply, "Retry-After"))
        buf_addf(head, "Retry-After: %d\r\n", work->server->limits.retry_after_s);
    if (work->exchange.peer->tls)
        buf_adds(head, STRICT_TRANSPORT);
    for (size_t i = 0; i < reply->field_count; i++)
        buf_addf(head, "%s: %s\r\n", reply->fields[i].name, reply->fields[i].value);
    buf_adds(head, close ? "Connection: close\r\n\r\n" : "\r\n");
}

static void release_body(const void *bytes, size_t size_bytes, void *context)
{
    (void)bytes;
    (void)size_bytes;
    free(context);
}

/* Whatever did not fit becomes a plain 500: the application's answer would be a torn one. */
static void replace_failed(struct http_exchange *exchange)
{
    struct http_reply *reply = &exchange->reply;
    if (!reply->failed && !reply->body.failed && !exchange->arena.exhausted && reply->status != 0)
        return;
    struct err err;
    (void)err_set(&err, ERR_INTERNAL, "the answer could not be formed within its limits");
    reply->field_count = 0;
    reply->stream = NULL;
    reply->failed = false;
    http_reply_problem(exchange, &err);
    if (reply->body.failed)
        http_reply_status(exchange, reply->status);
}

enum errc server_answer_write(struct work *work, bool close, struct evbuffer *out, struct err *err)
{
    struct http_reply *reply = &work->exchange.reply;
    replace_failed(&work->exchange);
    size_t size = reply->fixed ? reply->fixed_bytes : reply->body.size_bytes;
    struct buf head;
    buf_init(&head, HEAD_BYTES_MAX);
    write_head(work, close, size, &head);
    enum errc rc = buf_check(&head, err);
    if (rc == ERR_OK && evbuffer_add(out, head.data, head.size_bytes) < 0)
        rc = err_set(err, ERR_NOMEM, "no memory for the head of an answer");
    buf_done(&head);
    if (rc < 0 || size == 0 || bodiless(reply->status) || work->exchange.request->method == HTTP_HEAD)
        return rc;
    void *owned = reply->fixed ? NULL : reply->body.data;
    const void *bytes = reply->fixed ? reply->fixed : owned;
    if (evbuffer_add_reference(out, bytes, size, release_body, owned) < 0)
        return err_set(err, ERR_NOMEM, "no memory for the body of an answer");
    if (owned) /* it belongs to the network now */
        reply->body = (struct buf){.cap_bytes = reply->body.cap_bytes};
    return ERR_OK;
}
