/* http/server_internal.h — what server.c, conn.c and answer.c share. Nobody else includes it.
 *
 *  accept ─► HANDSHAKE (TLS) ─► IDLE ─ first byte ─► HEAD ─ end of head ─► BODY ─ whole ─► APP
 *                                ▲                     │ refused             │ refused      │ reply
 *                                │                     └─────────────────────┴──► WRITE ◄───┘
 *                                └──────── keep the connection ───────────────────┤
 *                        LINGER, closed for writing, reads on ◄─── close it ──────┤
 *                        STREAM ◄───────────── an endless answer ─────────────────┘
 */
#ifndef HTTP_SERVER_INTERNAL_H
#define HTTP_SERVER_INTERNAL_H

#include "http/mailbox.h"
#include "http/request_parser.h"
#include "http/server.h"
#include "http/stream.h"

#include <stdatomic.h>

struct bufferevent;
struct evbuffer;
struct evconnlistener;
struct event;

/* Connections over the limit that still get a 503 answer, as a share of the limit. */
enum { CONN_RESERVE_SHARE = 16, CONN_LINGER_BYTES_MAX = 256 * 1024, CONN_READ_BYTES_MAX = 16 * 1024 };

enum conn_state {
    CONN_HANDSHAKE,
    CONN_IDLE,
    CONN_HEAD,
    CONN_BODY,
    CONN_APP,
    CONN_WRITE,
    CONN_STREAM,
    CONN_LINGER
};

struct conn;

/* An exchange with what the server needs to make and to answer it. */
struct work {
    struct http_exchange exchange;
    struct http_peer peer; /* its own copy: the connection may go away first */
    struct letter letter;  /* carries it back to the loop thread */
    struct request_parser parser;
    struct http_server *server;
    struct conn *conn; /* NULL when the client has gone */
    bool with_app;
    size_t counted_body_bytes;
};

struct http_stream {
    struct conn *conn;
    const struct http_stream_handler *handler;
    void *context;
};

struct conn {
    struct http_server *server;
    struct conn *next;
    struct conn *previous;
    struct bufferevent *bev;
    struct event *timer;
    struct address_key address;
    struct http_peer peer;
    struct work *work; /* NULL in HANDSHAKE, IDLE, STREAM and LINGER */
    struct http_stream stream;
    enum conn_state state;
    bool over_limit; /* gets one 503 */
    bool ended;      /* the client will send nothing more */
    bool close;      /* after the answer that is being written */
    size_t requests;
    size_t linger_bytes;
};

struct listener {
    struct listener *next;
    struct http_server *server;
    struct evconnlistener *evl;
    struct ssl_ctx_st *tls;
    struct event *retry;
    int number;
};

struct http_server {
    struct event_base *base;
    const struct env *env;
    struct http_limits limits;
    struct http_application app;
    struct mailbox *mailbox;
    struct listener *listeners;
    int listener_count;
    struct conn *conns;
    struct address_table addresses;
    atomic_uint_fast64_t counters[HTTP_COUNTER_COUNT];
    bool draining;
    size_t turns_left; /* of the loop, before drained is called */
    struct event *drain_event;
    void (*drained)(void *context);
    void *drained_context;
    int64_t date_s; /* of date */
    char date[32];
};

void server_count(struct http_server *server, enum http_counter counter, int64_t more);
size_t server_gauge(const struct http_server *server, enum http_counter counter);
/* Calls drained when nothing is left. */
void server_check_drained(struct http_server *server);

/* Takes the socket; closes it when that cannot be done. */
void conn_open(struct listener *listener, int fd, const struct sockaddr *address);
void conn_close(struct conn *conn);
/* While draining: close now, or after the answer that is under way. */
void conn_drain(struct conn *conn);

MUST_USE struct work *work_new(struct http_server *server, struct conn *conn);
void work_free(struct work *work);

/* Forms head and body of the reply into out; the body moves there without a copy. */
MUST_USE enum errc server_answer_write(struct work *work, bool close, struct evbuffer *out, struct err *err);

#endif
