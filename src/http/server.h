/* http/server.h — an HTTP/1.1 server on one libevent loop: listeners, TLS, limits, time limits, counters.
 *
 * Requests of a connection are answered in order, one at a time; pipelined ones wait in the socket. Every
 * body is complete before the application sees it. Whatever the parser refuses is answered with a problem
 * document and the connection is closed.
 *
 * Layer    http.
 * Owns     listeners, connections and exchanges.
 * Threads  the thread that runs the event base; only http_reply_send and http_server_counters are for any
 *          thread. SIGPIPE must be ignored by the program.
 * Errors   opening and listening give ERR_IO, ERR_NOMEM, ERR_INVALID; afterwards errors go to clients.
 * Tests    tests/unit/http/test_server.c, tests/unit/http/test_server_limits.c, tests/unit/http/test_tls.c
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/env.h"
#include "http/exchange.h"

struct event_base;
struct ssl_ctx_st;
struct http_server;

struct http_limits {
    size_t connections_max;
    size_t connections_per_address_max;
    size_t exchanges_max; /* requests with the application at one time; more are answered 503 */
    size_t requests_per_connection_max;
    size_t line_bytes_max;
    size_t head_bytes_max;
    size_t field_count_max;
    size_t bodies_bytes_max; /* all request bodies in memory together; more are answered 503 */
    size_t reply_bytes_max;
    size_t arena_bytes_max;
    int64_t handshake_timeout_ms;
    int64_t head_timeout_ms; /* from the first byte to the end of the head */
    int64_t body_timeout_ms;
    int64_t idle_timeout_ms;  /* between requests */
    int64_t write_timeout_ms; /* for the answer, and one more second for every write_bytes_per_s */
    int64_t write_bytes_per_s;
    int64_t linger_timeout_ms; /* how long a closing connection still listens */
    int retry_after_s;         /* told with 503 */
};

extern const struct http_limits HTTP_LIMITS_DEFAULT;

struct http_application {
    void *context;
    /* The head has come. Says how large the body may be, or refuses by a negative code. */
    MUST_USE enum errc (*head)(void *context, struct http_exchange *exchange, size_t *body_bytes_max,
                               struct err *err);
    /* The whole request has come: leads to exactly one http_reply_send, now or later, from any thread. */
    void (*request)(void *context, struct http_exchange *exchange);
    /* May be NULL: the answer has been formed, for the access log. */
    void (*answered)(void *context, const struct http_exchange *exchange, int64_t took_ms);
};

enum http_counter {
#define HTTP_COUNTER(id, name, kind, help) HTTP_COUNT_##id,
#include "http/counters.def"
#undef HTTP_COUNTER
    HTTP_COUNTER_COUNT
};

struct http_counter_info {
    const char *name; /* "requests_total" */
    const char *kind; /* "counter" or "gauge" */
    const char *help;
};
extern const struct http_counter_info HTTP_COUNTER_INFO[HTTP_COUNTER_COUNT];

struct http_listen {
    const char *address;    /* "127.0.0.1", "::1", "0.0.0.0" */
    uint16_t port;          /* 0: any free one */
    struct ssl_ctx_st *tls; /* from http/tls.h, borrowed; NULL = plain */
};

MUST_USE enum errc http_server_open(struct event_base *base, const struct env *env,
                                    const struct http_limits *limits, const struct http_application *app,
                                    struct http_server **out, struct err *err);

/* *out_listener numbers the listeners from 0; *out_port is the port it got. */
MUST_USE enum errc http_server_listen(struct http_server *server, const struct http_listen *listen,
                                      int *out_listener, uint16_t *out_port, struct err *err);

/* Stops listening, lets the requests that are under way finish, closes everything else; after timeout_ms
 * closes the rest too. done is called once nothing is left: every connection closed and every exchange
 * sent back by the application. */
void http_server_drain(struct http_server *server, int64_t timeout_ms, void (*done)(void *context),
                       void *context);

/* After done, or when the application holds no exchange. */
void http_server_close(struct http_server *server);

uint64_t http_server_counter(const struct http_server *server, enum http_counter counter);
/* The name of a status, "Not Found". */
const char *http_status_name(int status);

#endif
