/* main/serve_internal.h — what the files of a running node share. Only serve*.c include it. */
#ifndef MAIN_SERVE_INTERNAL_H
#define MAIN_SERVE_INTERNAL_H

#include "http/mailbox.h"
#include "http/server.h"
#include "main/log.h"
#include "main/node.h"
#include "main/serve.h"

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
    struct arena arena;
    struct log *log;
    struct node node;
    struct event_base *base;
    struct mailbox *mailbox;
    struct http_server *server;
    struct event *signals[3];
    struct event *signer; /* its end */
    struct serve_tick tick;
    uint16_t ports[SERVE_LISTENERS];
    bool stopping;

    pthread_mutex_t lock; /* of the fault */
    bool faulty;
    struct err fault;
    struct letter fault_letter;
    struct letter commit_letter;
    atomic_bool commit_told;
};

/* serve_app.c: what a listener answers. */
extern const struct http_application SERVE_APPLICATION;

/* Any thread: the program must end, and this is why. Only the first reason counts. */
void serve_fail(struct serve *serve, const struct err *err);
/* Loop thread: begin the orderly end. */
void serve_stop(struct serve *serve);

#endif
