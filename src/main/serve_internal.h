/* main/serve_internal.h — what the files of a running node share. Only serve*.c include it. */
#ifndef MAIN_SERVE_INTERNAL_H
#define MAIN_SERVE_INTERNAL_H

#include "http/api.h"
#include "http/mailbox.h"
#include "http/server.h"
#include "main/log.h"
#include "main/node.h"
#include "main/serve.h"
#include "main/serve_demo.h"
#include "main/serve_link.h"

#include <pthread.h>
#include <stdatomic.h>

struct event;
struct event_base;

enum serve_listener { SERVE_API, SERVE_LINK, SERVE_LISTENERS };

/* The event loop's part of a job that comes round again and again. */
struct serve_tick {
    struct writer_job job;
    atomic_bool waiting;
    struct event *timer;
};

struct serve {
    const struct serve_options *options;
    struct serve_demo demo;
    const struct env *env; /* its clock, or the machine's */
    struct arena arena;
    struct log *log;
    const char *name; /* of the node, for people */
    struct node node;
    struct event_base *base;
    struct mailbox *mailbox;
    struct http_server *server;
    struct api *api;
    struct serve_link *link; /* NULL: the node is not enrolled yet */
    struct ssl_ctx_st *api_tls;
    struct event *signals[3];
    struct event *signer; /* its end */
    struct serve_tick tick;
    uint16_t ports[SERVE_LISTENERS];
    int listeners[SERVE_LISTENERS]; /* numbers that the server gave */
    atomic_bool stopping;

    pthread_mutex_t lock; /* of the fault */
    atomic_bool faulty;
    struct err fault;
    struct letter fault_letter;
    struct letter commit_letter;
    atomic_bool commit_told;
    atomic_int_fast64_t last_pos;
};

/* serve_app.c: what a listener answers. */
extern const struct http_application SERVE_APPLICATION;

/* serve_program.c: the program function of struct api_parts. */
MUST_USE enum errc serve_program(void *context, const char *what, json_t *body, json_t **out,
                                 struct err *err);

/* Any thread: the program must end, and this is why. Only the first reason counts. */
void serve_fail(struct serve *serve, const struct err *err);
/* Loop thread: begin the orderly end. */
void serve_stop(struct serve *serve);

#endif
