#include "intel/hunt.h"

#include "intel/hit_json.h"
#include "intel/newline.h"
#include "intel/sweep.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_PER_THREAD = 2 };

enum job_state { JOB_READY, JOB_DONE };

struct job {
    struct feed_block block;
    const char *file;
    enum job_state state;
    enum errc rc;
    struct err err;
    struct buf out;
    struct hunt_totals totals; /* of this block */
};

struct worker {
    struct hunt *hunt;
    size_t slot; /* of the live index */
    struct sweep *sweep;
    pthread_t thread;
    bool started;
    struct job *job; /* at hand */
    size_t job_number;
    /* where lines were counted to */
    const char *counted;
    uint64_t line;
    int64_t now_ms;
};

struct hunt {
    struct hunt_options options;
    struct hunt_totals totals;
    struct worker *workers;
    struct job *jobs;
    size_t job_count;
    pthread_mutex_t lock;
    pthread_cond_t work; /* there is a job, or an end */
    pthread_cond_t done; /* a job is done, or was written */
    size_t head;         /* the next job to be written */
    size_t next;         /* the next to be taken by a worker */
    size_t tail;         /* the next to be filled */
    bool stop;
    const char *file;
};

static struct job *job_at(const struct hunt *hunt, size_t number)
{
    return &hunt->jobs[number % hunt->job_count];
}

/* Writes what the job has so far; its turn must have come. */
static void write_out(struct hunt *hunt, struct job *job)
{
    if (job->out.size_bytes > 0 && job->rc == ERR_OK)
        job->rc = hunt->options.write(hunt->options.context, job->out.data, job->out.size_bytes, &job->err);
    buf_reset(&job->out);
}

static void wait_for_turn(struct hunt *hunt, size_t number)
{
    if (hunt->options.threads == 1)
        return;
    (void)pthread_mutex_lock(&hunt->lock);
    while (hunt->head != number && !hunt->stop)
        (void)pthread_cond_wait(&hunt->done, &hunt->lock);
    (void)pthread_mutex_unlock(&hunt->lock);
}

/* A finding of the block at hand becomes a line. */
static void tell(void *context, const struct finding *finding)
{
    struct worker *worker = context;
    struct job *job = worker->job;
    const struct hunt_options *options = &worker->hunt->options;
    if (finding->held_by)
        job->totals.held++;
    else
        job->totals.hits[finding->hit->kind]++;
    if (options->count_only || (finding->held_by && !options->show_held))
        return;
    const char *at = finding->field->at;
    if (at >= worker->counted)
        worker->line += newline_count(worker->counted, (size_t)(at - worker->counted));
    else /* of two fields together, the first may come again */
        worker->line -= newline_count(at, (size_t)(worker->counted - at));
    worker->counted = at;
    struct hit_place place = {job->file, worker->line, worker->now_ms};
    hit_json_write(finding, &place, &job->out);
    if (job->out.size_bytes < HUNT_OUT_BYTES && !job->out.failed)
        return;
    if (buf_check(&job->out, &job->err) < 0) {
        job->rc = ERR_LIMIT;
        return;
    }
    wait_for_turn(worker->hunt, worker->job_number);
    write_out(worker->hunt, job);
}

static void sweep_job(struct worker *worker, struct job *job, size_t number)
{
    struct hunt *hunt = worker->hunt;
    const struct index *index = live_use(hunt->options.live, worker->slot);
    worker->job = job;
    worker->job_number = number;
    worker->counted = feed_block_bytes(&job->block);
    worker->line = job->block.first_line;
    worker->now_ms = env_now_ms(hunt->options.env);
    enum errc rc = sweep_block(worker->sweep, index, &job->block.decoder, feed_block_bytes(&job->block),
                               job->block.size, &job->err);
    live_leave(hunt->options.live, worker->slot);
    if (job->rc == ERR_OK)
        job->rc = rc;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct hunt *hunt = worker->hunt;
    (void)pthread_mutex_lock(&hunt->lock);
    for (;;) {
        while (!hunt->stop && hunt->next == hunt->tail)
            (void)pthread_cond_wait(&hunt->work, &hunt->lock);
        if (hunt->stop)
            break;
        size_t number = hunt->next++;
        (void)pthread_mutex_unlock(&hunt->lock);
        sweep_job(worker, job_at(hunt, number), number);
        (void)pthread_mutex_lock(&hunt->lock);
        job_at(hunt, number)->state = JOB_DONE;
        (void)pthread_cond_broadcast(&hunt->done);
    }
    (void)pthread_mutex_unlock(&hunt->lock);
    return NULL;
}

static enum errc make_worker(struct hunt *hunt, size_t i, struct err *err)
{
    struct worker *worker = &hunt->workers[i];
    worker->hunt = hunt;
    worker->slot = i;
    enum errc rc = sweep_new(&worker->sweep, err);
    if (rc < 0)
        return rc;
    struct examiner *examiner = sweep_examiner(worker->sweep);
    examiner_init(examiner, NULL, tell, worker);
    for (size_t k = 0; k < hunt->options.good_count; k++)
        if (!examiner_add_good(examiner, hunt->options.good[k].index, hunt->options.good[k].weight))
            return err_set(err, ERR_LIMIT, "more than %d lists of the known good", EXAMINE_GOOD_MAX);
    if (hunt->options.threads > 1) {
        worker->started = pthread_create(&worker->thread, NULL, work, worker) == 0;
        if (!worker->started)
            return err_set(err, ERR_NOMEM, "a thread could not be made");
    }
    return ERR_OK;
}

enum errc hunt_new(const struct hunt_options *options, struct hunt **out, struct err *err)
{
    struct hunt *hunt = calloc(1, sizeof *hunt);
    if (!hunt)
        return err_set(err, ERR_NOMEM, "no memory to match logs");
    enum errc rc = ERR_OK;
    hunt->options = *options;
    (void)pthread_mutex_init(&hunt->lock, NULL); /* these cannot fail on Linux */
    (void)pthread_cond_init(&hunt->work, NULL);
    (void)pthread_cond_init(&hunt->done, NULL);
    hunt->job_count = options->threads == 1 ? 1 : BLOCKS_PER_THREAD * options->threads + 1;
    hunt->jobs = calloc(hunt->job_count, sizeof *hunt->jobs);
    hunt->workers = calloc(options->threads, sizeof *hunt->workers);
    if (!hunt->jobs || !hunt->workers)
        rc = err_set(err, ERR_NOMEM, "no memory to match logs");
    for (size_t i = 0; rc == ERR_OK && i < hunt->job_count; i++) {
        buf_init(&hunt->jobs[i].out, HUNT_OUT_MAX_BYTES);
        rc = feed_block_init(&hunt->jobs[i].block, err);
    }
    for (size_t i = 0; rc == ERR_OK && i < options->threads; i++)
        rc = make_worker(hunt, i, err);
    if (rc < 0)
        hunt_free(hunt);
    else
        *out = hunt;
    return rc;
}

void hunt_free(struct hunt *hunt)
{
    if (!hunt)
        return;
    (void)pthread_mutex_lock(&hunt->lock);
    hunt->stop = true;
    (void)pthread_cond_broadcast(&hunt->work);
    (void)pthread_cond_broadcast(&hunt->done);
    (void)pthread_mutex_unlock(&hunt->lock);
    for (size_t i = 0; hunt->workers && i < hunt->options.threads; i++) {
        if (hunt->workers[i].started)
            (void)pthread_join(hunt->workers[i].thread, NULL);
        sweep_free(hunt->workers[i].sweep);
    }
    for (size_t i = 0; hunt->jobs && i < hunt->job_count; i++) {
        feed_block_done(&hunt->jobs[i].block);
        buf_done(&hunt->jobs[i].out);
    }
    (void)pthread_cond_destroy(&hunt->work);
    (void)pthread_cond_destroy(&hunt->done);
    (void)pthread_mutex_destroy(&hunt->lock);
    free(hunt->workers);
    free(hunt->jobs);
    free(hunt);
}

static void add_totals(struct hunt_totals *sum, const struct hunt_totals *one)
{
    for (int i = 0; i < KIND_COUNT; i++)
        sum->hits[i] += one->hits[i];
    sum->held += one->held;
}

/* Fills the job behind the last. *out_filled = false when there was nothing. */
static enum errc fill(struct hunt *hunt, struct feed *feed, bool live, bool *out_filled, struct err *err)
{
    struct job *job = job_at(hunt, hunt->tail);
    enum errc rc = feed_fill(feed, &job->block, live, err);
    *out_filled = rc == ERR_OK && job->block.size > 0;
    if (!*out_filled)
        return rc;
    job->file = feed->name;
    job->rc = ERR_OK;
    job->state = JOB_READY;
    job->totals = (struct hunt_totals){0};
    buf_reset(&job->out);
    if (hunt->options.progress)
        hunt->options.progress(hunt->options.context, feed);
    if (hunt->options.threads == 1) {
        sweep_job(&hunt->workers[0], job, hunt->tail);
        job->state = JOB_DONE;
        hunt->tail++;
        return ERR_OK;
    }
    (void)pthread_mutex_lock(&hunt->lock);
    hunt->tail++;
    (void)pthread_cond_signal(&hunt->work);
    (void)pthread_mutex_unlock(&hunt->lock);
    return ERR_OK;
}

/* Writes the oldest job; wait = also when it is not done yet. *out_written tells. */
static enum errc drain(struct hunt *hunt, bool wait, bool *out_written, struct err *err)
{
    struct job *job = job_at(hunt, hunt->head);
    *out_written = false;
    if (hunt->head == hunt->tail)
        return ERR_OK;
    if (hunt->options.threads > 1) {
        (void)pthread_mutex_lock(&hunt->lock);
        while (wait && job->state != JOB_DONE)
            (void)pthread_cond_wait(&hunt->done, &hunt->lock);
        bool done = job->state == JOB_DONE;
        (void)pthread_mutex_unlock(&hunt->lock);
        if (!done)
            return ERR_OK;
    }
    write_out(hunt, job);
    add_totals(&hunt->totals, &job->totals);
    if (job->rc < 0 && err)
        *err = job->err;
    (void)pthread_mutex_lock(&hunt->lock);
    hunt->head++;
    (void)pthread_cond_broadcast(&hunt->done); /* the next one's turn has come */
    (void)pthread_mutex_unlock(&hunt->lock);
    *out_written = true;
    return job->rc;
}

enum errc hunt_run(struct hunt *hunt, struct feed *feed, bool live, struct err *err)
{
    enum errc rc = ERR_OK;
    bool more = true;
    uint64_t lines = feed->lines;
    uint64_t bytes = feed->bytes;
    uint64_t too_long = feed->too_long;
    assert(hunt->job_count > 0); /* hunt_new makes at least one */
    for (size_t i = 0; i < hunt->job_count; i++)
        hunt->jobs[i].block.decoder_version = 0; /* what blocks remember is of another feed */
    while (rc == ERR_OK && (more || hunt->head != hunt->tail)) {
        for (bool written = true; rc == ERR_OK && written;) {
            /* Who feeds a line at a time waits for its hits: they do not stay in the ring. */
            bool wait = !more || feed->dry || hunt->tail - hunt->head == hunt->job_count;
            rc = drain(hunt, wait, &written, err);
        }
        if (rc == ERR_OK && more)
            rc = fill(hunt, feed, live, &more, err);
        more = more || (rc == ERR_OK && !live && !feed->ended);
    }
    /* After an error nothing may still be at work on the ring. */
    while (hunt->head != hunt->tail) {
        bool written;
        (void)!drain(hunt, true, &written, NULL);
    }
    hunt->totals.lines += feed->lines - lines;
    hunt->totals.bytes += feed->bytes - bytes;
    hunt->totals.too_long += feed->too_long - too_long;
    return rc;
}

const struct hunt_totals *hunt_totals(const struct hunt *hunt)
{
    return &hunt->totals;
}
