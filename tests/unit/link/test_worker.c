/* Two nodes with their threads: one calls, the other answers over mutual TLS, until everything is there. */
#include "lib/check.h"
#include "lib/http/serving.h"
#include "lib/toy_pki.h"
#include "lib/world.h"
#include "link/service.h"
#include "link/worker.h"

#include "base/str.h"
#include "desk/setup.h"
#include "store/acts.h"
#include "store/outbox.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, STEP_MS = 20 };

struct answerer {
    struct desk *desk;
    struct link *link;
    struct writer *writer;
    struct serving *serving;
    struct ssl_ctx_st *ctx;
    struct tls_setup setup;
};

struct caller {
    struct desk *desk;
    struct link *link;
    struct writer *writer;
    struct worker *worker;
    struct tls_setup setup;
    pthread_mutex_t lock;
    int calls;
    int failures;
};

static struct world WORLD;
static struct toy_pki *PKI;
static struct answerer ANSWERER;
static struct caller CALLER;

/* ---- the answering side: what a program does with service.h ---- */

struct question {
    struct writer_job job;
    struct http_exchange *exchange;
    struct service_request *request;
};

static enum errc run_question(void *context, struct desk *desk, struct err *err)
{
    struct question *question = context;
    struct service service = {.link = ANSWERER.link};
    struct buf *body = http_reply_body(question->exchange, 200, "application/json");
    return service_answer(&service, desk, question->request, body, err);
}

static void answered(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct question *question = job->context;
    if (rc < 0)
        http_reply_problem(question->exchange, err);
    service_free(question->request);
    http_reply_send(question->exchange);
    free(question);
}

static enum errc app_head(void *context, struct http_exchange *exchange, size_t *body_bytes_max,
                          struct err *err)
{
    char path[64];
    struct str given = http_request_path(exchange->request);
    (void)context;
    (void)snprintf(path, sizeof path, "%.*s", (int)given.n, given.p);
    *body_bytes_max = service_body_max(path);
    return *body_bytes_max > 0 ? ERR_OK : err_set(err, ERR_NOT_FOUND, "nothing here");
}

static void app_request(void *context, struct http_exchange *exchange)
{
    struct err err;
    struct pki_identity caller;
    struct question *question = calloc(1, sizeof *question);
    const struct http_certificate *certificate = &exchange->peer->certificate;
    const struct buf *body = &exchange->request->body;
    (void)context;
    assert_non_null(question);
    question->exchange = exchange;
    enum errc rc = service_caller(certificate->subject, certificate->issuer, certificate->fingerprint,
                                  &caller, &err);
    if (rc >= 0)
        rc = service_read(SERVICE_EXCHANGE, &caller, body->data, body->size_bytes, &question->request, &err);
    question->job = (struct writer_job){.run = run_question, .context = question, .done = answered};
    if (rc >= 0)
        rc = writer_put(ANSWERER.writer, &question->job, &err);
    if (rc < 0)
        answered(&question->job, rc, &err);
}

static void open_answerer(void)
{
    struct err err;
    static const struct http_application APP = {NULL, app_head, app_request, NULL};
    ANSWERER.desk = world_node(&WORLD, "pca-330000")->desk;
    ANSWERER.setup = (struct tls_setup){.side = TLS_SERVER,
                                        .peer = TLS_PEER_MUST,
                                        .chain = PKI->chains[TOY_PROVINCE],
                                        .key = PKI->keys[TOY_PROVINCE],
                                        .root = PKI->root};
    assert_ok(tls_open(&ANSWERER.setup, &ANSWERER.ctx, &err), &err);
    assert_ok(link_new(ANSWERER.desk, NULL, &ANSWERER.link, &err), &err);
    struct writer_events none = {NULL, NULL, NULL};
    assert_ok(writer_start(ANSWERER.desk, &none, &ANSWERER.writer, &err), &err);
    ANSWERER.serving = serving_new(NULL, ANSWERER.ctx, &APP);
    serving_begin(ANSWERER.serving);
}

static void close_answerer(void)
{
    serving_end(ANSWERER.serving);
    writer_stop(ANSWERER.writer);
    link_free(ANSWERER.link);
    serving_free(ANSWERER.serving);
    tls_close(ANSWERER.ctx);
}

/* ---- the calling side ---- */

static void on_call(void *context, const char *peer, enum errc rc, const struct err *err)
{
    struct caller *caller = context;
    (void)peer;
    (void)err;
    (void)pthread_mutex_lock(&caller->lock);
    caller->calls++;
    caller->failures += rc < 0;
    (void)pthread_mutex_unlock(&caller->lock);
}

static void on_commit(void *context, int64_t last_pos)
{
    struct caller *caller = context;
    (void)last_pos;
    (void)pthread_mutex_lock(&caller->lock);
    if (caller->worker)
        worker_wake(caller->worker);
    (void)pthread_mutex_unlock(&caller->lock);
}

static void open_caller(const char *province_url)
{
    struct err err;
    struct writer_events events = {&CALLER, on_commit, NULL};
    struct link_options options = {.retry_ms = 50, .retry_max_ms = 100};
    CALLER.desk = world_node(&WORLD, "tel-zj")->desk;
    struct node_card card = *directory_find(desk_directory(CALLER.desk), "pca-330000");
    card.url = province_url;
    assert_ok(desk_install_cards(CALLER.desk, &card, 1, &err), &err);
    CALLER.setup = (struct tls_setup){.side = TLS_CLIENT,
                                      .chain = PKI->chains[TOY_ENTERPRISE],
                                      .key = PKI->keys[TOY_ENTERPRISE],
                                      .root = PKI->root};
    assert_int_equal(pthread_mutex_init(&CALLER.lock, NULL), 0);
    assert_ok(link_new(CALLER.desk, &options, &CALLER.link, &err), &err);
    assert_ok(writer_start(CALLER.desk, &events, &CALLER.writer, &err), &err);
    struct worker_parts parts = {.writer = CALLER.writer,
                                 .link = CALLER.link,
                                 .tls = &CALLER.setup,
                                 .on_call = on_call,
                                 .context = &CALLER};
    struct worker *worker = NULL;
    assert_ok(worker_start(&parts, &worker, &err), &err);
    (void)pthread_mutex_lock(&CALLER.lock);
    CALLER.worker = worker;
    (void)pthread_mutex_unlock(&CALLER.lock);
}

static void close_caller(void)
{
    (void)pthread_mutex_lock(&CALLER.lock);
    struct worker *worker = CALLER.worker;
    CALLER.worker = NULL; /* nobody wakes it from here on */
    (void)pthread_mutex_unlock(&CALLER.lock);
    worker_stop(worker);
    writer_stop(CALLER.writer);
    link_free(CALLER.link);
    (void)pthread_mutex_destroy(&CALLER.lock);
}

#define REPORT                                                                                               \
    "{\"title\":\"网站异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"  \
    "\"无法访问\",\"measures\":\"切换\",\"advice\":\"无\",\"region\":\"330000\"}"

static void report(char act[UUID_TEXT_SIZE])
{
    struct err err;
    json_t *body = json_loads(REPORT, 0, NULL);
    struct submission sub = {
        .kind = "incident.reported", .person = "张三", .post = "值班员", .body = body, .expected_rev = -1};
    struct writer_job job = {.submission = &sub};
    assert_ok(writer_wait(CALLER.writer, &job, &err), &err);
    json_decref(body);
    memcpy(act, sub.act, UUID_TEXT_SIZE);
}

struct glance {
    const char *act;
    enum outbox_state state;
};

static enum errc run_glance(void *context, struct desk *desk, struct err *err)
{
    struct arena arena;
    struct outbox_item item = {.state = OUTBOX_QUEUED};
    struct glance *glance = context;
    arena_init(&arena, 1 << 20);
    enum errc rc = outbox_get(desk_parts(desk)->store, "pca-330000", glance->act, &arena, &item, err);
    glance->state = item.state;
    arena_done(&arena);
    return rc;
}

static bool acked(const char *act)
{
    struct glance glance = {act, OUTBOX_QUEUED};
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += STEP_MS) {
        struct err err;
        struct writer_job job = {.run = run_glance, .context = &glance};
        assert_ok(writer_wait(CALLER.writer, &job, &err), &err);
        if (glance.state == OUTBOX_ACKED)
            return true;
        (void)usleep(STEP_MS * 1000);
    }
    return false;
}

/* ---- tests ---- */

static int set_up(void **state)
{
    int64_t now_ms = ENV_REAL.now_ms(NULL);
    struct pki_validity validity = {now_ms - 60000, now_ms + 86400000};
    (void)state;
    world_open(&WORLD);
    WORLD.env = ENV_REAL; /* the world's own clock and dice are for one thread */
    world_people(&WORLD);
    PKI = toy_pki_new(SUITE_SM2_SM3, &validity);
    CALLER = (struct caller){.calls = 0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    toy_pki_free(PKI);
    world_close(&WORLD);
    return 0;
}

static void acts_arrive_as_soon_as_they_are_made(void **state)
{
    (void)state;
    struct err err;
    char url[64];
    char act[UUID_TEXT_SIZE];
    open_answerer();
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", serving_port(ANSWERER.serving));
    open_caller(url);
    for (int i = 0; i < 3; i++) {
        report(act);
        assert_true(acked(act));
    }
    close_caller();
    close_answerer();
    bool there = false;
    assert_ok(acts_exists(world_node(&WORLD, "pca-330000")->store, act, &there, &err), &err);
    assert_true(there);
    assert_true(CALLER.calls >= 3);
}

static void it_goes_on_trying_until_somebody_is_there(void **state)
{
    (void)state;
    char url[64];
    char act[UUID_TEXT_SIZE];
    /* The address is known before anybody listens there: a server that is closed again tells a free one. */
    open_answerer();
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", serving_port(ANSWERER.serving));
    serving_drain(ANSWERER.serving, 0);
    open_caller(url);
    report(act);
    int failures = 0;
    for (int waited_ms = 0; failures < 3 && waited_ms < PATIENCE_MS; waited_ms += STEP_MS) {
        (void)usleep(STEP_MS * 1000);
        (void)pthread_mutex_lock(&CALLER.lock);
        failures = CALLER.failures;
        (void)pthread_mutex_unlock(&CALLER.lock);
    }
    assert_true(failures >= 3);
    close_caller();
    close_answerer();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(acts_arrive_as_soon_as_they_are_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_goes_on_trying_until_somebody_is_there, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
