#include "main/serve_link.h"

#include "base/str.h"
#include "http/pool.h"
#include "link/service.h"
#include "link/worker.h"

#include <pthread.h>
#include <stdlib.h>

enum { READERS = 1, READ_WAITING_MAX = 256, REPLY_BYTES_MAX = 64 << 20 };

struct serve_link {
    const struct node *node;
    struct log *log;
    struct serve_demo *demo;
    struct writer *writer;
    struct node_link identity;
    struct tls_setup server_tls;
    struct tls_setup client_tls;
    struct ssl_ctx_st *tls;
    struct enrol_authority authority;
    struct service service; /* the writer's */
    struct pool *readers;
    pthread_mutex_t lock; /* of the worker: the writer wakes it until the very end */
    struct worker *worker;
};

/* ---- answering ---- */

/* A request of a peer, from the loop through a reading thread to the writer and back; in the exchange's
 * arena. */
struct answering {
    struct pool_job reading;
    struct writer_job job;
    struct serve_link *link;
    struct http_exchange *exchange;
    const char *path;
    bool certified;
    struct pki_identity caller;
    struct service_request *request;
    struct buf out;
};

static const char *path_of(const struct http_exchange *exchange, struct arena *arena)
{
    struct str path = http_request_path(exchange->request);
    return arena_strndup(arena, path.p, path.n);
}

static enum errc caller_of(const struct http_exchange *exchange, struct pki_identity *out, struct err *err)
{
    const struct http_certificate *shown = &exchange->peer->certificate;
    if (!exchange->peer->certified)
        return err_set(err, ERR_AUTH, "a node's certificate is needed here");
    return service_caller(shown->subject, shown->issuer, shown->fingerprint, out, err);
}

enum errc serve_link_head(struct serve_link *link, struct http_exchange *exchange, size_t *body_bytes_max,
                          struct err *err)
{
    const char *path = path_of(exchange, &exchange->arena);
    size_t most = path ? service_body_max(path) : 0;
    struct pki_identity caller;
    if (most == 0)
        return err_set(err, ERR_NOT_FOUND, "nodes exchange at " SERVICE_EXCHANGE);
    if (exchange->request->method != HTTP_POST)
        return err_set(err, ERR_METHOD, "nodes exchange by POST");
    *body_bytes_max = most;
    if (!streq(path, SERVICE_EXCHANGE))
        return ERR_OK;
    enum errc rc = caller_of(exchange, &caller, err);
    if (rc >= 0 && serve_demo_is_cut(link->demo, caller.node))
        return err_set(err, ERR_BUSY, "the link to %s is cut for a demonstration", caller.node);
    return rc;
}

static void answered(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct answering *a = job->context;
    struct http_exchange *exchange = a->exchange;
    bool enrols = streq(a->path, SERVICE_ENROL);
    if (rc < 0) {
        struct err named = *err;
        named.code = rc;
        http_reply_problem(exchange, &named);
        log_err(a->link->log, LOG_LEVEL_WARNING, enrols ? "enrolment_refused" : "exchange_refused", &named);
    } else {
        buf_add(http_reply_body(exchange, 200, "application/json"), a->out.data, a->out.size_bytes);
        if (enrols)
            log_line(a->link->log, LOG_LEVEL_INFO, "enrolled", "a node under this one has its certificate");
    }
    service_free(a->request);
    buf_done(&a->out);
    http_reply_send(exchange);
}

static enum errc run_answer(void *context, struct desk *desk, struct err *err)
{
    struct answering *a = context;
    return service_answer(&a->link->service, desk, a->request, &a->out, err);
}

static void read_request(struct pool_job *reading, void *worker)
{
    struct answering *a = (struct answering *)(void *)reading; /* its first member */
    const struct buf *body = &a->exchange->request->body;
    struct err err;
    (void)worker;
    enum errc rc = service_read(a->path, a->certified ? &a->caller : NULL, body->data ? body->data : "",
                                body->size_bytes, &a->request, &err);
    if (rc >= 0)
        rc = writer_put(a->link->writer, &a->job, &err);
    if (rc < 0)
        answered(&a->job, rc, &err);
}

void serve_link_request(struct serve_link *link, struct http_exchange *exchange)
{
    struct err err;
    struct answering *a = arena_alloc(&exchange->arena, sizeof *a);
    const char *path = path_of(exchange, &exchange->arena);
    if (!a || !path) {
        (void)err_set(&err, ERR_NOMEM, "no memory for the exchange");
        http_reply_problem(exchange, &err);
        http_reply_send(exchange);
        return;
    }
    a->reading.run = read_request;
    a->job = (struct writer_job){.run = run_answer, .context = a, .done = answered};
    a->link = link;
    a->exchange = exchange;
    a->path = path;
    a->certified = caller_of(exchange, &a->caller, &err) >= 0;
    buf_init(&a->out, REPLY_BYTES_MAX);
    enum errc rc = pool_put(link->readers, &a->reading, &err);
    if (rc < 0)
        answered(&a->job, rc, &err);
}

/* ---- calling ---- */

static void on_call(void *context, const char *peer, enum errc rc, const struct err *err)
{
    struct serve_link *link = context;
    if (rc < 0)
        log_err(link->log, LOG_LEVEL_WARNING, "call_failed", err);
    else
        log_line(link->log, LOG_LEVEL_DEBUG, "call", "%s", peer);
}

void serve_link_wake(struct serve_link *link)
{
    (void)pthread_mutex_lock(&link->lock);
    if (link->worker)
        worker_wake(link->worker);
    (void)pthread_mutex_unlock(&link->lock);
}

/* ---- offering a place ---- */

struct offering {
    struct serve_link *link;
    const struct admit_offer *offer;
    char *ticket;
};

static enum errc run_offer(void *context, struct desk *desk, struct err *err)
{
    struct offering *o = context;
    if (!o->link->service.enroller)
        return err_set(err, ERR_UNSUPPORTED,
                       "this node enrols nobody: it has no certificate authority, or no link.url");
    return enrol_offer(o->link->service.enroller, desk, o->offer, o->ticket, err);
}

enum errc serve_link_offer(struct serve_link *link, const struct admit_offer *offer, char *out_ticket,
                           struct err *err)
{
    struct offering o = {link, offer, out_ticket};
    struct writer_job job = {.run = run_offer, .context = &o};
    return writer_wait(link->writer, &job, err);
}

/* ---- beginning and end ---- */

static enum errc open_enroller(struct serve_link *link, struct err *err)
{
    link->authority = (struct enrol_authority){link->identity.authority, link->identity.root,
                                               link->node->config->link_url};
    if (!link->authority.chain || !*link->authority.url)
        return ERR_OK;
    return enroller_new(&link->authority, &link->service.enroller, err);
}

static enum errc open_link(struct serve_link *link, struct err *err)
{
    const struct config *config = link->node->config;
    struct link_options options = {.retry_ms = config->link_retry_ms,
                                   .retry_max_ms = config->link_retry_longest_ms};
    enum errc rc = node_link_load(config, &link->node->dir, link->node->env, &link->identity, err);
    if (rc < 0)
        return rc;
    link->server_tls = node_link_tls(&link->identity, TLS_SERVER);
    link->client_tls = node_link_tls(&link->identity, TLS_CLIENT);
    rc = tls_open(&link->server_tls, &link->tls, err);
    if (rc >= 0)
        rc = link_new(link->node->desk, &options, &link->service.link, err);
    return rc < 0 ? rc : open_enroller(link, err);
}

enum errc serve_link_open(const struct node *node, struct log *log, struct serve_demo *demo,
                          struct serve_link **out, struct err *err)
{
    struct serve_link *link = calloc(1, sizeof *link);
    if (!link || pthread_mutex_init(&link->lock, NULL) != 0) {
        free(link);
        return err_set(err, ERR_NOMEM, "no memory for the link");
    }
    link->node = node;
    link->log = log;
    link->demo = demo;
    enum errc rc = open_link(link, err);
    if (rc < 0)
        serve_link_close(link);
    else
        *out = link;
    return rc;
}

enum errc serve_link_start(struct serve_link *link, struct writer *writer, struct err *err)
{
    static void *const WORKERS[READERS] = {NULL};
    struct worker_parts parts = {.writer = writer,
                                 .link = link->service.link,
                                 .tls = &link->client_tls,
                                 .on_call = on_call,
                                 .context = link};
    struct worker *worker = NULL;
    link->writer = writer;
    enum errc rc = pool_start(WORKERS, READERS, READ_WAITING_MAX, &link->readers, err);
    if (rc >= 0)
        rc = worker_start(&parts, &worker, err);
    (void)pthread_mutex_lock(&link->lock);
    link->worker = worker;
    (void)pthread_mutex_unlock(&link->lock);
    return rc;
}

void serve_link_stop(struct serve_link *link)
{
    if (!link)
        return;
    (void)pthread_mutex_lock(&link->lock);
    struct worker *worker = link->worker;
    link->worker = NULL;
    (void)pthread_mutex_unlock(&link->lock);
    worker_stop(worker);
    pool_stop(link->readers);
    link->readers = NULL;
}

void serve_link_close(struct serve_link *link)
{
    if (!link)
        return;
    serve_link_stop(link);
    enroller_free(link->service.enroller);
    link_free(link->service.link);
    tls_close(link->tls);
    node_link_free(&link->identity);
    (void)pthread_mutex_destroy(&link->lock);
    free(link);
}

struct ssl_ctx_st *serve_link_tls(const struct serve_link *link)
{
    return link->tls;
}
