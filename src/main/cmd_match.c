/* The command that looks for indicators in logs. */
#include "intel/follow.h"
#include "intel/good.h"
#include "main/call.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_STEP_MS = 200, FOLLOW_STEP_US = 200000, REFRESH_STEP_MS = 1000, THREADS_DEFAULT_MAX = 16 };

struct matching {
    struct call *call;
    struct live *live;
    struct good good;
    struct hunt *hunt;
    bool terminal; /* progress is welcome */
    bool failed;   /* a file could not be read to its end */
    int64_t begun_ms;
    int64_t shown_ms;
    int64_t refreshed_ms;
};

static enum errc write_hits(void *context, const char *bytes, size_t size, struct err *err)
{
    const struct matching *m = context;
    FILE *out = m->call->streams.out;
    if (fwrite(bytes, 1, size, out) != size || fflush(out) != 0)
        return err_set(err, ERR_IO, "the hits could not be written: %s", strerror(errno));
    return ERR_OK;
}

static void clear_progress(const struct matching *m)
{
    if (m->terminal && m->shown_ms > 0)
        (void)fputs("\r\033[K", m->call->streams.err);
}

static void show_progress(void *context, const struct feed *feed)
{
    struct matching *m = context;
    int64_t now = m->terminal ? env_now_ms(m->call->env) : 0;
    if (!m->terminal || now - m->shown_ms < PROGRESS_STEP_MS)
        return;
    clear_progress(m);
    m->shown_ms = now;
    uint64_t total = input_total_bytes(feed->input);
    uint64_t bytes = hunt_totals(m->hunt)->bytes + feed->bytes;
    FILE *err = m->call->streams.err;
    (void)fprintf(err, "%s: %.1f GB", feed->name, (double)feed->bytes / 1e9);
    if (total > 0)
        (void)fprintf(err, ", %" PRIu64 " %%", 100 * input_done_bytes(feed->input) / total);
    if (now > m->begun_ms)
        (void)fprintf(err, ", %.2f GB/s", (double)bytes / 1e6 / (double)(now - m->begun_ms));
    (void)fflush(err);
}

static void bad_good_line(void *context, const char *list, uint64_t number, struct str text)
{
    const struct matching *m = context;
    (void)fprintf(m->call->streams.err, "%s:%" PRIu64 ": nothing that can hold a hit back: %.*s\n", list,
                  number, (int)(text.n < 60 ? text.n : 60), text.p);
}

static void no_progress(void *context, const char *list, uint64_t indicators, uint64_t done, uint64_t total)
{
    (void)context;
    (void)list;
    (void)indicators;
    (void)done;
    (void)total;
}

static enum errc load_good(struct matching *m, const char *option, enum good_weight weight, struct err *err)
{
    const struct collect_report report = {m, bad_good_line, no_progress};
    size_t count = 0;
    while (args_nth(m->call->args, option, count))
        count++;
    if (count == 0)
        return ERR_OK;
    const char **paths = arena_array(m->call->arena, count, sizeof *paths);
    if (!paths)
        return err_set(err, ERR_NOMEM, "no memory for %zu lists", count);
    for (size_t i = 0; i < count; i++)
        paths[i] = args_nth(m->call->args, option, i);
    return good_load(&m->good, paths, count, weight, &report, m->call->env, err);
}

static size_t thread_count(const struct args *args)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t usual = cores < 1 ? 1 : cores < THREADS_DEFAULT_MAX ? cores : THREADS_DEFAULT_MAX;
    return (size_t)args_int(args, "threads", usual);
}

static enum errc begin(struct matching *m, struct err *err)
{
    const struct args *args = m->call->args;
    enum errc rc = live_open(args_text(args, "index"), &m->live, err);
    if (rc == ERR_OK)
        rc = load_good(m, "allow", GOOD_ALLOW, err);
    if (rc == ERR_OK)
        rc = load_good(m, "known-good", GOOD_KNOWN, err);
    if (rc < 0)
        return rc;
    const struct hunt_options options = {
        .live = m->live,
        .good = m->good.lists,
        .good_count = m->good.count,
        .threads = thread_count(args),
        .count_only = args_has(args, "count"),
        .show_held = args_has(args, "held"),
        .env = m->call->env,
        .write = write_hits,
        .context = m,
        .progress = show_progress,
    };
    return hunt_new(&options, &m->hunt, err);
}

static int format_of(const struct args *args)
{
    const char *name = args_text(args, "format");
    return name ? decoder_format_parse(name) : -1; /* "auto" is no format */
}

static enum errc open_input(struct call *call, const char *path, struct input **out, struct err *err)
{
    if (!streq(path, "-"))
        return input_open(path, out, err);
    int fd = dup(fileno(call->streams.in));
    if (fd < 0)
        return err_set(err, ERR_IO, "standard input cannot be read: %s", strerror(errno));
    return input_open_fd(fd, "-", out, err);
}

/* A file that fails does not keep the others from being read. */
static void match_file(struct matching *m, const char *path)
{
    struct err err;
    struct input *input = NULL;
    struct feed feed;
    enum errc rc = open_input(m->call, path, &input, &err);
    if (rc == ERR_OK) {
        feed_init(&feed, input, path, format_of(m->call->args));
        rc = hunt_run(m->hunt, &feed, false, &err);
        feed_done(&feed);
    }
    clear_progress(m);
    if (rc < 0)
        m->failed = call_fail(m->call, &err) != CLI_DONE;
}

/* Takes a new index as soon as it is there. */
static void refresh(struct matching *m)
{
    struct err err;
    bool replaced = false;
    int64_t now = env_now_ms(m->call->env);
    if (now - m->refreshed_ms < REFRESH_STEP_MS)
        return;
    m->refreshed_ms = now;
    if (live_refresh(m->live, &replaced, &err) < 0)
        (void)fprintf(m->call->streams.err, "the old index stays: %s\n", err.message);
    else if (replaced)
        (void)fputs("a new index is in use\n", m->call->streams.err);
}

static enum errc follow_files(struct matching *m, struct err *err)
{
    const struct args *args = m->call->args;
    struct follow *follow = NULL;
    enum errc rc = follow_new(args->operands, args->operand_count, format_of(args), &follow, err);
    while (rc == ERR_OK) {
        bool grown = false;
        refresh(m);
        rc = follow_step(follow, m->hunt, &grown, err);
        clear_progress(m);
        if (rc == ERR_OK && !grown)
            (void)usleep(FOLLOW_STEP_US); /* waking early does no harm */
    }
    follow_free(follow);
    return rc;
}

static int tell_totals(struct matching *m)
{
    const struct hunt_totals *t = hunt_totals(m->hunt);
    FILE *err = m->call->streams.err;
    if (t->held > 0 && !args_has(m->call->args, "held"))
        (void)fprintf(err, "%" PRIu64 " hits were held back by lists of the known good; --held shows them\n",
                      t->held);
    if (t->too_long > 0)
        (void)fprintf(err, "%" PRIu64 " records over %d MiB were passed over\n", t->too_long,
                      FEED_RECORD_MAX >> 20);
    if (!args_has(m->call->args, "count"))
        return CLI_DONE;
    json_t *doc = json_object();
    uint64_t total = 0;
    for (int i = 0; i < KIND_COUNT; i++) {
        total += t->hits[i];
        (void)json_object_set_new(doc, kind_name((enum kind)i), json_integer((json_int_t)t->hits[i]));
    }
    (void)json_object_set_new(doc, "total", json_integer((json_int_t)total));
    (void)json_object_set_new(doc, "held", json_integer((json_int_t)t->held));
    (void)json_object_set_new(doc, "lines", json_integer((json_int_t)t->lines));
    (void)json_object_set_new(doc, "bytes", json_integer((json_int_t)t->bytes));
    int code = call_write(m->call, doc);
    json_decref(doc);
    return code;
}

static int run_match(struct call *call)
{
    struct err err;
    struct matching m = {
        .call = call,
        .terminal = isatty(fileno(call->streams.err)) == 1 && isatty(fileno(call->streams.out)) != 1,
        .begun_ms = env_now_ms(call->env),
    };
    const struct args *args = call->args;
    int code = CLI_DONE;
    if (args_has(args, "follow") && args->operand_count == 0) {
        (void)err_set(&err, ERR_USAGE, "--follow needs files to follow");
        return call_fail(call, &err);
    }
    enum errc rc = begin(&m, &err);
    if (rc == ERR_OK && args_has(args, "follow"))
        rc = follow_files(&m, &err);
    for (size_t i = 0; rc == ERR_OK && i < args->operand_count; i++)
        match_file(&m, args->operands[i]);
    if (rc == ERR_OK && args->operand_count == 0)
        match_file(&m, "-");
    if (rc < 0)
        code = call_fail(call, &err);
    else
        code = tell_totals(&m);
    hunt_free(m.hunt);
    good_done(&m.good);
    live_close(m.live);
    return code == CLI_DONE && m.failed ? CLI_FAILED : code;
}

static const struct command ROWS[] = {
    {
        .name = "match",
        .summary = "find indicators in logs",
        .operands = "[FILE|-]…",
        .operands_max = SIZE_MAX,
        .options =
            (const struct option_row[]){
                {.name = "index",
                 .letter = 'i',
                 .kind = OPTION_TEXT,
                 .value = "INDEX",
                 .required = true,
                 .text = "the index, made by 'index build'"},
                {.name = "format",
                 .kind = OPTION_CHOICE,
                 .value = "auto|text|eve|zeek-tsv|zeek-json|dns-text|squid",
                 .text = "what the logs are (default auto); squid means every access log"},
                {.name = "count", .letter = 'c', .text = "print how many hits of each kind, not the hits"},
                {.name = "allow",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .repeated = true,
                 .text = "hold back every hit that this list or index names"},
                {.name = "known-good",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .repeated = true,
                 .text = "the same, but let an indicator stand that says more than the list"},
                {.name = "held", .text = "print the hits that are held back too, with what holds them"},
                {.name = "follow",
                 .letter = 'f',
                 .text = "go on reading as the files grow, and take a new index"},
                {.name = "threads",
                 .kind = OPTION_INT,
                 .value = "N",
                 .min = 1,
                 .max = HUNT_THREADS_MAX,
                 .text = "how many cores to use (default all, at most 16)"},
                {0},
            },
        .details = "Reads Suricata EVE, Zeek as JSON and as tables, query logs of dnsmasq, unbound, BIND and "
                   "CoreDNS,\n"
                   "access logs of squid, nginx and Apache, and text with one value a line; plain, gzip or "
                   "zstd. Only\n"
                   "fields that hold such values are looked at, and compared in full: a name matches itself "
                   "and what is\n"
                   "under it, a prefix the addresses in it, a URL what begins with it on the same host. Each "
                   "hit is one\n"
                   "line of JSON. MISP warning lists may be given to --known-good as they are.",
        .examples =
            (const struct example_row[]){
                {"fengsui match -i bad.idx eve.json", "prints every hit in a log"},
                {"fengsui match -i bad.idx --count dns.log.gz squid.log", "counts the hits in two"},
                {"fengsui match -i bad.idx --known-good warninglist.json --follow eve.json", "watches a log"},
                {0},
            },
        .run = run_match,
    },
    {0},
};

const struct command_group COMMANDS_match = {"Logs", ROWS};
