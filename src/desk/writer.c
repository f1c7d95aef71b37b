#include "desk/writer.h"

#include <pthread.h>
#include <stdlib.h>

struct writer {
    struct desk *desk;
    struct writer_events events;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct writer_job *first;
    struct writer_job *last;
    bool stopping;
    bool failed;
    int64_t told_pos;
    struct writer_counters count;
};

/* Takes the jobs of one round: submissions up to the first function, or that function alone. */
static size_t take(struct writer *writer, struct writer_job **out)
{
    size_t n = 0;
    while (writer->first && n < DESK_BATCH_MAX) {
        struct writer_job *job = writer->first;
        if (!job->submission && n > 0)
            break;
        writer->first = job->next;
        if (!writer->first)
            writer->last = NULL;
        job->next = NULL;
        out[n++] = job;
        if (!job->submission)
            break;
    }
    writer->count.waiting -= n;
    return n;
}

static bool ends_writing(enum errc rc)
{
    return rc == ERR_IO || rc == ERR_DAMAGED || rc == ERR_CRYPTO;
}

static void fault(struct writer *writer, const struct err *err)
{
    (void)pthread_mutex_lock(&writer->lock);
    bool first = !writer->failed;
    writer->failed = true;
    (void)pthread_mutex_unlock(&writer->lock);
    if (first && writer->events.on_fault)
        writer->events.on_fault(writer->events.context, err);
}

static void answer(struct writer_job *job, enum errc rc, const struct err *err)
{
    job->done(job, rc, err);
}

static void run_submissions(struct writer *writer, struct writer_job **jobs, size_t count)
{
    struct submission *batch[DESK_BATCH_MAX];
    struct err err = {0};
    for (size_t i = 0; i < count; i++)
        batch[i] = jobs[i]->submission;
    enum errc rc = desk_submit_batch(writer->desk, batch, count, &err);
    if (ends_writing(rc))
        fault(writer, &err);
    /* One submission that is too large for memory must not take the others with it. */
    bool alone = rc < 0 && !ends_writing(rc) && count > 1;
    for (size_t i = 0; alone && i < count; i++)
        if (ends_writing(desk_submit_batch(writer->desk, &batch[i], 1, &err)))
            fault(writer, &err);
    for (size_t i = 0; i < count; i++)
        answer(jobs[i], batch[i]->rc, &batch[i]->err);
}

static void run_function(struct writer *writer, struct writer_job *job)
{
    struct err err = {0};
    enum errc rc = job->run(job->context, writer->desk, &err);
    if (ends_writing(rc) && store_failed(desk_parts(writer->desk)->store, NULL))
        fault(writer, &err);
    answer(job, rc, &err);
}

static void run_round(struct writer *writer, struct writer_job **jobs, size_t count)
{
    if (writer->failed) {
        struct err err;
        enum errc rc = err_set(&err, ERR_IO, "the node has stopped recording after a fault of its storage");
        for (size_t i = 0; i < count; i++)
            answer(jobs[i], rc, &err);
        return;
    }
    if (jobs[0]->submission)
        run_submissions(writer, jobs, count);
    else
        run_function(writer, jobs[0]);
    int64_t last_pos = desk_last_pos(writer->desk);
    if (last_pos > writer->told_pos && writer->events.on_commit)
        writer->events.on_commit(writer->events.context, last_pos);
    writer->told_pos = last_pos;
}

static void *work(void *context)
{
    struct writer *writer = context;
    struct writer_job *jobs[DESK_BATCH_MAX];
    for (;;) {
        (void)pthread_mutex_lock(&writer->lock);
        while (!writer->first && !writer->stopping)
            (void)pthread_cond_wait(&writer->more, &writer->lock);
        size_t count = take(writer, jobs);
        if (count > 0 && jobs[0]->submission) {
            writer->count.batches++;
            writer->count.submissions += count;
        } else {
            writer->count.jobs += count;
        }
        (void)pthread_mutex_unlock(&writer->lock);
        if (count == 0)
            return NULL;
        run_round(writer, jobs, count);
    }
}

enum errc writer_start(struct desk *desk, const struct writer_events *events, struct writer **out,
                       struct err *err)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return err_set(err, ERR_NOMEM, "no memory for the writer");
    writer->desk = desk;
    writer->events = *events;
    writer->told_pos = desk_last_pos(desk);
    (void)pthread_mutex_init(&writer->lock, NULL);
    (void)pthread_cond_init(&writer->more, NULL);
    if (pthread_create(&writer->thread, NULL, work, writer) != 0) {
        free(writer);
        return err_set(err, ERR_BUSY, "no thread could be made for the writer");
    }
    *out = writer;
    return ERR_OK;
}

void writer_stop(struct writer *writer)
{
    if (!writer)
        return;
    (void)pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    (void)pthread_cond_signal(&writer->more);
    (void)pthread_mutex_unlock(&writer->lock);
    (void)pthread_join(writer->thread, NULL);
    (void)pthread_mutex_destroy(&writer->lock);
    (void)pthread_cond_destroy(&writer->more);
    free(writer);
}

enum errc writer_put(struct writer *writer, struct writer_job *job, struct err *err)
{
    (void)pthread_mutex_lock(&writer->lock);
    bool full = writer->count.waiting >= WRITER_QUEUE_MAX || writer->stopping;
    if (full) {
        writer->count.refused_full++;
    } else {
        job->next = NULL;
        if (writer->last)
            writer->last->next = job;
        else
            writer->first = job;
        writer->last = job;
        writer->count.waiting++;
        (void)pthread_cond_signal(&writer->more);
    }
    (void)pthread_mutex_unlock(&writer->lock);
    return full ? err_set(err, ERR_BUSY, "%d requests are waiting to be recorded already", WRITER_QUEUE_MAX)
                : ERR_OK;
}

struct waiter {
    struct writer_job job;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool done;
    enum errc rc;
    struct err err;
};

static void wake(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct waiter *waiter = (struct waiter *)job;
    (void)pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    waiter->rc = rc;
    waiter->err = *err;
    (void)pthread_cond_signal(&waiter->over);
    (void)pthread_mutex_unlock(&waiter->lock);
}

enum errc writer_wait(struct writer *writer, struct writer_job *job, struct err *err)
{
    struct waiter waiter = {.job = *job};
    waiter.job.done = wake;
    (void)pthread_mutex_init(&waiter.lock, NULL);
    (void)pthread_cond_init(&waiter.over, NULL);
    enum errc rc = writer_put(writer, &waiter.job, err);
    if (rc >= 0) {
        (void)pthread_mutex_lock(&waiter.lock);
        while (!waiter.done)
            (void)pthread_cond_wait(&waiter.over, &waiter.lock);
        (void)pthread_mutex_unlock(&waiter.lock);
        rc = waiter.rc;
        if (rc < 0 && err)
            *err = waiter.err;
    }
    (void)pthread_mutex_destroy(&waiter.lock);
    (void)pthread_cond_destroy(&waiter.over);
    return rc;
}

void writer_count(struct writer *writer, struct writer_counters *out)
{
    (void)pthread_mutex_lock(&writer->lock);
    *out = writer->count;
    (void)pthread_mutex_unlock(&writer->lock);
}
