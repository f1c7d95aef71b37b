#include "http/pool.h"
#include "lib/check.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { WORKERS = 3, JOBS = 2000 };

struct job {
    struct pool_job job;
    struct bench *bench;
};

struct bench {
    atomic_int done;
    atomic_int by[WORKERS];
    sem_t gate;
    sem_t entered;
};

static int WORKER_NUMBERS[WORKERS] = {0, 1, 2};
static void *const CONTEXTS[WORKERS] = {&WORKER_NUMBERS[0], &WORKER_NUMBERS[1], &WORKER_NUMBERS[2]};

static void count(struct pool_job *job, void *worker)
{
    struct bench *bench = ((struct job *)(void *)job)->bench;
    atomic_fetch_add(&bench->done, 1);
    atomic_fetch_add(&bench->by[*(int *)worker], 1);
}

static void wait_at_gate(struct pool_job *job, void *worker)
{
    struct bench *bench = ((struct job *)(void *)job)->bench;
    (void)sem_post(&bench->entered);
    (void)sem_wait(&bench->gate);
    count(job, worker);
}

static void every_job_is_run_once_before_the_pool_ends(void **state)
{
    (void)state;
    static struct job jobs[JOBS];
    static struct bench bench;
    struct pool *pool = NULL;
    struct err err;
    assert_ok(pool_start(CONTEXTS, WORKERS, JOBS, &pool, &err), &err);
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = (struct job){{count, NULL}, &bench};
        assert_ok(pool_put(pool, &jobs[i].job, &err), &err);
    }
    pool_stop(pool);
    assert_int_equal(atomic_load(&bench.done), JOBS);
    assert_int_equal(atomic_load(&bench.by[0]) + atomic_load(&bench.by[1]) + atomic_load(&bench.by[2]), JOBS);
    pool_stop(NULL);
}

static void the_queue_has_a_limit_that_own_jobs_pass(void **state)
{
    (void)state;
    enum { WAITING = 4 };
    static struct job jobs[1 + WAITING + 2];
    static struct bench bench;
    struct pool *pool = NULL;
    struct err err;
    (void)sem_init(&bench.gate, 0, 0);
    (void)sem_init(&bench.entered, 0, 0);
    assert_ok(pool_start(CONTEXTS, 1, WAITING, &pool, &err), &err);
    for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++)
        jobs[i] = (struct job){{i == 0 ? wait_at_gate : count, NULL}, &bench};
    assert_ok(pool_put(pool, &jobs[0].job, &err), &err);
    (void)sem_wait(&bench.entered); /* the one worker is busy now */
    for (int i = 1; i <= WAITING; i++)
        assert_ok(pool_put(pool, &jobs[i].job, &err), &err);
    assert_int_equal(pool_waiting(pool), WAITING);
    assert_code(pool_put(pool, &jobs[WAITING + 1].job, &err), ERR_BUSY);
    pool_put_own(pool, &jobs[WAITING + 2].job);
    (void)sem_post(&bench.gate);
    pool_stop(pool);
    assert_int_equal(atomic_load(&bench.done), 1 + WAITING + 1);
    (void)sem_destroy(&bench.gate);
    (void)sem_destroy(&bench.entered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_run_once_before_the_pool_ends),
        cmocka_unit_test(the_queue_has_a_limit_that_own_jobs_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
