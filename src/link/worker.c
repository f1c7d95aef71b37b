#include "link/worker.h"

#include "base/str.h"
#include "link/client_internal.h"
#include "link/service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS_DEFAULT = 16, TIMEOUT_DEFAULT_MS = 30 * 1000, WAIT_MAX_MS = 10 * 1000, FAULT_WAIT_MS = 1000 };
enum { REPLY_ARENA_BYTES = 64 << 20 };

/* One call under way. */
struct slot {
    bool busy;
    char peer[PROOF_NAME_MAX + 1];
    char url[300 + 1];
    struct buf request;
    struct buf reply;
    struct call call;
};

struct worker {
    struct worker_parts parts;
    struct client *client;
    CURLM *multi;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    atomic_bool woken;
    struct slot slots[WORKER_CALLS_MAX];
    bool look;       /* a call has ended: there may be more for that peer */
    int64_t next_ms; /* when to look for somebody to call; from the last look */
};

/* ---- jobs of the writer ---- */

struct look {
    struct worker *worker;
    struct slot *made[WORKER_CALLS_MAX];
    size_t count;
};

static struct slot *free_slot(struct worker *worker)
{
    for (size_t i = 0; i < worker->parts.calls_max; i++)
        if (!worker->slots[i].busy)
            return &worker->slots[i];
    return NULL;
}

static size_t free_slots(const struct worker *worker)
{
    size_t count = 0;
    for (size_t i = 0; i < worker->parts.calls_max; i++)
        count += !worker->slots[i].busy;
    return count;
}

static enum errc prepare(struct look *look, struct desk *desk, const char *peer, struct err *err)
{
    struct slot *slot = free_slot(look->worker);
    const struct node_card *card = directory_find(desk_directory(desk), peer);
    if (!slot || !card || strlen(card->url) >= sizeof slot->url)
        return ERR_OK;
    enum errc rc = link_request(look->worker->parts.link, peer, &slot->request, err);
    if (rc < 0)
        return rc;
    memcpy(slot->peer, peer, strnlen(peer, PROOF_NAME_MAX) + 1);
    memcpy(slot->url, card->url, strlen(card->url) + 1);
    slot->busy = true;
    look->made[look->count++] = slot;
    return ERR_OK;
}

static enum errc run_look(void *context, struct desk *desk, struct err *err)
{
    struct look *look = context;
    const char *due[WORKER_CALLS_MAX];
    size_t count = 0;
    enum errc rc = link_due(look->worker->parts.link, due, free_slots(look->worker), &count,
                            &look->worker->next_ms, err);
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = prepare(look, desk, due[i], err);
    return rc;
}

struct outcome {
    struct worker *worker;
    const char *peer;
    const struct envelope *reply; /* NULL: the call failed */
    struct err why;
};

static enum errc run_outcome(void *context, struct desk *desk, struct err *err)
{
    struct outcome *outcome = context;
    (void)desk;
    struct link *link = outcome->worker->parts.link;
    if (outcome->reply && link_settle(link, outcome->peer, outcome->reply, &outcome->why) >= 0) {
        outcome->why = (struct err){0}; /* what was looked for and not found on the way is no failure */
        return ERR_OK;
    }
    return link_failed(link, outcome->peer, &outcome->why, err);
}

static enum errc ask_writer(struct worker *worker, enum errc (*run)(void *, struct desk *, struct err *),
                            void *context, struct err *err)
{
    struct writer_job job = {.run = run, .context = context};
    return writer_wait(worker->parts.writer, &job, err);
}

/* ---- calls ---- */

static void tell(struct worker *worker, const char *peer, enum errc rc, const struct err *err)
{
    if (worker->parts.on_call)
        worker->parts.on_call(worker->parts.context, peer, rc, err);
}

static void settle(struct worker *worker, struct slot *slot, enum errc rc, const struct err *why)
{
    struct arena arena;
    struct envelope reply;
    struct err err = {0};
    struct outcome outcome = {.worker = worker, .peer = slot->peer, .why = *why};
    arena_init(&arena, REPLY_ARENA_BYTES);
    if (rc >= 0)
        rc = envelope_read(slot->reply.data, slot->reply.size_bytes, &arena, &reply, &outcome.why);
    if (rc >= 0)
        outcome.reply = &reply;
    rc = ask_writer(worker, run_outcome, &outcome, &err);
    arena_done(&arena);
    if (rc >= 0)
        tell(worker, slot->peer, outcome.why.code, &outcome.why);
    else
        tell(worker, slot->peer, rc, &err);
    slot->busy = false;
    worker->look = true;
}

static void begin_call(struct worker *worker, struct slot *slot)
{
    struct err why = {0};
    struct client_post post = {.url = slot->url,
                               .path = SERVICE_EXCHANGE,
                               .node = slot->peer,
                               .body = slot->request.data,
                               .body_bytes = slot->request.size_bytes,
                               .timeout_ms = worker->parts.timeout_ms};
    enum errc rc = call_open(worker->client, &post, &slot->reply, &slot->call, &why);
    if (rc >= 0 && curl_easy_setopt(slot->call.easy, CURLOPT_PRIVATE, slot) == CURLE_OK &&
        curl_multi_add_handle(worker->multi, slot->call.easy) == CURLM_OK)
        return;
    if (rc >= 0) {
        call_close(&slot->call);
        rc = err_set(&why, ERR_NOMEM, "no memory for a call");
    }
    settle(worker, slot, rc, &why);
}

static void end_calls(struct worker *worker)
{
    int left = 0;
    for (CURLMsg *told = curl_multi_info_read(worker->multi, &left); told;
         told = curl_multi_info_read(worker->multi, &left)) {
        struct slot *slot = NULL;
        struct err why = {0};
        CURLcode code = told->data.result;
        CURL *easy = told->easy_handle;
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&slot);
        enum errc rc = call_result(&slot->call, code, &why);
        (void)curl_multi_remove_handle(worker->multi, easy);
        call_close(&slot->call);
        settle(worker, slot, rc, &why);
    }
}

/* Looks for peers that are due, and calls them. */
static void begin_calls(struct worker *worker, const struct env *env)
{
    struct err err = {0};
    struct look look = {.worker = worker, .count = 0};
    worker->look = false;
    if (ask_writer(worker, run_look, &look, &err) < 0) {
        worker->next_ms = env_now_ms(env) + FAULT_WAIT_MS;
        tell(worker, "", err.code, &err);
    }
    for (size_t i = 0; i < look.count; i++)
        begin_call(worker, look.made[i]);
}

/* A look costs the writer a query: only when something was committed, a call has ended, or it is time. */
static bool should_look(struct worker *worker, const struct env *env)
{
    bool woken = atomic_exchange(&worker->woken, false);
    return (woken || worker->look || env_now_ms(env) >= worker->next_ms) && free_slots(worker) > 0;
}

static int wait_ms(const struct worker *worker, const struct env *env)
{
    int64_t left_ms = worker->next_ms - env_now_ms(env);
    if (left_ms < 0 || free_slots(worker) == 0)
        return WAIT_MAX_MS; /* the end of a call wakes it */
    return left_ms < WAIT_MAX_MS ? (int)left_ms : WAIT_MAX_MS;
}

static void *work(void *context)
{
    struct worker *worker = context;
    const struct env *env = link_env(worker->parts.link);
    while (!atomic_load(&worker->stopping)) {
        int running = 0;
        if (should_look(worker, env))
            begin_calls(worker, env);
        (void)curl_multi_perform(worker->multi, &running);
        end_calls(worker);
        if (!worker->look)
            (void)curl_multi_poll(worker->multi, NULL, 0, wait_ms(worker, env), NULL);
    }
    return NULL;
}

/* ---- beginning and end ---- */

static void release(struct worker *worker)
{
    for (size_t i = 0; i < WORKER_CALLS_MAX; i++) {
        struct slot *slot = &worker->slots[i];
        if (slot->call.easy) {
            (void)curl_multi_remove_handle(worker->multi, slot->call.easy);
            call_close(&slot->call);
        }
        buf_done(&slot->request);
        buf_done(&slot->reply);
    }
    curl_multi_cleanup(worker->multi);
    client_free(worker->client);
    free(worker);
}

enum errc worker_start(const struct worker_parts *parts, struct worker **out, struct err *err)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return err_set(err, ERR_NOMEM, "no memory for the link");
    worker->parts = *parts;
    if (worker->parts.calls_max == 0 || worker->parts.calls_max > WORKER_CALLS_MAX)
        worker->parts.calls_max = CALLS_DEFAULT;
    if (worker->parts.timeout_ms <= 0)
        worker->parts.timeout_ms = TIMEOUT_DEFAULT_MS;
    for (size_t i = 0; i < WORKER_CALLS_MAX; i++) {
        buf_init(&worker->slots[i].request, ENVELOPE_BYTES_MAX);
        buf_init(&worker->slots[i].reply, ENVELOPE_BYTES_MAX);
    }
    enum errc rc = client_new(parts->tls, &worker->client, err);
    if (rc >= 0) {
        worker->multi = curl_multi_init();
        worker->running = worker->multi && pthread_create(&worker->thread, NULL, work, worker) == 0;
        if (!worker->running)
            rc = err_set(err, ERR_NOMEM, "no thread for the link");
    }
    if (rc < 0)
        release(worker);
    else
        *out = worker;
    return rc;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    atomic_store(&worker->stopping, true);
    (void)curl_multi_wakeup(worker->multi);
    (void)pthread_join(worker->thread, NULL);
    release(worker);
}

void worker_wake(struct worker *worker)
{
    atomic_store(&worker->woken, true);
    (void)curl_multi_wakeup(worker->multi);
}
