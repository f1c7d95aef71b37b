/* link/worker.h — the thread that calls peers: whoever is due, several at once, until it is stopped.
 *
 *   link_due, link_request ──(writer's jobs)──► curl, many calls at once ──► envelope_read
 *                                                    link_settle or link_failed ──(writer's job)
 *
 * Layer    link: the edge.
 * Owns     worker_start gives an object freed by worker_stop; it lends its parts.
 * Threads  one of its own; worker_wake may be called by any.
 * Errors   of starting; afterwards they are told to on_call.
 * Tests    tests/unit/link/test_worker.c
 */
#ifndef LINK_WORKER_H
#define LINK_WORKER_H

#include "desk/writer.h"
#include "link/link.h"
#include "seal/tls.h"

enum { WORKER_CALLS_MAX = 64 };

struct worker_parts {
    struct writer *writer;
    struct link *link;
    const struct tls_setup *tls; /* of a client */
    size_t calls_max;            /* at once; 0 = 16 */
    int64_t timeout_ms;          /* of one call; 0 = 30 s */
    /* Told after every call; rc 0 = it went through. May be NULL. Called by the worker's thread. */
    void (*on_call)(void *context, const char *peer, enum errc rc, const struct err *err);
    void *context;
};

struct worker;

MUST_USE enum errc worker_start(const struct worker_parts *parts, struct worker **out, struct err *err);
/* Before the writer is stopped, and when nobody wakes it any more. Gives up the calls that are under way:
 * what they carried goes again after the next start. */
void worker_stop(struct worker *worker);

/* Something was committed: there may be somebody to call. */
void worker_wake(struct worker *worker);

#endif
