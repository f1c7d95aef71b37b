/* main/serve_link.h — the link of a running node: its listener's answers, and the thread that calls peers.
 *
 *   peer ──POST /link/v1/…──► loop ─► reading thread (service_read) ─► writer (service_answer) ─► reply
 *   worker (link/worker.h) ─► peers; woken by every commit
 *
 * Layer    main. Only serve*.c include it.
 * Owns     serve_link_open gives an object; serve_link_stop ends its threads while the writer still is there,
 *          serve_link_close frees it after the writer has stopped.
 * Threads  the loop thread, but for serve_link_wake and serve_link_offer.
 * Errors   ERR_NOT_FOUND the node is not enrolled; those of the certificates.
 * Tests    tests/unit/main/test_serve_link.c, tests/e2e
 */
#ifndef MAIN_SERVE_LINK_H
#define MAIN_SERVE_LINK_H

#include "http/server.h"
#include "main/log.h"
#include "main/node.h"
#include "main/node_link.h"
#include "main/serve_demo.h"

struct serve_link;

/* Before the writer's thread is started. */
MUST_USE enum errc serve_link_open(const struct node *node, struct log *log, struct serve_demo *demo,
                                   struct serve_link **out, struct err *err);
/* After it. */
MUST_USE enum errc serve_link_start(struct serve_link *link, struct writer *writer, struct err *err);
void serve_link_stop(struct serve_link *link);  /* takes NULL */
void serve_link_close(struct serve_link *link); /* takes NULL */

/* For the listener; lent. */
struct ssl_ctx_st *serve_link_tls(const struct serve_link *link);

/* The two halves of struct http_application. */
MUST_USE enum errc serve_link_head(struct serve_link *link, struct http_exchange *exchange,
                                   size_t *body_bytes_max, struct err *err);
void serve_link_request(struct serve_link *link, struct http_exchange *exchange);

/* Any thread: acts were committed. */
void serve_link_wake(struct serve_link *link);

/* A one-time ticket for a new node under this one. A thread that may wait for the writer. */
struct admit_offer;
MUST_USE enum errc serve_link_offer(struct serve_link *link, const struct admit_offer *offer,
                                    char *out_ticket, struct err *err);

#endif
