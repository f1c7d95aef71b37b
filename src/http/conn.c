#include "http/chars.h"
#include "http/server_internal.h"
#include "http/tls.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char CONTINUE[] = "HTTP/1.1 100 Continue\r\n\r\n";

static void conn_input(struct conn *conn);

static void arm(struct conn *conn, int64_t timeout_ms)
{
    struct timeval wait = {timeout_ms / 1000, (timeout_ms % 1000) * 1000};
    (void)event_add(conn->timer, &wait);
}

static size_t input_bytes(const struct conn *conn)
{
    return evbuffer_get_length(bufferevent_get_input(conn->bev));
}

/* --- work: the exchange behind the scenes --------------------------------------------------------- */

struct work *work_new(struct http_server *server, struct conn *conn)
{
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return NULL;
    const struct http_limits *limits = &server->limits;
    const struct request_limits parse = {limits->line_bytes_max, limits->head_bytes_max,
                                         limits->field_count_max};
    request_parser_init(&work->parser, &parse);
    arena_init(&work->exchange.arena, limits->arena_bytes_max);
    buf_init(&work->exchange.reply.body, limits->reply_bytes_max);
    work->exchange.request = &work->parser.request;
    work->peer = conn->peer;
    work->exchange.peer = &work->peer;
    work->exchange.started_ms = env_now_ms(server->env);
    work->server = server;
    work->conn = conn;
    return work;
}

void work_free(struct work *work)
{
    if (!work)
        return;
    server_count(work->server, HTTP_COUNT_BODY_BYTES, -(int64_t)work->counted_body_bytes);
    request_parser_done(&work->parser);
    arena_done(&work->exchange.arena);
    buf_done(&work->exchange.reply.body);
    free(work);
}

/* --- closing -------------------------------------------------------------------------------------- */

static void end_stream(struct conn *conn)
{
    const struct http_stream_handler *handler = conn->stream.handler;
    if (!handler)
        return;
    conn->stream.handler = NULL;
    server_count(conn->server, HTTP_COUNT_STREAMS, -1);
    handler->closed(conn->stream.context);
}

void conn_close(struct conn *conn)
{
    struct http_server *server = conn->server;
    end_stream(conn);
    if (conn->work && conn->work->with_app)
        conn->work->conn = NULL; /* the application still has it; its answer will be dropped */
    else
        work_free(conn->work);
    if (conn->previous)
        conn->previous->next = conn->next;
    else
        server->conns = conn->next;
    if (conn->next)
        conn->next->previous = conn->previous;
    event_free(conn->timer);
    bufferevent_free(conn->bev);
    address_give(&server->addresses, conn->address);
    server_count(server, HTTP_COUNT_CONNECTIONS, -1);
    free(conn);
    server_check_drained(server);
}

/* Closes for writing and reads on for a moment: closing at once while bytes are still coming in would make
 * the kernel reset the connection, and the client could lose the answer. */
static void linger(struct conn *conn)
{
    conn->state = CONN_LINGER;
    if (conn->ended) {
        conn_close(conn);
        return;
    }
    if (conn->peer.tls)
        (void)SSL_shutdown(bufferevent_openssl_get_ssl(conn->bev));
    (void)shutdown(bufferevent_getfd(conn->bev), SHUT_WR);
    (void)evbuffer_drain(bufferevent_get_input(conn->bev), SIZE_MAX);
    arm(conn, conn->server->limits.linger_timeout_ms);
}

static void await_request(struct conn *conn)
{
    conn->state = CONN_IDLE;
    arm(conn, conn->server->limits.idle_timeout_ms);
    if (conn->server->draining)
        linger(conn);
    else if (input_bytes(conn) > 0)
        conn_input(conn);
    else if (conn->ended)
        conn_close(conn);
}

/* --- answering ------------------------------------------------------------------------------------ */

static void begin_stream(struct conn *conn, const struct http_stream_handler *handler, void *context)
{
    conn->state = CONN_STREAM;
    conn->stream = (struct http_stream){conn, handler, context};
    (void)event_del(conn->timer);
    server_count(conn->server, HTTP_COUNT_STREAMS, 1);
    handler->opened(context, &conn->stream);
}

static void count_answer(struct http_server *server, int status, size_t bytes)
{
    server_count(server, (enum http_counter)(HTTP_COUNT_RESPONSES_1XX_TOTAL + status / 100 - 1), 1);
    server_count(server, HTTP_COUNT_SENT_BYTES_TOTAL, (int64_t)bytes);
}

/* The exchange ends here: its answer moves to the network and it is freed. */
static void conn_answer(struct conn *conn)
{
    struct http_server *server = conn->server;
    struct work *work = conn->work;
    struct http_reply *reply = &work->exchange.reply;
    struct evbuffer *out = bufferevent_get_output(conn->bev);
    struct err err;
    bool last = conn->ended && input_bytes(conn) == 0;
    conn->close = conn->close || reply->stream || work->parser.request.close || last || server->draining ||
                  conn->requests >= server->limits.requests_per_connection_max;
    const struct http_stream_handler *handler = reply->stream;
    void *stream_context = reply->stream_context;
    conn->state = CONN_WRITE;
    conn->work = NULL;
    enum errc rc = server_answer_write(work, conn->close, out, &err);
    size_t bytes = evbuffer_get_length(out);
    count_answer(server, reply->status, bytes);
    if (rc == ERR_OK && server->app.answered)
        server->app.answered(server->app.context, &work->exchange,
                             env_now_ms(server->env) - work->exchange.started_ms);
    bool streams = rc == ERR_OK && handler && reply->stream && work->parser.request.method != HTTP_HEAD;
    work_free(work);
    if (handler && !streams)
        handler->closed(stream_context);
    if (rc < 0) { /* no memory: the callers still look at conn, so it is closed from the loop */
        conn->state = CONN_LINGER;
        arm(conn, 0);
        return;
    }
    arm(conn, server->limits.write_timeout_ms + (int64_t)bytes * 1000 / server->limits.write_bytes_per_s);
    if (streams)
        begin_stream(conn, handler, stream_context);
}

static void answer_problem(struct conn *conn, const struct err *err, int status)
{
    http_reply_problem_as(&conn->work->exchange, err, status);
    conn_answer(conn);
}

/* Refuses a request that was not read to its end: where the next one starts is in doubt, so the connection
 * closes. */
static void refuse(struct conn *conn, const struct err *err, int status)
{
    conn->close = true;
    answer_problem(conn, err, status);
}

static void refuse_overload(struct conn *conn, const char *what)
{
    struct err err;
    server_count(conn->server, HTTP_COUNT_REQUESTS_OVERLOAD_TOTAL, 1);
    (void)err_set(&err, ERR_BUSY, "%s", what);
    answer_problem(conn, &err, 503);
}

static void reply_arrived(struct letter *letter)
{
    struct work *work = (struct work *)(void *)((char *)letter - offsetof(struct work, letter));
    struct http_server *server = work->server;
    work->with_app = false;
    server_count(server, HTTP_COUNT_EXCHANGES, -1);
    if (work->conn) {
        conn_answer(work->conn);
        return;
    }
    const struct http_reply *reply = &work->exchange.reply;
    if (reply->stream)
        reply->stream->closed(reply->stream_context);
    work_free(work);
    server_check_drained(server);
}

void http_reply_send(struct http_exchange *exchange)
{
    struct work *work = (struct work *)(void *)((char *)exchange - offsetof(struct work, exchange));
    work->letter.open = reply_arrived;
    mailbox_post(work->server->mailbox, &work->letter);
}

/* --- reading -------------------------------------------------------------------------------------- */

static void dispatch(struct conn *conn)
{
    struct http_server *server = conn->server;
    (void)event_del(conn->timer);
    if (server_gauge(server, HTTP_COUNT_EXCHANGES) >= server->limits.exchanges_max) {
        refuse_overload(conn, "too many requests are being worked on");
        return;
    }
    conn->state = CONN_APP;
    conn->work->with_app = true;
    server_count(server, HTTP_COUNT_EXCHANGES, 1);
    server->app.request(server->app.context, &conn->work->exchange);
}

static void progressed(struct conn *conn, enum request_progress progress);

static void head_complete(struct conn *conn)
{
    struct http_server *server = conn->server;
    struct work *work = conn->work;
    struct err err;
    size_t body_bytes_max = 0;
    conn->requests++;
    server_count(server, HTTP_COUNT_REQUESTS_TOTAL, 1);
    if (conn->over_limit) {
        conn->close = true;
        refuse_overload(conn, "too many connections");
        return;
    }
    enum errc rc = server->app.head(server->app.context, &work->exchange, &body_bytes_max, &err);
    if (rc < 0) {
        /* A request without a body is read to its end, so the connection can be kept. */
        if (work->parser.request.chunked || work->parser.request.length_bytes > 0)
            conn->close = true;
        answer_problem(conn, &err, errc_info(rc)->http_status);
        return;
    }
    conn->state = CONN_BODY;
    arm(conn, server->limits.body_timeout_ms);
    enum request_progress progress = request_parser_accept(&work->parser, body_bytes_max);
    if (progress == REQUEST_MORE && work->parser.request.expect_continue && input_bytes(conn) == 0) {
        server_count(server, HTTP_COUNT_RESPONSES_1XX_TOTAL, 1);
        (void)bufferevent_write(conn->bev, CONTINUE, sizeof CONTINUE - 1);
    }
    progressed(conn, progress);
}

static void progressed(struct conn *conn, enum request_progress progress)
{
    struct err err;
    int status;
    switch (progress) {
    case REQUEST_MORE: return;
    case REQUEST_HEAD: head_complete(conn); return;
    case REQUEST_DONE: dispatch(conn); return;
    case REQUEST_BAD:
        server_count(conn->server, HTTP_COUNT_REQUESTS_MALFORMED_TOTAL, 1);
        status = request_parser_error(&conn->work->parser, &err);
        refuse(conn, &err, status);
        return;
    }
}

/* Counts what the body grew by; false when all bodies together are over the limit (it is then refused). */
static bool body_fits(struct conn *conn)
{
    struct http_server *server = conn->server;
    struct work *work = conn->work;
    size_t size = work->parser.request.body.size_bytes;
    server_count(server, HTTP_COUNT_BODY_BYTES, (int64_t)(size - work->counted_body_bytes));
    work->counted_body_bytes = size;
    if (server_gauge(server, HTTP_COUNT_BODY_BYTES) <= server->limits.bodies_bytes_max)
        return true;
    conn->close = true;
    refuse_overload(conn, "too many request bodies are being read");
    return false;
}

static bool reading(const struct conn *conn)
{
    return conn->state == CONN_IDLE || conn->state == CONN_HEAD || conn->state == CONN_BODY;
}

static bool begin_request(struct conn *conn)
{
    conn->work = work_new(conn->server, conn);
    if (!conn->work) {
        conn_close(conn);
        return false;
    }
    conn->state = CONN_HEAD;
    arm(conn, conn->server->limits.head_timeout_ms);
    return true;
}

/* Feeds the parser what has come, until a request is complete; the rest waits for its turn. Nothing here
 * calls back into the connection: answers of the application come by letter, so conn stays valid while it
 * is reading. */
static void conn_input(struct conn *conn)
{
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    struct evbuffer_iovec piece;
    while (reading(conn) && input_bytes(conn) > 0 && evbuffer_peek(input, -1, NULL, &piece, 1) > 0) {
        size_t used = 0;
        if (conn->state == CONN_IDLE && !begin_request(conn))
            return;
        enum request_progress progress = request_parser_feed(&conn->work->parser, piece.iov_base,
                                                             piece.iov_len, &used);
        (void)evbuffer_drain(input, used);
        server_count(conn->server, HTTP_COUNT_RECEIVED_BYTES_TOTAL, (int64_t)used);
        if (conn->state == CONN_BODY && !body_fits(conn))
            return;
        progressed(conn, progress);
    }
}

/* --- events --------------------------------------------------------------------------------------- */

static void on_read(struct bufferevent *bev, void *context)
{
    struct conn *conn = context;
    if (reading(conn)) {
        conn_input(conn);
    } else if (conn->state == CONN_LINGER || conn->state == CONN_STREAM) {
        size_t bytes = input_bytes(conn);
        (void)evbuffer_drain(bufferevent_get_input(bev), bytes);
        conn->linger_bytes += bytes;
        if (conn->linger_bytes > CONN_LINGER_BYTES_MAX)
            conn_close(conn);
    }
}

static void on_written(struct bufferevent *bev, void *context)
{
    struct conn *conn = context;
    if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (conn->state == CONN_STREAM)
        conn->stream.handler->drained(conn->stream.context);
    else if (conn->state == CONN_WRITE && conn->close)
        linger(conn);
    else if (conn->state == CONN_WRITE)
        await_request(conn);
}

static void handshake_done(struct conn *conn)
{
    SSL *ssl = bufferevent_openssl_get_ssl(conn->bev);
    conn->peer.certified = tls_peer(ssl, &conn->peer.certificate);
    await_request(conn);
}

static void on_event(struct bufferevent *bev, short what, void *context)
{
    struct conn *conn = context;
    (void)bev;
    if (what & BEV_EVENT_CONNECTED) {
        handshake_done(conn);
        return;
    }
    if (conn->state == CONN_HANDSHAKE)
        server_count(conn->server, HTTP_COUNT_HANDSHAKES_FAILED_TOTAL, 1);
    bool answering = conn->state == CONN_APP || conn->state == CONN_WRITE;
    if ((what & BEV_EVENT_EOF) && answering && !conn->peer.tls)
        conn->ended = true; /* closed for writing only, perhaps: it may still want its answer */
    else
        conn_close(conn);
}

static void on_timeout(evutil_socket_t unused, short what, void *context)
{
    struct conn *conn = context;
    struct err err;
    (void)unused;
    (void)what;
    if (conn->state == CONN_HANDSHAKE)
        server_count(conn->server, HTTP_COUNT_HANDSHAKES_FAILED_TOTAL, 1);
    if (conn->state == CONN_HEAD || conn->state == CONN_BODY) {
        server_count(conn->server, HTTP_COUNT_TIMEOUTS_TOTAL, 1);
        (void)err_set(&err, ERR_TIMEOUT, "the request did not come in time");
        refuse(conn, &err, 408);
        return;
    }
    if (conn->state == CONN_WRITE)
        server_count(conn->server, HTTP_COUNT_TIMEOUTS_TOTAL, 1);
    conn_close(conn);
}

void conn_drain(struct conn *conn)
{
    if (conn->state == CONN_IDLE || conn->state == CONN_HANDSHAKE || conn->state == CONN_STREAM)
        conn_close(conn);
}

/* --- opening -------------------------------------------------------------------------------------- */

static struct bufferevent *new_bufferevent(struct listener *listener, int fd)
{
    const int options = BEV_OPT_CLOSE_ON_FREE;
    if (!listener->tls)
        return bufferevent_socket_new(listener->server->base, fd, options);
    SSL *ssl = SSL_new(listener->tls);
    if (!ssl)
        return NULL;
    struct bufferevent *bev = bufferevent_openssl_socket_new(listener->server->base, fd, ssl,
                                                             BUFFEREVENT_SSL_ACCEPTING, options);
    if (!bev)
        SSL_free(ssl);
    else
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    return bev;
}

static void insert(struct http_server *server, struct conn *conn)
{
    conn->next = server->conns;
    if (conn->next)
        conn->next->previous = conn;
    server->conns = conn;
    server_count(server, HTTP_COUNT_CONNECTIONS, 1);
    server_count(server, HTTP_COUNT_CONNECTIONS_TOTAL, 1);
}

void conn_open(struct listener *listener, int fd, const struct sockaddr *address)
{
    struct http_server *server = listener->server;
    struct address_key key = address_key(address);
    int on = 1;
    size_t max = server->limits.connections_max;
    size_t open = server_gauge(server, HTTP_COUNT_CONNECTIONS);
    if (open > max + max / CONN_RESERVE_SHARE ||
        !address_take(&server->addresses, key, server->limits.connections_per_address_max)) {
        server_count(server, HTTP_COUNT_CONNECTIONS_REFUSED_TOTAL, 1);
        (void)close(fd);
        return;
    }
    /* Without it an answer in two pieces waits 40 ms for the client's delayed acknowledgement. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct conn *conn = calloc(1, sizeof *conn);
    struct bufferevent *bev = conn ? new_bufferevent(listener, fd) : NULL;
    struct event *timer = bev ? evtimer_new(server->base, on_timeout, conn) : NULL;
    if (!timer) {
        if (bev)
            bufferevent_free(bev);
        else
            (void)close(fd);
        free(conn);
        address_give(&server->addresses, key);
        server_count(server, HTTP_COUNT_CONNECTIONS_REFUSED_TOTAL, 1);
        return;
    }
    conn->server = server;
    conn->bev = bev;
    conn->timer = timer;
    conn->address = key;
    conn->peer.tls = listener->tls != NULL;
    conn->peer.listener = listener->number;
    conn->over_limit = open >= max;
    address_text(address, conn->peer.address, &conn->peer.port);
    insert(server, conn);
    bufferevent_setcb(bev, on_read, on_written, on_event, conn);
    bufferevent_setwatermark(bev, EV_READ, 0, CONN_READ_BYTES_MAX);
    (void)bufferevent_enable(bev, EV_READ | EV_WRITE);
    conn->state = conn->peer.tls ? CONN_HANDSHAKE : CONN_IDLE;
    arm(conn, conn->peer.tls ? server->limits.handshake_timeout_ms : server->limits.idle_timeout_ms);
}

/* --- streams -------------------------------------------------------------------------------------- */

void http_stream_add(struct http_stream *stream, const void *bytes, size_t size_bytes,
                     http_release_fn *release, void *context)
{
    struct evbuffer *out = bufferevent_get_output(stream->conn->bev);
    server_count(stream->conn->server, HTTP_COUNT_SENT_BYTES_TOTAL, (int64_t)size_bytes);
    if (evbuffer_add_reference(out, bytes, size_bytes, release, context) == 0)
        return;
    if (release)
        release(bytes, size_bytes, context);
    arm(stream->conn, 0); /* a stream with a hole must end; the caller still looks at it */
}

size_t http_stream_waiting_bytes(const struct http_stream *stream)
{
    return evbuffer_get_length(bufferevent_get_output(stream->conn->bev));
}

void http_stream_close(struct http_stream *stream)
{
    conn_close(stream->conn);
}
