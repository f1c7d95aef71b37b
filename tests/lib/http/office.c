#include "lib/http/office.h"

#include "desk/access.h"
#include "http/mailbox.h"
#include "lib/check.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum { TOKENS_HELD_MAX = 32, DRAIN_MS = 5000 };

struct office {
    struct world_node *node;
    struct event_base *base;
    struct mailbox *mailbox;
    struct writer *writer;
    struct api *api;
    struct http_server *server;
    pthread_t loop;
    uint16_t port;
    atomic_bool ready;
    atomic_int_fast64_t last_pos;
    atomic_bool told;
    struct letter committed;
    struct letter drain;
    struct access_made tokens[TOKENS_HELD_MAX];
    size_t token_count;
};

/* --- what main does for a node ---------------------------------------------------------------------- */

static enum errc open_reader(void *context, struct store **out, struct err *err)
{
    struct office *office = context;
    const struct store_options options = {.dir = office->node->dir, .read_only = true};
    return store_open(&options, out, err);
}

static void close_reader(void *context, struct store *store)
{
    (void)context;
    store_close(store);
}

static bool is_ready(void *context)
{
    return atomic_load(&((struct office *)context)->ready);
}

static void tell_commit(struct letter *letter)
{
    struct office *office = (struct office *)(void *)((char *)letter - offsetof(struct office, committed));
    atomic_store(&office->told, false);
    if (office->api) /* the last commits may be told after it was closed */
        api_committed(office->api, atomic_load(&office->last_pos));
}

static void on_commit(void *context, int64_t last_pos)
{
    struct office *office = context;
    atomic_store(&office->last_pos, last_pos);
    if (!atomic_exchange(&office->told, true))
        mailbox_post(office->mailbox, &office->committed);
}

static void on_fault(void *context, const struct err *err)
{
    (void)context;
    print_error("the writer ends: %s\n", err->message);
}

static enum errc head(void *context, struct http_exchange *exchange, size_t *body_bytes_max, struct err *err)
{
    return api_head(((struct office *)context)->api, exchange, body_bytes_max, err);
}

static void request(void *context, struct http_exchange *exchange)
{
    api_request(((struct office *)context)->api, exchange);
}

/* --- lifecycle -------------------------------------------------------------------------------------- */

static void drained(void *context)
{
    (void)event_base_loopbreak(((struct office *)context)->base);
}

static void drain_now(struct letter *letter)
{
    struct office *office = (struct office *)(void *)((char *)letter - offsetof(struct office, drain));
    http_server_drain(office->server, DRAIN_MS, drained, office);
}

static void *loop(void *context)
{
    (void)event_base_loop(((struct office *)context)->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

static void open_api(struct office *office, struct world *world, const struct office_options *options)
{
    struct err err;
    const struct api_parts parts = {.base = office->base,
                                    .env = &world->env,
                                    .catalogue = world->law.catalogue,
                                    .packs = world->law.packs,
                                    .writer = office->writer,
                                    .readers = options->readers ? options->readers : 2,
                                    .waiting_max = options->waiting_max ? options->waiting_max : 64,
                                    .streams_max = options->streams_max ? options->streams_max : 16,
                                    .heartbeat_ms = 1000,
                                    .policy = options->policy,
                                    .last_pos = desk_last_pos(office->node->desk),
                                    .context = office,
                                    .open_reader = open_reader,
                                    .close_reader = close_reader,
                                    .ready = is_ready};
    assert_ok(api_open(&parts, &office->api, &err), &err);
}

static void open_server(struct office *office, struct world *world)
{
    const struct http_application app = {office, head, request, NULL};
    const struct http_listen listen = {"127.0.0.1", 0, NULL};
    struct err err;
    int listener = 0;
    assert_ok(http_server_open(office->base, &world->env, &HTTP_LIMITS_DEFAULT, &app, &office->server, &err),
              &err);
    assert_ok(http_server_listen(office->server, &listen, &listener, &office->port, &err), &err);
    api_watch(office->api, office->server);
}

struct office *office_open(struct world *world, const char *node, const struct office_options *options)
{
    static const struct office_options DEFAULTS = {0};
    struct office *office = calloc(1, sizeof *office);
    struct writer_events events = {office, on_commit, on_fault};
    struct err err;
    assert_non_null(office);
    (void)signal(SIGPIPE, SIG_IGN);
    world->env = ENV_REAL;
    office->node = world_node(world, node);
    office->committed.open = tell_commit;
    office->drain.open = drain_now;
    atomic_init(&office->ready, true);
    office->base = event_base_new();
    assert_ok(mailbox_new(office->base, &office->mailbox, &err), &err);
    assert_ok(writer_start(office->node->desk, &events, &office->writer, &err), &err);
    open_api(office, world, options ? options : &DEFAULTS);
    open_server(office, world);
    assert_int_equal(pthread_create(&office->loop, NULL, loop, office), 0);
    return office;
}

void office_close(struct office *office)
{
    mailbox_post(office->mailbox, &office->drain);
    (void)pthread_join(office->loop, NULL);
    http_server_close(office->server);
    api_close(office->api);
    office->api = NULL;
    writer_stop(office->writer);
    mailbox_free(office->mailbox);
    event_base_free(office->base);
    free(office);
}

uint16_t office_port(const struct office *office)
{
    return office->port;
}

/* --- tokens and jobs -------------------------------------------------------------------------------- */

void office_run(struct office *office, enum errc (*run)(void *context, struct desk *desk, struct err *err),
                void *context)
{
    struct err err;
    struct writer_job job = {.run = run, .context = context};
    assert_ok(writer_wait(office->writer, &job, &err), &err);
}

struct making {
    struct access_request request;
    struct access_made *made;
};

static enum errc make(void *context, struct desk *desk, struct err *err)
{
    struct making *making = context;
    return access_create(desk, &making->request, making->made, err);
}

const char *office_token(struct office *office, const char *role)
{
    assert_true(office->token_count < TOKENS_HELD_MAX);
    struct access_made *made = &office->tokens[office->token_count++];
    struct making making = {{.role = role, .person = "张三", .post = "值班员", .marked = true}, made};
    office_run(office, make, &making);
    return made->text;
}

void office_set_ready(struct office *office, bool ready)
{
    atomic_store(&office->ready, ready);
}
