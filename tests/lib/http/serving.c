#include "lib/http/serving.h"

#include "http/mailbox.h"
#include "http/stream.h"
#include "lib/check.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HELD_MAX = 64, CLIENT_TIMEOUT_S = 20 };

struct order {
    struct letter letter;
    struct serving *serving;
    int64_t timeout_ms;
};

struct serving {
    struct event_base *base;
    struct http_server *server;
    struct mailbox *mailbox;
    pthread_t loop;
    uint16_t port;
    pthread_mutex_t lock;
    struct http_exchange *held[HELD_MAX];
    int held_count;
    struct order drain;
    bool drain_ordered;
};

static char large[SERVING_LARGE_BYTES];

/* --- application ---------------------------------------------------------------------------------- */

static enum errc app_head(void *context, struct http_exchange *exchange, size_t *body_bytes_max,
                          struct err *err)
{
    static const char *const PATHS[] = {"/hello",    "/echo",     "/peer",    "/held",  "/large",
                                        "/injected", "/overflow", "/nothing", "/stream"};
    struct str path = http_request_path(exchange->request);
    (void)context;
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        if (!str_eq(path, PATHS[i]))
            continue;
        *body_bytes_max = i == 1 ? SERVING_ECHO_MAX : 0;
        exchange->app = (void *)(uintptr_t)PATHS[i];
        return ERR_OK;
    }
    return err_set(err, ERR_NOT_FOUND, "there is nothing at this path");
}

static void *echo(void *context)
{
    struct http_exchange *exchange = context;
    const struct buf *body = &exchange->request->body;
    buf_add(http_reply_body(exchange, 200, "application/octet-stream"), body->data, body->size_bytes);
    http_reply_send(exchange);
    return NULL;
}

static void tell_peer(struct http_exchange *exchange)
{
    const struct http_peer *peer = exchange->peer;
    buf_addf(http_reply_body(exchange, 200, "text/plain"), "%s tls=%d listener=%d %s %s\n", peer->address,
             peer->tls, peer->listener, peer->certified ? peer->certificate.subject : "-",
             peer->certified ? peer->certificate.fingerprint : "-");
}

static void stream_opened(void *context, struct http_stream *stream)
{
    (void)context;
    http_stream_add(stream, "tick\n", 5, NULL, NULL);
}

static void stream_drained(void *context)
{
    (void)context;
}

static void stream_closed(void *context)
{
    (void)context;
}

static const struct http_stream_handler STREAM = {stream_opened, stream_drained, stream_closed};

static void hold(struct serving *serving, struct http_exchange *exchange)
{
    (void)pthread_mutex_lock(&serving->lock);
    assert_true(serving->held_count < HELD_MAX);
    serving->held[serving->held_count++] = exchange;
    (void)pthread_mutex_unlock(&serving->lock);
}

static void app_request(void *context, struct http_exchange *exchange)
{
    const char *path = exchange->app;
    if (strcmp(path, "/held") == 0) {
        hold(context, exchange);
        return;
    }
    if (strcmp(path, "/echo") == 0) {
        pthread_t worker;
        assert_int_equal(pthread_create(&worker, NULL, echo, exchange), 0);
        (void)pthread_detach(worker);
        return;
    }
    if (strcmp(path, "/hello") == 0)
        buf_adds(http_reply_body(exchange, 200, "text/plain"), "hello\n");
    else if (strcmp(path, "/peer") == 0)
        tell_peer(exchange);
    else if (strcmp(path, "/large") == 0)
        http_reply_fixed(exchange, 200, "application/octet-stream", large, sizeof large);
    else if (strcmp(path, "/injected") == 0)
        http_reply_field(exchange, "Location", "/a\r\nSet-Cookie: a=b");
    else if (strcmp(path, "/overflow") == 0)
        buf_add(http_reply_body(exchange, 200, "text/plain"), large, SERVING_REPLY_BYTES_MAX + 1);
    else if (strcmp(path, "/stream") == 0)
        http_reply_stream(exchange, 200, "text/plain", &STREAM, context);
    http_reply_send(exchange);
}

/* --- the server's thread -------------------------------------------------------------------------- */

static void drained(void *context)
{
    struct serving *serving = context;
    (void)event_base_loopbreak(serving->base);
}

static void drain_now(struct letter *letter)
{
    struct order *order = (struct order *)(void *)letter;
    http_server_drain(order->serving->server, order->timeout_ms, drained, order->serving);
}

static void *run(void *context)
{
    struct serving *serving = context;
    (void)event_base_loop(serving->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

struct serving *serving_new(const struct http_limits *limits, struct ssl_ctx_st *tls,
                            const struct http_application *app)
{
    struct err err;
    struct serving *serving = calloc(1, sizeof *serving);
    struct http_limits own = limits ? *limits : HTTP_LIMITS_DEFAULT;
    const struct http_application standard = {serving, app_head, app_request, NULL};
    const struct http_listen listen = {"127.0.0.1", 0, tls};
    int listener = -1;
    own.reply_bytes_max = SERVING_REPLY_BYTES_MAX;
    (void)signal(SIGPIPE, SIG_IGN);
    memset(large, 'x', sizeof large);
    serving->base = event_base_new();
    (void)pthread_mutex_init(&serving->lock, NULL);
    assert_ok(mailbox_new(serving->base, &serving->mailbox, &err), &err);
    assert_ok(http_server_open(serving->base, &ENV_REAL, &own, app ? app : &standard, &serving->server, &err),
              &err);
    assert_ok(http_server_listen(serving->server, &listen, &listener, &serving->port, &err), &err);
    assert_int_equal(listener, 0);
    return serving;
}

struct event_base *serving_base(const struct serving *serving)
{
    return serving->base;
}

void serving_begin(struct serving *serving)
{
    assert_int_equal(pthread_create(&serving->loop, NULL, run, serving), 0);
}

struct serving *serving_start(const struct http_limits *limits, struct ssl_ctx_st *tls)
{
    struct serving *serving = serving_new(limits, tls, NULL);
    serving_begin(serving);
    return serving;
}

uint16_t serving_port(const struct serving *serving)
{
    return serving->port;
}

void serving_release(struct serving *serving)
{
    (void)pthread_mutex_lock(&serving->lock);
    for (int i = 0; i < serving->held_count; i++) {
        buf_adds(http_reply_body(serving->held[i], 200, "text/plain"), "released\n");
        http_reply_send(serving->held[i]);
    }
    serving->held_count = 0;
    (void)pthread_mutex_unlock(&serving->lock);
}

int serving_held(const struct serving *serving)
{
    struct serving *open = (struct serving *)(uintptr_t)serving;
    (void)pthread_mutex_lock(&open->lock);
    int count = serving->held_count;
    (void)pthread_mutex_unlock(&open->lock);
    return count;
}

void serving_drain(struct serving *serving, int64_t timeout_ms)
{
    serving->drain = (struct order){{NULL, drain_now}, serving, timeout_ms};
    serving->drain_ordered = true;
    mailbox_post(serving->mailbox, &serving->drain.letter);
}

uint64_t serving_counter(const struct serving *serving, enum http_counter counter)
{
    return http_server_counter(serving->server, counter);
}

void serving_await(const struct serving *serving, enum http_counter counter, uint64_t value)
{
    for (int i = 0; i < 1000 && serving_counter(serving, counter) != value; i++)
        (void)usleep(10000);
    assert_int_equal(serving_counter(serving, counter), value);
}

void serving_end(struct serving *serving)
{
    if (!serving->drain_ordered)
        serving_drain(serving, 5000);
    (void)pthread_join(serving->loop, NULL);
    http_server_close(serving->server);
}

void serving_free(struct serving *serving)
{
    mailbox_free(serving->mailbox);
    event_base_free(serving->base);
    (void)pthread_mutex_destroy(&serving->lock);
    free(serving);
}

void serving_stop(struct serving *serving)
{
    serving_end(serving);
    serving_free(serving);
}

/* --- client --------------------------------------------------------------------------------------- */

int client_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {CLIENT_TIMEOUT_S, 0};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* The server may close before it has taken everything; then the answer tells why. */
void client_send(int fd, const char *bytes, size_t size_bytes)
{
    while (size_bytes > 0) {
        ssize_t n = send(fd, bytes, size_bytes, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes += n;
        size_bytes -= (size_t)n;
    }
}

void client_says(int fd, const char *text)
{
    client_send(fd, text, strlen(text));
}

/* False at the end of the connection, or when nothing came for a long time. */
static bool receive(int fd, struct buf *text, size_t size_bytes)
{
    char bytes[65536];
    ssize_t n = recv(fd, bytes, size_bytes < sizeof bytes ? size_bytes : sizeof bytes, 0);
    if (n > 0)
        buf_add(text, bytes, (size_t)n);
    assert_false(text->failed);
    return n > 0;
}

static size_t content_length(const char *head)
{
    const char *field = strcasestr(head, "\r\nContent-Length: ");
    return field ? (size_t)strtoul(field + 18, NULL, 10) : SIZE_MAX;
}

int client_answer(int fd, struct buf *text, bool head_only)
{
    buf_reset(text);
    do {
        if (!receive(fd, text, 1))
            return 0;
    } while (text->size_bytes < 4 || strcmp(text->data + text->size_bytes - 4, "\r\n\r\n") != 0);
    size_t left = content_length(text->data);
    int status = (int)strtol(text->data + strlen("HTTP/1.1 "), NULL, 10);
    if (head_only || status < 200 || left == SIZE_MAX)
        return status;
    size_t whole = text->size_bytes + left;
    while (text->size_bytes < whole && receive(fd, text, whole - text->size_bytes))
        ;
    assert_int_equal(text->size_bytes, whole);
    return status;
}

void client_rest(int fd, struct buf *text)
{
    buf_reset(text);
    while (receive(fd, text, SIZE_MAX))
        ;
}

int client_once(uint16_t port, const char *bytes, size_t size_bytes, struct buf *text)
{
    int fd = client_connect(port);
    client_send(fd, bytes, size_bytes);
    int status = client_answer(fd, text, false);
    (void)close(fd);
    return status;
}
