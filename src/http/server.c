#include "http/server_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <unistd.h>

const struct http_limits HTTP_LIMITS_DEFAULT = {
    .connections_max = 1024,
    .connections_per_address_max = 256,
    .exchanges_max = 512,
    .requests_per_connection_max = 100000,
    .line_bytes_max = 8 * 1024,
    .head_bytes_max = 16 * 1024,
    .field_count_max = HTTP_FIELDS_MAX,
    .bodies_bytes_max = 64 << 20,
    .reply_bytes_max = 64 << 20,
    .arena_bytes_max = 16 << 20,
    .handshake_timeout_ms = 10 * 1000,
    .head_timeout_ms = 10 * 1000,
    .body_timeout_ms = 60 * 1000,
    .idle_timeout_ms = 60 * 1000,
    .write_timeout_ms = 30 * 1000,
    .write_bytes_per_s = 16 * 1024,
    .linger_timeout_ms = 2 * 1000,
    .retry_after_s = 2,
};

const struct http_counter_info HTTP_COUNTER_INFO[HTTP_COUNTER_COUNT] = {
#define HTTP_COUNTER(id, name, kind, help) {name, kind, help},
#include "http/counters.def"
#undef HTTP_COUNTER
};

/* --- counting ------------------------------------------------------------------------------------- */

void server_count(struct http_server *server, enum http_counter counter, int64_t more)
{
    atomic_fetch_add_explicit(&server->counters[counter], (uint64_t)more, memory_order_relaxed);
}

size_t server_gauge(const struct http_server *server, enum http_counter counter)
{
    return (size_t)http_server_counter(server, counter);
}

uint64_t http_server_counter(const struct http_server *server, enum http_counter counter)
{
    return atomic_load_explicit(&server->counters[counter], memory_order_relaxed);
}

/* --- draining ------------------------------------------------------------------------------------- */

static bool empty(const struct http_server *server)
{
    return !server->conns && server_gauge(server, HTTP_COUNT_EXCHANGES) == 0;
}

void server_check_drained(struct http_server *server)
{
    /* From the loop, not from here: the callers stand in the middle of a connection's end. */
    if (server->draining && empty(server))
        event_active(server->drain_event, EV_TIMEOUT, 0);
}

static void close_all(struct http_server *server)
{
    while (server->conns)
        conn_close(server->conns);
}

static void on_drain(evutil_socket_t unused, short what, void *context)
{
    struct http_server *server = context;
    (void)unused;
    (void)what;
    close_all(server);
    if (!empty(server) || !server->drained)
        return;
    if (server->turns_left > 0) {
        server->turns_left--;
        event_active(server->drain_event, EV_TIMEOUT, 0);
        return;
    }
    void (*drained)(void *) = server->drained;
    server->drained = NULL;
    (void)event_del(server->drain_event);
    drained(server->drained_context);
}

static void close_listeners(struct http_server *server)
{
    while (server->listeners) {
        struct listener *listener = server->listeners;
        server->listeners = listener->next;
        evconnlistener_free(listener->evl);
        event_free(listener->retry);
        free(listener);
    }
}

void http_server_drain(struct http_server *server, int64_t timeout_ms, void (*done)(void *context),
                       void *context)
{
    struct timeval wait = {timeout_ms / 1000, (timeout_ms % 1000) * 1000};
    /* In one turn of its loop libevent lets go of at most 32 of the connections that were closed. */
    server->turns_left = 2 + server_gauge(server, HTTP_COUNT_CONNECTIONS) / 16;
    server->draining = true;
    server->drained = done;
    server->drained_context = context;
    close_listeners(server);
    (void)event_add(server->drain_event, &wait);
    for (struct conn *conn = server->conns, *next; conn; conn = next) {
        next = conn->next;
        conn_drain(conn);
    }
    server_check_drained(server);
}

/* --- listening ------------------------------------------------------------------------------------ */

static void on_accept(struct evconnlistener *evl, evutil_socket_t fd, struct sockaddr *address, int size,
                      void *context)
{
    (void)evl;
    (void)size;
    conn_open(context, fd, address);
}

/* No descriptors left, most likely. Trying again at once would spin. */
static void on_accept_error(struct evconnlistener *evl, void *context)
{
    static const struct timeval PAUSE = {1, 0};
    struct listener *listener = context;
    server_count(listener->server, HTTP_COUNT_CONNECTIONS_REFUSED_TOTAL, 1);
    (void)evconnlistener_disable(evl);
    (void)event_add(listener->retry, &PAUSE);
}

static void on_retry(evutil_socket_t unused, short what, void *context)
{
    struct listener *listener = context;
    (void)unused;
    (void)what;
    (void)evconnlistener_enable(listener->evl);
}

static enum errc parse_address(const struct http_listen *listen, struct sockaddr_storage *out, int *size,
                               struct err *err)
{
    struct sockaddr_in *v4 = (void *)out;
    struct sockaddr_in6 *v6 = (void *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, listen->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(listen->port);
        *size = sizeof *v4;
    } else if (inet_pton(AF_INET6, listen->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(listen->port);
        *size = sizeof *v6;
    } else {
        return err_field(err, ERR_INVALID, "listen", "'%s' is not an IPv4 or IPv6 address", listen->address);
    }
    return ERR_OK;
}

static uint16_t bound_port(struct evconnlistener *evl)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char text[ADDRESS_TEXT_SIZE];
    uint16_t port = 0;
    if (getsockname(evconnlistener_get_fd(evl), (struct sockaddr *)&address, &size) == 0)
        address_text((struct sockaddr *)&address, text, &port);
    return port;
}

enum errc http_server_listen(struct http_server *server, const struct http_listen *listen, int *out_listener,
                             uint16_t *out_port, struct err *err)
{
    struct sockaddr_storage address;
    int size = 0;
    enum errc rc = parse_address(listen, &address, &size, err);
    if (rc < 0)
        return rc;
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener)
        listener->retry = evtimer_new(server->base, on_retry, listener);
    if (!listener || !listener->retry) {
        free(listener);
        return err_set(err, ERR_NOMEM, "no memory for a listener");
    }
    listener->server = server;
    listener->tls = listen->tls;
    listener->number = server->listener_count;
    listener->evl = evconnlistener_new_bind(server->base, on_accept, listener,
                                            LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE,
                                            -1, (struct sockaddr *)&address, size);
    if (!listener->evl) {
        rc = err_field(err, ERR_IO, "listen", "cannot listen on %s port %u: %s", listen->address,
                       listen->port, strerror(errno));
        event_free(listener->retry);
        free(listener);
        return rc;
    }
    evconnlistener_set_error_cb(listener->evl, on_accept_error);
    listener->next = server->listeners;
    server->listeners = listener;
    *out_listener = server->listener_count++;
    *out_port = bound_port(listener->evl);
    return ERR_OK;
}

/* --- lifecycle ------------------------------------------------------------------------------------ */

enum errc http_server_open(struct event_base *base, const struct env *env, const struct http_limits *limits,
                           const struct http_application *app, struct http_server **out, struct err *err)
{
    uint64_t seed = 0;
    enum errc rc = env_random(env, &seed, sizeof seed, err);
    if (rc < 0)
        return rc;
    struct http_server *server = calloc(1, sizeof *server);
    if (!server)
        return err_set(err, ERR_NOMEM, "no memory for a server");
    server->base = base;
    server->env = env;
    server->limits = *limits;
    server->app = *app;
    server->drain_event = evtimer_new(base, on_drain, server);
    rc = server->drain_event ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a server");
    if (rc == ERR_OK)
        rc = mailbox_new(base, &server->mailbox, err);
    if (rc == ERR_OK)
        rc = address_table_init(&server->addresses, 2 * limits->connections_max + 1, seed, err);
    if (rc < 0) {
        http_server_close(server);
        return rc;
    }
    *out = server;
    return ERR_OK;
}

void http_server_close(struct http_server *server)
{
    if (!server)
        return;
    server->drained = NULL;
    close_listeners(server);
    close_all(server);
    mailbox_free(server->mailbox);
    if (server->drain_event)
        event_free(server->drain_event);
    address_table_done(&server->addresses);
    free(server);
}
