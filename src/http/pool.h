/* http/pool.h — threads that answer what may take a moment: a bounded queue before a fixed number of workers.
 *
 * Layer    http.
 * Owns     its threads and its queue; jobs stay the caller's and must live until their run has begun.
 * Threads  pool_put and pool_put_own: any.
 * Errors   ERR_BUSY when the queue is full; ERR_NOMEM, ERR_IO at the start.
 * Tests    tests/unit/http/test_pool.c
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "base/err.h"

struct pool;

struct pool_job {
    void (*run)(struct pool_job *job, void *worker);
    struct pool_job *next; /* the queue's */
};

/* workers[i] is what thread i hands to every job it runs. */
MUST_USE enum errc pool_start(void *const *workers, size_t count, size_t waiting_max, struct pool **out,
                              struct err *err);
/* Runs what waits, then ends the threads. Takes NULL. */
void pool_stop(struct pool *pool);

MUST_USE enum errc pool_put(struct pool *pool, struct pool_job *job, struct err *err);
/* For jobs of which there is a fixed number: they do not count and are never refused. */
void pool_put_own(struct pool *pool, struct pool_job *job);

size_t pool_waiting(struct pool *pool);

#endif
