#include "main/serve.h"

#include "base/civil.h"
#include "base/str.h"
#include "desk/people.h"
#include "desk/tick.h"
#include "http/tls.h"
#include "main/file.h"
#include "main/notify.h"
#include "main/serve_internal.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SERVE_ARENA_BYTES = 8 << 20,
    TICK_S = 5,
    DRAIN_MS = 10 * 1000,
    FAULT_DRAIN_MS = 500,
    READ_WAITING_MAX = 1024,
    HEARTBEAT_MS = 15 * 1000,
    CONFIG_BYTES_MAX = 1 << 20
};

static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP};

/* ---- how it ends ---- */

void serve_fail(struct serve *serve, const struct err *err)
{
    (void)pthread_mutex_lock(&serve->lock);
    bool first = !atomic_load(&serve->faulty);
    if (first) {
        serve->fault = *err;
        atomic_store(&serve->faulty, true);
    }
    (void)pthread_mutex_unlock(&serve->lock);
    if (first)
        mailbox_post(serve->mailbox, &serve->fault_letter);
}

static void drained(void *context)
{
    struct serve *serve = context;
    (void)event_base_loopbreak(serve->base);
}

static void stop(struct serve *serve, int64_t patience_ms)
{
    if (atomic_exchange(&serve->stopping, true))
        return;
    (void)notify("STOPPING=1");
    http_server_drain(serve->server, patience_ms, drained, serve);
}

void serve_stop(struct serve *serve)
{
    log_line(serve->log, LOG_LEVEL_INFO, "stopping", "no new connections; what is under way is finished");
    stop(serve, DRAIN_MS);
}

/* Whoever waits is told that nothing was recorded: the writer answers at once. */
static void open_fault(struct letter *letter)
{
    struct serve *serve = (struct serve *)((char *)letter - offsetof(struct serve, fault_letter));
    log_err(serve->log, LOG_LEVEL_ERROR, "fault", &serve->fault);
    stop(serve, FAULT_DRAIN_MS);
}

/* ---- signals ---- */

static enum errc reread(struct serve *serve, struct arena *arena, struct err *err)
{
    struct str text;
    struct config fresh;
    const char *path = serve->options->config_path;
    enum errc rc = file_read(path, CONFIG_BYTES_MAX, arena, &text, err);
    if (rc >= 0)
        rc = config_load(path, text.p, text.n, arena, &fresh, err);
    if (rc < 0)
        return rc;
    log_set(serve->log, (enum log_level)log_level_parse(fresh.log_level),
            (enum log_format)log_format_parse(fresh.log_format));
    return log_reopen(serve->log, err);
}

/* A configuration that does not load changes nothing: the node goes on as it is. */
static void on_hangup(struct serve *serve)
{
    struct arena arena;
    struct err err;
    arena_init(&arena, SERVE_ARENA_BYTES);
    if (reread(serve, &arena, &err) < 0)
        log_err(serve->log, LOG_LEVEL_ERROR, "reload", &err);
    else
        log_line(serve->log, LOG_LEVEL_INFO, "reload",
                 "the log was opened anew; other settings need a restart");
    arena_done(&arena);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
    struct serve *serve = context;
    (void)what;
    if (number == SIGHUP)
        on_hangup(serve);
    else
        serve_stop(serve);
}

static void on_signer_end(evutil_socket_t fd, short what, void *context)
{
    struct err err;
    (void)fd;
    (void)what;
    (void)err_set(&err, ERR_CRYPTO, "the signer has ended");
    serve_fail(context, &err);
}

/* ---- the writer ---- */

static void on_commit(void *context, int64_t last_pos)
{
    struct serve *serve = context;
    atomic_store(&serve->last_pos, last_pos);
    if (serve->link)
        serve_link_wake(serve->link);
    if (!atomic_exchange(&serve->commit_told, true))
        mailbox_post(serve->mailbox, &serve->commit_letter);
}

static void open_commit(struct letter *letter)
{
    struct serve *serve = (struct serve *)((char *)letter - offsetof(struct serve, commit_letter));
    atomic_store(&serve->commit_told, false);
    if (serve->api)
        api_committed(serve->api, atomic_load(&serve->last_pos));
}

static void on_fault(void *context, const struct err *err)
{
    serve_fail(context, err);
}

static enum errc run_tick(void *context, struct desk *desk, struct err *err)
{
    (void)context;
    return desk_tick(desk, err);
}

static void ticked(struct writer_job *job, enum errc rc, const struct err *err)
{
    struct serve *serve = job->context;
    if (rc < 0)
        log_err(serve->log, LOG_LEVEL_ERROR, "tick", err);
    atomic_store(&serve->tick.waiting, false);
}

static void on_timer(evutil_socket_t unused, short what, void *context)
{
    struct serve *serve = context;
    struct serve_tick *tick = &serve->tick;
    struct err err;
    (void)unused;
    (void)what;
    if (atomic_exchange(&tick->waiting, true))
        return;
    tick->job = (struct writer_job){.run = run_tick, .context = serve, .done = ticked};
    if (writer_put(serve->node.writer, &tick->job, &err) < 0) {
        log_err(serve->log, LOG_LEVEL_WARNING, "tick", &err);
        atomic_store(&tick->waiting, false);
    }
}

/* ---- beginning ---- */

static enum errc open_log(struct serve *serve, struct err *err)
{
    const struct config *config = serve->options->config;
    const char *path = config->log_file[0] ? config_path(config, config->log_file, &serve->arena) : "";
    struct log_options options = {.level = (enum log_level)log_level_parse(config->log_level),
                                  .format = (enum log_format)log_format_parse(config->log_format),
                                  .path = path,
                                  .stream = serve->options->log};
    return path ? log_open(&options, serve->env, &serve->log, err)
                : err_set(err, ERR_NOMEM, "no memory for the name of the log");
}

static enum errc no_loop(struct err *err)
{
    return err_set(err, ERR_NOMEM, "no event loop: %s", strerror(errno));
}

static enum errc open_loop(struct serve *serve, struct err *err)
{
    serve->base = event_base_new();
    if (!serve->base)
        return no_loop(err);
    for (size_t i = 0; i < sizeof SIGNALS / sizeof SIGNALS[0]; i++) {
        serve->signals[i] = evsignal_new(serve->base, SIGNALS[i], on_signal, serve);
        if (!serve->signals[i] || event_add(serve->signals[i], NULL) < 0)
            return no_loop(err);
    }
    (void)signal(SIGPIPE, SIG_IGN);
    return mailbox_new(serve->base, &serve->mailbox, err);
}

static enum errc watch_signer(struct serve *serve, struct err *err)
{
    int fd = seal_fd(serve->node.seal);
    if (fd < 0)
        return ERR_OK;
    serve->signer = event_new(serve->base, fd, EV_READ, on_signer_end, serve);
    return serve->signer && event_add(serve->signer, NULL) == 0 ? ERR_OK : no_loop(err);
}

static enum errc listen_at(struct serve *serve, enum serve_listener which, const char *text,
                           struct ssl_ctx_st *tls, struct err *err)
{
    const char *colon = strrchr(text, ':'); /* the configuration has checked its form */
    bool six = text[0] == '[';
    int number = 0;
    const char *host = arena_strndup(&serve->arena, text + six, (size_t)(colon - text) - 2 * (size_t)six);
    if (!host)
        return err_set(err, ERR_NOMEM, "no memory for an address");
    struct http_listen listen = {.address = host, .port = (uint16_t)strtoul(colon + 1, NULL, 10), .tls = tls};
    enum errc rc = http_server_listen(serve->server, &listen, &number, &serve->ports[which], err);
    serve->listeners[which] = number;
    return rc;
}

static enum errc open_reader(void *context, struct store **out, struct err *err)
{
    const struct serve *serve = context;
    return node_open_reader(&serve->node, out, err);
}

static void close_reader(void *context, struct store *store)
{
    (void)context;
    store_close(store);
}

static bool is_ready(void *context)
{
    struct serve *serve = context;
    return serve->link && !atomic_load(&serve->stopping) && !atomic_load(&serve->faulty);
}

static void add_metrics(void *context, struct buf *out)
{
    const struct serve *serve = context;
    struct writer_counters count;
    writer_count(serve->node.writer, &count);
    buf_addf(out, "# TYPE fengsui_writer_batches_total counter\nfengsui_writer_batches_total %llu\n",
             (unsigned long long)count.batches);
    buf_addf(out, "# TYPE fengsui_writer_submissions_total counter\nfengsui_writer_submissions_total %llu\n",
             (unsigned long long)count.submissions);
    buf_addf(out, "# TYPE fengsui_writer_waiting gauge\nfengsui_writer_waiting %zu\n", count.waiting);
    buf_addf(out, "# TYPE fengsui_log_lost_total counter\nfengsui_log_lost_total %llu\n",
             (unsigned long long)log_lost(serve->log));
}

static enum errc open_api(struct serve *serve, struct err *err)
{
    const struct config *config = serve->options->config;
    struct api_parts parts = {.base = serve->base,
                              .env = serve->env,
                              .catalogue = serve->node.law.catalogue,
                              .packs = serve->node.law.packs,
                              .papers = serve->node.law.papers,
                              .writer = serve->node.writer,
                              .readers = (size_t)config->limits_readers,
                              .waiting_max = READ_WAITING_MAX,
                              .streams_max = (size_t)config->limits_connections,
                              .heartbeat_ms = HEARTBEAT_MS,
                              .last_pos = desk_last_pos(serve->node.desk),
                              .context = serve,
                              .open_reader = open_reader,
                              .close_reader = close_reader,
                              .ready = is_ready,
                              .metrics = add_metrics,
                              .program = serve_program};
    return api_open(&parts, &serve->api, err);
}

static enum errc open_api_tls(struct serve *serve, struct err *err)
{
    const struct config *config = serve->options->config;
    struct tls_config files = {.client = TLS_CLIENT_NONE};
    if (!config->api_tls_certificate[0])
        return ERR_OK;
    files.certificate_file = config_path(config, config->api_tls_certificate, &serve->arena);
    files.key_file = config_path(config, config->api_tls_key, &serve->arena);
    return files.certificate_file && files.key_file ? tls_new(&files, &serve->api_tls, err)
                                                    : err_set(err, ERR_NOMEM, "no memory for a path");
}

static enum errc open_server(struct serve *serve, struct err *err)
{
    const struct config *config = serve->options->config;
    struct http_limits limits = HTTP_LIMITS_DEFAULT;
    struct http_application app = SERVE_APPLICATION;
    app.context = serve;
    limits.connections_max = (size_t)config->limits_connections;
    limits.connections_per_address_max = (size_t)config->limits_connections_per_address;
    limits.idle_timeout_ms = config->limits_idle_ms;
    enum errc rc = open_api_tls(serve, err);
    if (rc >= 0)
        rc = http_server_open(serve->base, serve->env, &limits, &app, &serve->server, err);
    if (rc < 0)
        return rc;
    api_watch(serve->api, serve->server);
    rc = listen_at(serve, SERVE_API, config->api_listen, serve->api_tls, err);
    if (rc >= 0 && serve->link)
        rc = listen_at(serve, SERVE_LINK, config->link_listen, serve_link_tls(serve->link), err);
    return rc;
}

/* A node that nobody has enrolled yet answers its API, says that it is not ready, and calls nobody. */
static enum errc open_link(struct serve *serve, struct err *err)
{
    struct err why;
    enum errc rc = serve_link_open(&serve->node, serve->log, &serve->demo, &serve->link, &why);
    if (rc == ERR_NOT_FOUND) {
        log_err(serve->log, LOG_LEVEL_WARNING, "not_enrolled", &why);
        return ERR_OK;
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static enum errc start_tick(struct serve *serve, struct err *err)
{
    static const struct timeval EVERY = {TICK_S, 0};
    serve->tick.timer = event_new(serve->base, -1, EV_PERSIST, on_timer, serve);
    if (!serve->tick.timer || event_add(serve->tick.timer, &EVERY) < 0)
        return no_loop(err);
    on_timer(-1, 0, serve);
    return ERR_OK;
}

/* Afterwards the directory of nodes is the writer's. */
static enum errc note_name(struct serve *serve, struct err *err)
{
    const struct node_card *self = desk_self(serve->node.desk);
    serve->name = arena_strdup(&serve->arena, self ? self->name : "not enrolled yet");
    return serve->name ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a name");
}

static enum errc open_node(struct serve *serve, struct err *err)
{
    const struct serve_options *options = serve->options;
    if (options->drill)
        return node_open_drill(options->config, serve->env, options->drill, &serve->arena, &serve->node, err);
    return node_open(options->config, serve->env, &serve->arena, &serve->node, err);
}

/* Nobody can log in yet: whoever stands at this machine is shown how. Not in the log, which others read. */
static enum errc show_setup_code(struct serve *serve, struct err *err)
{
    struct one_time_code code;
    char until[CIVIL_TIME_SIZE];
    bool first = false;
    enum errc rc = people_first_run(serve->node.store, &first, err);
    if (rc < 0 || !first)
        return rc;
    rc = people_setup_code(serve->node.desk, &ACCESS_POLICY, &code, err);
    if (rc < 0)
        return rc;
    civil_format_time(code.expires_ms, CIVIL_CHINA_MIN, until);
    (void)fprintf(serve->options->log, "first run: enter the code %s in the console, once, until %s\n",
                  code.text, until);
    return ERR_OK;
}

static enum errc begin(struct serve *serve, struct err *err)
{
    const struct writer_events events = {.context = serve, .on_commit = on_commit, .on_fault = on_fault};
    enum errc rc = open_log(serve, err);
    if (rc >= 0)
        rc = open_node(serve, err);
    if (rc >= 0)
        rc = note_name(serve, err);
    if (rc >= 0 && !serve->options->drill)
        rc = show_setup_code(serve, err);
    if (rc >= 0)
        rc = open_link(serve, err);
    if (rc >= 0)
        rc = open_loop(serve, err);
    if (rc >= 0)
        rc = watch_signer(serve, err);
    if (rc >= 0)
        rc = node_start(&serve->node, &events, err);
    if (rc >= 0)
        rc = open_api(serve, err);
    if (rc >= 0)
        rc = open_server(serve, err);
    if (rc >= 0 && serve->link)
        rc = serve_link_start(serve->link, serve->node.writer, err);
    return rc < 0 ? rc : start_tick(serve, err);
}

static void tell_ready(struct serve *serve)
{
    const struct config *config = serve->options->config;
    log_line(serve->log, LOG_LEVEL_INFO, "started", "node %s (%s), api at %s port %u, link at %s port %u",
             config->node_id, serve->name, config->api_listen, (unsigned)serve->ports[SERVE_API],
             serve->link ? config->link_listen : "nowhere", (unsigned)serve->ports[SERVE_LINK]);
    (void)notify("READY=1");
}

/* ---- end ---- */

/* Letters that are still opened on the way find what they need, or NULL. */
static void end(struct serve *serve)
{
    atomic_store(&serve->stopping, true);
    if (serve->server)
        http_server_close(serve->server);
    api_close(serve->api);
    serve->api = NULL;
    serve_link_stop(serve->link);
    node_stop(&serve->node);
    serve_link_close(serve->link);
    if (serve->tick.timer)
        event_free(serve->tick.timer);
    node_close(&serve->node);
    if (serve->api_tls)
        tls_free(serve->api_tls);
    if (serve->signer)
        event_free(serve->signer);
    for (size_t i = 0; i < sizeof SIGNALS / sizeof SIGNALS[0]; i++)
        if (serve->signals[i])
            event_free(serve->signals[i]);
    if (serve->mailbox)
        mailbox_free(serve->mailbox);
    if (serve->base)
        event_base_free(serve->base);
    log_close(serve->log);
    serve_demo_done(&serve->demo);
    (void)pthread_mutex_destroy(&serve->lock);
    arena_done(&serve->arena);
}

enum errc serve_run(const struct serve_options *options, struct err *err)
{
    struct serve *serve = calloc(1, sizeof *serve);
    if (!serve || pthread_mutex_init(&serve->lock, NULL) != 0) {
        free(serve);
        return err_set(err, ERR_NOMEM, "no memory to serve");
    }
    serve->options = options;
    serve->env = &serve->demo.env;
    serve->fault_letter.open = open_fault;
    serve->commit_letter.open = open_commit;
    arena_init(&serve->arena, SERVE_ARENA_BYTES);
    enum errc rc = serve_demo_init(&serve->demo, options->env, options->demo, err);
    if (rc >= 0)
        rc = begin(serve, err);
    if (rc >= 0) {
        tell_ready(serve);
        if (event_base_dispatch(serve->base) < 0)
            rc = no_loop(err);
    }
    if (rc >= 0 && serve->faulty) {
        if (err)
            *err = serve->fault;
        rc = serve->fault.code;
    }
    if (rc >= 0)
        log_line(serve->log, LOG_LEVEL_INFO, "stopped", "everything is on the disk");
    end(serve);
    free(serve);
    return rc;
}
