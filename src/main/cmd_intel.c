/* Commands about indicators: an index of them, what is in it, and where logs have one. */
#include "base/civil.h"
#include "intel/collect.h"
#include "main/call.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { BAD_TEXT_MAX = 80 };

/* --- index build --- */

struct building {
    struct call *call;
    bool terminal; /* progress is welcome */
    size_t list;
    size_t lists;
    int64_t bad_shown_max;
    int64_t bad_in_list;
};

static void clear_progress(const struct building *b)
{
    if (b->terminal)
        (void)fputs("\r\033[K", b->call->streams.err);
}

static void show_progress(void *context, const char *list, uint64_t indicators, uint64_t done_bytes,
                          uint64_t total_bytes)
{
    const struct building *b = context;
    if (!b->terminal)
        return;
    clear_progress(b);
    (void)fprintf(b->call->streams.err, "list %zu of %zu, %s: %" PRIu64 " indicators", b->list, b->lists,
                  list, indicators);
    if (total_bytes > 0)
        (void)fprintf(b->call->streams.err, ", %" PRIu64 " %%", 100 * done_bytes / total_bytes);
    (void)fflush(b->call->streams.err);
}

/* Control characters of a bad line must not reach the terminal. */
static void show_bad_line(void *context, const char *list, uint64_t number, struct str text)
{
    struct building *b = context;
    char shown[BAD_TEXT_MAX + 1];
    size_t n = text.n < BAD_TEXT_MAX ? text.n : BAD_TEXT_MAX;
    if (b->bad_in_list++ >= b->bad_shown_max)
        return;
    for (size_t i = 0; i < n; i++)
        shown[i] = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F ? '?' : text.p[i];
    shown[n] = '\0';
    clear_progress(b);
    (void)fprintf(b->call->streams.err, "%s:%" PRIu64 ": no indicator: %s%s\n", list, number, shown,
                  text.n > n ? "…" : "");
}

static enum errc list_options(const struct args *args, struct list_options *out, struct err *err)
{
    const char *tlp = args_text(args, "tlp");
    const char *until = args_text(args, "valid-until");
    const char *family = args_text(args, "family");
    const char *hash64 = args_text(args, "hash64");
    *out = (struct list_options){
        .label =
            {
                .family = family ? family : "",
                .confidence = (int)args_int(args, "confidence", LABEL_UNKNOWN),
                .tlp = tlp ? (enum tlp)tlp_parse((struct str){tlp, strlen(tlp)}) : TLP_UNKNOWN,
                .valid_from_ms = LABEL_NO_TIME,
                .valid_until_ms = LABEL_NO_TIME,
            },
        .hash64_kind = streq(hash64, "sm3") ? KIND_SM3 : KIND_SHA256,
    };
    if (strlen(out->label.family) > LABEL_TEXT_MAX)
        return err_set(err, ERR_USAGE, "--family takes at most %d bytes", LABEL_TEXT_MAX);
    struct civil_date date;
    if (!until)
        return ERR_OK;
    enum errc rc = civil_parse_date(until, &date, err);
    if (rc == ERR_OK)
        out->label.valid_until_ms = civil_day_start_ms(date, CIVIL_CHINA_MIN) + CIVIL_DAY_MS;
    return rc;
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

static enum errc build_list(struct building *b, struct index_build *build, struct list_options *options,
                            struct list_counts *total, struct err *err)
{
    const struct collect_report report = {b, show_bad_line, show_progress};
    const struct args *args = b->call->args;
    struct list_counts counts;
    struct input *input = NULL;
    const char *path = args_operand(args, b->list - 1);
    enum errc rc = open_input(b->call, path, &input, err);
    if (rc < 0)
        return rc;
    b->bad_in_list = 0;
    options->label.source = collect_name(args->operands, args->operand_count, b->list - 1);
    rc = collect_list(build, input, options, &report, &counts, err);
    input_close(input);
    clear_progress(b);
    if (rc < 0)
        return rc;
    if (b->bad_in_list > b->bad_shown_max)
        (void)fprintf(b->call->streams.err, "%s: %" PRId64 " more bad lines; see --bad-lines\n",
                      options->label.source, b->bad_in_list - b->bad_shown_max);
    total->lines += counts.lines;
    total->indicators += counts.indicators;
    total->bad_lines += counts.bad_lines;
    return ERR_OK;
}

static json_t *counts_json(const struct index_summary *summary)
{
    json_t *counts = json_object();
    for (int i = 0; i < KIND_COUNT; i++)
        (void)json_object_set_new(counts, kind_name((enum kind)i),
                                  json_integer((json_int_t)summary->counts[i]));
    return counts;
}

static int tell_built(struct call *call, const char *path, const struct list_counts *total)
{
    struct err err;
    struct index *index = NULL;
    /* What is told is what a reader will see. */
    if (index_open(path, INDEX_CHECK_ALL, &index, &err) < 0)
        return call_fail(call, &err);
    struct index_summary s = index_summary(index);
    index_close(index);
    if (!call->json) {
        (void)fprintf(call->streams.out,
                      "%s: %" PRIu64 " indicators of %zu lists, %" PRIu64 " bytes, %.1f s; %" PRIu64
                      " lines read, %" PRIu64 " bad\n",
                      path, s.total, s.source_count, s.size_bytes, (double)s.build_ms / 1000, total->lines,
                      total->bad_lines);
        return CLI_DONE;
    }
    json_t *doc = json_pack("{s:s, s:I, s:o, s:I, s:I, s:I, s:I}", "index", path, "indicators",
                            (json_int_t)s.total, "counts", counts_json(&s), "lines", (json_int_t)total->lines,
                            "bad_lines", (json_int_t)total->bad_lines, "bytes", (json_int_t)s.size_bytes,
                            "build_ms", (json_int_t)s.build_ms);
    int code = call_write(call, doc);
    json_decref(doc);
    return code;
}

static int run_build(struct call *call)
{
    struct err err;
    struct list_options options;
    struct list_counts total = {0};
    struct index_build *build = NULL;
    const char *path = args_text(call->args, "output");
    struct building b = {
        .call = call,
        .terminal = isatty(fileno(call->streams.err)) == 1,
        .lists = call->args->operand_count,
        .bad_shown_max = args_int(call->args, "bad-lines", 100),
    };
    enum errc rc = list_options(call->args, &options, &err);
    if (rc == ERR_OK)
        rc = index_build_new(call->env, &build, &err);
    for (b.list = 1; rc == ERR_OK && b.list <= b.lists; b.list++)
        rc = build_list(&b, build, &options, &total, &err);
    if (rc == ERR_OK)
        rc = index_build_write(build, path, &err);
    index_build_free(build);
    return rc < 0 ? call_fail(call, &err) : tell_built(call, path, &total);
}

/* --- index info --- */

static json_t *sources_json(const struct index *index, size_t count)
{
    json_t *sources = json_array();
    for (size_t i = 0; i < count; i++) {
        struct index_source_info s = index_source(index, i);
        (void)json_array_append_new(
            sources, json_pack("{s:s, s:I, s:I, s:I}", "name", s.name, "lines", (json_int_t)s.lines,
                               "indicators", (json_int_t)s.indicators, "bad_lines",
                               (json_int_t)s.bad_lines)); /* a lost row shows as a lost source */
    }
    return sources;
}

static int run_info(struct call *call)
{
    struct err err;
    struct index *index = NULL;
    char built[CIVIL_TIME_SIZE];
    char checksum[17];
    const char *path = args_operand(call->args, 0);
    if (index_open(path, INDEX_CHECK_ALL, &index, &err) < 0)
        return call_fail(call, &err);
    struct index_summary s = index_summary(index);
    civil_format_time(s.built_ms, CIVIL_CHINA_MIN, built);
    (void)snprintf(checksum, sizeof checksum, "%016" PRIx64, s.checksum);
    json_t *doc = json_pack("{s:s, s:i, s:I, s:o, s:I, s:s, s:I, s:s, s:o}", "index", path, "version",
                            (int)s.version, "indicators", (json_int_t)s.total, "counts", counts_json(&s),
                            "bytes", (json_int_t)s.size_bytes, "built", built, "build_ms",
                            (json_int_t)s.build_ms, "checksum", checksum, "sources",
                            sources_json(index, s.source_count));
    int code = call_write(call, doc);
    json_decref(doc);
    index_close(index);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "index build",
        .summary = "make an index of indicators from lists",
        .operands = "FILE…",
        .operands_min = 1,
        .operands_max = SIZE_MAX,
        .options =
            (const struct option_row[]){
                {.name = "output",
                 .letter = 'o',
                 .kind = OPTION_TEXT,
                 .value = "INDEX",
                 .required = true,
                 .text = "the index to write; an old one is replaced at once, when the new one is whole"},
                {.name = "family", .kind = OPTION_TEXT, .value = "NAME", .text = "family of what names none"},
                {.name = "confidence",
                 .kind = OPTION_INT,
                 .value = "0-100",
                 .min = 0,
                 .max = LABEL_CONFIDENCE_MAX,
                 .text = "confidence of what states none"},
                {.name = "tlp",
                 .kind = OPTION_CHOICE,
                 .value = "clear|green|amber|amber+strict|red",
                 .text = "traffic light of what has none"},
                {.name = "valid-until",
                 .kind = OPTION_DATE,
                 .value = "DATE",
                 .text = "last day of what has no end"},
                {.name = "hash64",
                 .kind = OPTION_CHOICE,
                 .value = "sha256|sm3",
                 .text = "what bare hashes of 64 digits are (default sha256)"},
                {.name = "bad-lines",
                 .kind = OPTION_INT,
                 .value = "N",
                 .min = 0,
                 .max = INT64_MAX,
                 .text = "show at most so many bad lines of a list (default 100)"},
                {0},
            },
        .details =
            "A line is a domain name, an IPv4 or IPv6 address, prefix or address:port, a URL, an MD5,\n"
            "SHA-1, SHA-256 or SM3 hash (\"sm3:\" before it), or an E.164 number, range (+A-+B) or prefix\n"
            "(+A*). Hosts files, block lists of resolvers and browsers, tables with a header, MISP warning\n"
            "lists, and all of these in gzip or zstd are understood. \"-\" is standard input. A bad line is\n"
            "told with its number and counted; it stops nothing.",
        .examples =
            (const struct example_row[]){
                {"fengsui index build -o bad.idx list.txt", "makes an index of one list"},
                {"fengsui index build -o bad.idx --tlp amber feed.csv hosts.gz", "of two, both for the few"},
                {0},
            },
        .run = run_build,
    },
    {
        .name = "index info",
        .summary = "say what is in an index, and that it is whole",
        .operands = "INDEX",
        .operands_min = 1,
        .operands_max = 1,
        .examples =
            (const struct example_row[]){
                {"fengsui index info bad.idx", "prints counts, size, time, checksum and sources as JSON"},
                {0},
            },
        .run = run_info,
    },
    {0},
};

const struct command_group COMMANDS_intel = {"Indicators", ROWS};
