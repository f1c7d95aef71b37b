#include "http/pool.h"

#include <pthread.h>
#include <string.h>

struct worker {
    struct pool *pool;
    pthread_t thread;
    void *context;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct pool_job *first;
    struct pool_job **last;
    size_t waiting;
    size_t waiting_max;
    bool stopping;
    size_t count;
    struct worker workers[];
};

static struct pool_job *take(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (!pool->first && !pool->stopping)
        (void)pthread_cond_wait(&pool->more, &pool->lock);
    struct pool_job *job = pool->first;
    if (job) {
        pool->first = job->next;
        if (!pool->first)
            pool->last = &pool->first;
        pool->waiting--;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return job;
}

static void *work(void *context)
{
    struct worker *worker = context;
    for (struct pool_job *job = take(worker->pool); job; job = take(worker->pool))
        job->run(job, worker->context);
    return NULL;
}

enum errc pool_start(void *const *workers, size_t count, size_t waiting_max, struct pool **out,
                     struct err *err)
{
    struct pool *pool = calloc(1, sizeof *pool + count * sizeof pool->workers[0]);
    if (!pool)
        return err_set(err, ERR_NOMEM, "no memory for a pool of threads");
    pool->waiting_max = waiting_max;
    pool->last = &pool->first;
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->more, NULL);
    for (; pool->count < count; pool->count++) {
        struct worker *worker = &pool->workers[pool->count];
        worker->pool = pool;
        worker->context = workers[pool->count];
        int failed = pthread_create(&worker->thread, NULL, work, worker);
        if (failed != 0) {
            pool_stop(pool);
            return err_set(err, ERR_IO, "no thread can be started: %s", strerror(failed));
        }
    }
    *out = pool;
    return ERR_OK;
}

void pool_stop(struct pool *pool)
{
    if (!pool)
        return;
    (void)pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    (void)pthread_cond_broadcast(&pool->more);
    (void)pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->count; i++)
        (void)pthread_join(pool->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&pool->more);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static bool append(struct pool *pool, struct pool_job *job, size_t waiting_max)
{
    (void)pthread_mutex_lock(&pool->lock);
    bool taken = pool->waiting < waiting_max;
    if (taken) {
        job->next = NULL;
        *pool->last = job;
        pool->last = &job->next;
        pool->waiting++;
        (void)pthread_cond_signal(&pool->more);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return taken;
}

enum errc pool_put(struct pool *pool, struct pool_job *job, struct err *err)
{
    if (append(pool, job, pool->waiting_max))
        return ERR_OK;
    return err_set(err, ERR_BUSY, "%zu requests are waiting already", pool->waiting_max);
}

void pool_put_own(struct pool *pool, struct pool_job *job)
{
    (void)append(pool, job, SIZE_MAX);
}

size_t pool_waiting(struct pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    size_t waiting = pool->waiting;
    (void)pthread_mutex_unlock(&pool->lock);
    return waiting;
}
