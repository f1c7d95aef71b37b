/* lib/http/serving.h — a server in a thread of its own, with a small application, and clients that talk to
 * it.
 *
 * The application:  GET /hello · POST /echo (answered by a worker thread; body ≤ SERVING_ECHO_MAX) · GET
 * /peer · GET /held (answered after serving_release) · GET /large (SERVING_LARGE_BYTES, fixed) · GET
 * /injected, /overflow, /nothing (defects of an application) · GET /stream (endless) · anything else is 404.
 */
#ifndef LIB_HTTP_SERVING_H
#define LIB_HTTP_SERVING_H

#include "base/buf.h"
#include "http/server.h"

#include <stdatomic.h>

enum { SERVING_ECHO_MAX = 100000, SERVING_LARGE_BYTES = 8 << 20, SERVING_REPLY_BYTES_MAX = 1 << 20 };

struct serving;

/* limits NULL: the default. tls NULL: plain. app NULL: the one above. */
struct serving *serving_new(const struct http_limits *limits, struct ssl_ctx_st *tls,
                            const struct http_application *app);
/* For what else lives on the loop: made before serving_begin, freed between serving_end and serving_free. */
struct event_base *serving_base(const struct serving *serving);
void serving_begin(struct serving *serving);
/* Both at once, with the application above. */
struct serving *serving_start(const struct http_limits *limits, struct ssl_ctx_st *tls);
uint16_t serving_port(const struct serving *serving);
/* Lets every held request go. */
void serving_release(struct serving *serving);
/* How many requests are held now. */
int serving_held(const struct serving *serving);
/* Begins to drain without waiting for the end. */
void serving_drain(struct serving *serving, int64_t timeout_ms);
uint64_t serving_counter(const struct serving *serving, enum http_counter counter);
/* Waits until a counter has a value; fails after ten seconds. */
void serving_await(const struct serving *serving, enum http_counter counter, uint64_t value);
/* Drains, waits for the end, closes the server. */
void serving_end(struct serving *serving);
void serving_free(struct serving *serving);
/* Both at once. */
void serving_stop(struct serving *serving);

/* --- a client of plain sockets ------------------------------------------------------------------------- */

int client_connect(uint16_t port);
void client_send(int fd, const char *bytes, size_t size_bytes);
void client_says(int fd, const char *text);
/* One whole answer (head and Content-Length bytes, or up to the end). Returns its status, 0 at the end of the
 * connection. text gets all of it. */
int client_answer(int fd, struct buf *text, bool head_only);
/* Everything until the server closes. */
void client_rest(int fd, struct buf *text);
/* Sends, reads one answer, closes. */
int client_once(uint16_t port, const char *bytes, size_t size_bytes, struct buf *text);

#endif
