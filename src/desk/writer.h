/* desk/writer.h — the one thread that writes: everything that waits goes into one transaction.
 *
 *   http ──submission──┐                 ┌─► batch of submissions ─► desk_submit_batch ─► answers
 *   link ──job─────────┼──► queue ──► writer
 *   timer ─job─────────┘                 └─► jobs, one by one, in the order of their coming
 *
 * While one batch is being flushed to the disk the next one gathers, so many clients cost hardly more
 * flushes than one. After a fault of the store nothing is taken any more and on_fault is called once: the
 * program says so, ends, and starts again into a verified state.
 *
 * Layer    desk.
 * Owns     writer_start gives an object freed by writer_stop; submissions and jobs stay the caller's and
 *          must live until their done is called.
 * Threads  writer_submit and writer_run may be called by any thread; done is called by the writer's thread
 *          and must not block.
 * Errors   ERR_BUSY when the queue is full or the writer has stopped.
 * Tests    tests/unit/desk/test_writer.c
 */
#ifndef DESK_WRITER_H
#define DESK_WRITER_H

#include "desk/desk.h"

enum { WRITER_QUEUE_MAX = 4096 };

struct writer;

struct writer_job {
    /* One of the two: a submission, or a function that runs alone with the desk. */
    struct submission *submission;
    enum errc (*run)(void *context, struct desk *desk, struct err *err);
    void *context;
    /* Called when it is durable, or has failed. For a submission rc is its own answer. */
    void (*done)(struct writer_job *job, enum errc rc, const struct err *err);
    struct writer_job *next; /* the queue's */
};

struct writer_events {
    void *context;
    void (*on_commit)(void *context, int64_t last_pos); /* new acts are there: streams and link wake up */
    void (*on_fault)(void *context, const struct err *err);
};

struct writer_counters {
    uint64_t batches;
    uint64_t submissions;
    uint64_t jobs;
    uint64_t refused_full;
    size_t waiting;
};

MUST_USE enum errc writer_start(struct desk *desk, const struct writer_events *events, struct writer **out,
                                struct err *err);
/* Finishes what is in the queue, then ends the thread. */
void writer_stop(struct writer *writer);

MUST_USE enum errc writer_put(struct writer *writer, struct writer_job *job, struct err *err);

/* Puts the job and waits for it: for threads that have nothing else to do. */
MUST_USE enum errc writer_wait(struct writer *writer, struct writer_job *job, struct err *err);

void writer_count(struct writer *writer, struct writer_counters *out);

#endif
