/* Commands that watch traffic: from a capture, or from datagrams as they come. */
#include "main/call.h"
#include "sensor/dns_message.h"
#include "sensor/dns_sensor.h"
#include "sensor/flow_sensor.h"
#include "sensor/receiver.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

enum {
    BUCKETS_DEFAULT_LOG2 = 15,
    LISTEN_STEP_MS = 200,
    LINE_MAX_BYTES = 1 << 20,
    NAMES_MAX_BYTES = 64 << 20
};

static volatile sig_atomic_t STOPPED;

static void stop(int signal_number)
{
    (void)signal_number;
    STOPPED = 1;
}

struct sensing {
    struct call *call;
    struct flow_sensor *flow;
    struct dns_sensor *dns;
    struct protect protect;
    struct lookalike *lookalike;
    struct buf line;
};

typedef enum errc frame_fn(struct sensing *s, const struct frame *frame, struct err *err);

static enum errc write_line(struct sensing *s, struct err *err)
{
    FILE *out = s->call->streams.out;
    enum errc rc = buf_check(&s->line, err);
    if (rc == ERR_OK &&
        (fwrite(s->line.data, 1, s->line.size_bytes, out) != s->line.size_bytes || fflush(out)))
        rc = err_set(err, ERR_IO, "the detection could not be written: %s", strerror(errno));
    buf_reset(&s->line);
    return rc;
}

static enum errc tell(void *context, const struct detection *detection, struct err *err)
{
    struct sensing *s = context;
    detection_write(detection, &s->line);
    return write_line(s, err);
}

static void show_record(void *context, const struct flow *flow)
{
    struct sensing *s = context;
    struct err err;
    flow_write(flow, &s->line);
    if (write_line(s, &err) < 0)
        STOPPED = 1; /* nobody reads any more */
}

/* "amplification" is every service of it, "amplification/dns" one. False when there is none. */
static bool set_threshold(struct str kind, uint32_t pps, struct flow_watch_options *out)
{
    bool known = false;
    for (size_t i = 0; i < FLOW_RULES; i++) {
        const char *name = FLOW_RULE_ROWS[i].kind;
        bool whole = kind.n == strlen(name) || kind.n == strcspn(name, "/");
        if (!whole || strncmp(name, kind.p, kind.n) != 0)
            continue;
        out->start_pps[i] = pps;
        known = true;
    }
    return known;
}

static enum errc read_thresholds(const struct args *args, struct flow_watch_options *out, struct err *err)
{
    const char *text;
    for (size_t n = 0; (text = args_nth(args, "threshold", n)) != NULL; n++) {
        const char *equals = strchr(text, '=');
        struct str number = {equals ? equals + 1 : text, equals ? strlen(equals + 1) : 0};
        uint32_t pps = 0;
        if (!equals || !ip_parse_decimal(number, 1000000000, &pps) || pps == 0)
            return err_set(err, ERR_USAGE, "'%s' is no KIND=PPS, as in syn-flood=5000", text);
        struct str kind = {text, (size_t)(equals - text)};
        if (!set_threshold(kind, pps, out))
            return err_set(err, ERR_USAGE, "there is no kind of detection '%.*s'", (int)kind.n, kind.p);
    }
    return ERR_OK;
}

static enum errc read_nets(struct call *call, struct flow_watch_options *out, struct err *err)
{
    const char *text;
    size_t count = 0;
    while (args_nth(call->args, "net", count))
        count++;
    struct flow_net *nets = arena_array(call->arena, count, sizeof *nets);
    if (!nets || count > FLOW_NETS_MAX)
        return err_set(err, ERR_USAGE, "at most %d prefixes can be given", FLOW_NETS_MAX);
    for (size_t i = 0; (text = args_nth(call->args, "net", i)) != NULL; i++)
        if (!ip_parse_prefix((struct str){text, strlen(text)}, &nets[i].address, &nets[i].length))
            return err_set(err, ERR_USAGE, "'%s' is no prefix, as in 192.0.2.0/24", text);
    out->nets = nets;
    out->net_count = count;
    return ERR_OK;
}

static enum errc flow_frame(struct sensing *s, const struct frame *frame, struct err *err)
{
    return flow_sensor_frame(s->flow, frame, err);
}

static enum errc dns_frame(struct sensing *s, const struct frame *frame, struct err *err)
{
    return dns_sensor_frame(s->dns, frame, err);
}

static enum errc run_capture(struct sensing *s, const char *path, frame_fn *take, struct err *err)
{
    struct capture *capture = NULL;
    struct frame frame;
    bool more = true;
    enum errc rc = capture_open(path, &capture, err);
    while (rc == ERR_OK && !STOPPED) {
        rc = capture_next(capture, &frame, &more, err);
        if (rc < 0 || !more)
            break;
        rc = take(s, &frame, err);
    }
    capture_close(capture);
    return rc;
}

static enum errc take_datagram(void *context, const struct ip *from, const uint8_t *bytes, size_t size,
                               struct err *err)
{
    struct sensing *s = context;
    const struct export_datagram datagram = {*from, env_now_ms(s->call->env), bytes, size};
    return flow_sensor_datagram(s->flow, &datagram, err);
}

static enum errc run_listen(struct sensing *s, const char *address, struct err *err)
{
    struct receiver *receiver = NULL;
    enum errc rc = receiver_open(address, &receiver, err);
    if (rc < 0)
        return rc;
    const struct sigaction action = {.sa_handler = stop};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)fprintf(s->call->streams.err, "listening on port %u\n", receiver_port(receiver));
    while (rc == ERR_OK && !STOPPED) {
        rc = receiver_take(receiver, LISTEN_STEP_MS, take_datagram, s, err);
        if (rc == ERR_OK)
            rc = flow_sensor_tick(s->flow, env_now_ms(s->call->env), receiver_dropped(receiver), err);
    }
    receiver_close(receiver);
    return rc;
}

static enum errc write_summary(struct sensing *s, struct err *err)
{
    struct flow_sensor_totals t = flow_sensor_totals(s->flow);
    buf_addf(&s->line,
             "{\"kind\":\"summary\",\"packets\":%" PRIu64 ",\"records\":%" PRIu64 ",\"malformed\":%" PRIu64
             ",\"datagrams\":%" PRIu64 ",\"other\":%" PRIu64 ",\"options\":%" PRIu64
             ",\"untemplated\":%" PRIu64 ",\"misdated\":%" PRIu64 ",\"detections\":%" PRIu64
             ",\"suppressed\":%" PRIu64 ",\"crowded\":%" PRIu64 ",\"lost\":{\"kernel\":%" PRIu64
             ",\"sequence\":%" PRIu64 "}}\n",
             t.packets, t.exports.records, t.malformed + t.exports.malformed, t.datagrams, t.other,
             t.exports.options, t.exports.untemplated, t.watch.misdated, t.watch.detections,
             t.watch.suppressed, t.watch.crowded, t.lost.kernel, t.lost.sequence);
    return write_line(s, err);
}

static enum errc begin(struct sensing *s, struct err *err)
{
    const struct args *args = s->call->args;
    struct flow_sensor_options options = {
        .watch = {.buckets = (size_t)1 << args_int(args, "memory", BUCKETS_DEFAULT_LOG2),
                  .tell_starts = args_has(args, "listen"),
                  .tell = tell,
                  .context = s},
        .packets_only = args_has(args, "packets"),
        .record = args_has(args, "records") ? show_record : NULL,
        .context = s,
    };
    enum errc rc = read_thresholds(args, &options.watch, err);
    if (rc == ERR_OK)
        rc = read_nets(s->call, &options.watch, err);
    if (rc == ERR_OK && args_has(args, "pcap") == args_has(args, "listen"))
        rc = err_set(err, ERR_USAGE, "give either --pcap FILE or --listen ADDRESS:PORT");
    return rc == ERR_OK ? flow_sensor_new(&options, &s->flow, err) : rc;
}

static int run_flow(struct call *call)
{
    struct err err;
    struct sensing s = {.call = call};
    const char *pcap = args_text(call->args, "pcap");
    const char *listen = args_text(call->args, "listen");
    buf_init(&s.line, LINE_MAX_BYTES);
    STOPPED = 0;
    enum errc rc = begin(&s, &err);
    bool began = rc == ERR_OK;
    if (began)
        rc = pcap ? run_capture(&s, pcap, flow_frame, &err) : run_listen(&s, listen, &err);
    int code = rc < 0 ? call_fail(call, &err) : CLI_DONE;
    /* What was seen until then is told in any case. */
    if (began) {
        rc = flow_sensor_end(s.flow, &err);
        if (rc == ERR_OK)
            rc = write_summary(&s, &err);
        code = rc < 0 ? call_fail(call, &err) : code;
    }
    flow_sensor_free(s.flow);
    buf_done(&s.line);
    return code;
}

/* --- dns --- */

static void show_message(void *context, const struct dns_message *message)
{
    struct sensing *s = context;
    struct err err;
    buf_addf(&s->line, "{\"id\":%u,\"response\":%s,\"rcode\":%u,\"type\":%u,\"name\":", message->id,
             message->response ? "true" : "false", message->rcode, message->type);
    detection_string(message->name.text, message->name.size, &s->line);
    buf_addf(&s->line, ",\"answers\":%u}\n", message->answers);
    if (write_line(s, &err) < 0)
        STOPPED = 1; /* nobody reads any more */
}

/* The names of a list of the known good: the first word of each line. */
static enum errc allow_names(struct lookalike *lookalike, struct str text, struct err *err)
{
    enum errc rc = ERR_OK;
    while (text.n > 0 && rc == ERR_OK) {
        const char *stop = memchr(text.p, '\n', text.n);
        size_t line = stop ? (size_t)(stop - text.p) : text.n;
        size_t n = 0;
        while (n < line && (unsigned char)text.p[n] > ' ' && text.p[n] != '#' && text.p[n] != ',')
            n++;
        if (n > 0)
            rc = lookalike_allow(lookalike, (struct str){text.p, n}, err);
        line += stop != NULL;
        text = (struct str){text.p + line, text.n - line};
    }
    return rc;
}

static enum errc read_names(struct sensing *s, struct err *err)
{
    const char *protect = args_text(s->call->args, "protect");
    const char *known = args_text(s->call->args, "known-good");
    struct str names = {NULL, 0};
    struct str good = {NULL, 0};
    if (!protect)
        return known ? err_set(err, ERR_USAGE, "--known-good needs --protect") : ERR_OK;
    enum errc rc = call_read(s->call, protect, NAMES_MAX_BYTES, &names, err);
    if (rc == ERR_OK && known)
        rc = call_read(s->call, known, NAMES_MAX_BYTES, &good, err);
    if (rc == ERR_OK)
        rc = protect_read(names.p, names.n, &s->protect, err);
    if (rc == ERR_OK)
        rc = lookalike_new(&s->lookalike, err);
    for (size_t i = 0; i < s->protect.count && rc == ERR_OK; i++) {
        struct str name = {s->protect.names[i].name, strlen(s->protect.names[i].name)};
        rc = lookalike_protect(s->lookalike, name, err);
    }
    return rc == ERR_OK ? allow_names(s->lookalike, good, err) : rc;
}

static enum errc begin_dns(struct sensing *s, struct err *err)
{
    const struct args *args = s->call->args;
    enum errc rc = read_names(s, err);
    const struct dns_sensor_options options = {
        .buckets = (size_t)1 << args_int(args, "memory", BUCKETS_DEFAULT_LOG2),
        .protect = s->lookalike ? &s->protect : NULL,
        .lookalike = s->lookalike,
        .tell = tell,
        .record = args_has(args, "records") ? show_message : NULL,
        .context = s,
    };
    return rc == ERR_OK ? dns_sensor_new(&options, &s->dns, err) : rc;
}

static enum errc write_dns_summary(struct sensing *s, struct err *err)
{
    struct dns_sensor_totals t = dns_sensor_totals(s->dns);
    buf_addf(&s->line,
             "{\"kind\":\"summary\",\"packets\":%" PRIu64 ",\"records\":%" PRIu64 ",\"malformed\":%" PRIu64
             ",\"other\":%" PRIu64 ",\"fragments\":%" PRIu64 ",\"holes\":%" PRIu64 ",\"detections\":%" PRIu64
             ",\"suppressed\":%" PRIu64 ",\"crowded\":%" PRIu64 "}\n",
             t.packets, t.messages, t.malformed, t.other, t.fragments, t.holes, t.detections, t.suppressed,
             t.crowded);
    return write_line(s, err);
}

static int run_dns(struct call *call)
{
    struct err err;
    struct sensing s = {.call = call};
    buf_init(&s.line, LINE_MAX_BYTES);
    STOPPED = 0;
    enum errc rc = begin_dns(&s, &err);
    bool began = rc == ERR_OK;
    if (began)
        rc = run_capture(&s, args_text(call->args, "pcap"), dns_frame, &err);
    int code = rc < 0 ? call_fail(call, &err) : CLI_DONE;
    /* What was seen until then is told in any case. */
    if (began) {
        rc = dns_sensor_end(s.dns, &err);
        if (rc == ERR_OK)
            rc = write_dns_summary(&s, &err);
        code = rc < 0 ? call_fail(call, &err) : code;
    }
    dns_sensor_free(s.dns);
    lookalike_free(s.lookalike);
    protect_done(&s.protect);
    buf_done(&s.line);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "sensor flow",
        .summary = "find attacks in flows and packets",
        .options =
            (const struct option_row[]){
                {.name = "pcap",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .text = "read a capture; \"-\" is standard input"},
                {.name = "listen",
                 .kind = OPTION_TEXT,
                 .value = "ADDR:PORT",
                 .text = "receive NetFlow v5 and v9, IPFIX and sFlow on a UDP port"},
                {.name = "net",
                 .kind = OPTION_TEXT,
                 .value = "PREFIX",
                 .repeated = true,
                 .text = "watch only targets in this prefix"},
                {.name = "threshold",
                 .kind = OPTION_TEXT,
                 .value = "KIND=PPS",
                 .repeated = true,
                 .text = "packets a second that begin a kind of detection"},
                {.name = "packets", .text = "count datagrams of exporters as traffic; do not read them"},
                {.name = "records", .text = "print every record that was read, too"},
                {.name = "memory",
                 .kind = OPTION_INT,
                 .value = "LOG2",
                 .min = 4,
                 .max = 22,
                 .text = "2^LOG2 times 656 bytes of counters (default 15)"},
                {0},
            },
        .details =
            "Floods (SYN, other TCP, UDP, ICMP, fragments), amplification by service, carpet bombing of a\n"
            "prefix, scans of hosts and ports. Datagrams of exporters in a capture are read as records;\n"
            "everything else is counted as it is. A detection is one line of JSON with its start, peak,\n"
            "end and evidence, and with what was lost on the way; with --listen it is told when it begins\n"
            "and again when it ends. The last line is a summary.",
        .examples =
            (const struct example_row[]){
                {"fengsui sensor flow --pcap attack.pcap", "tells what a capture holds"},
                {"fengsui sensor flow --listen 0.0.0.0:2055 --net 192.0.2.0/24", "watches one's own network"},
                {0},
            },
        .run = run_flow,
    },
    {
        .name = "sensor dns",
        .summary = "find attacks in DNS",
        .options =
            (const struct option_row[]){
                {.name = "pcap",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .required = true,
                 .text = "read a capture; \"-\" is standard input"},
                {.name = "protect",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .text = "names to protect, each with the addresses it may have"},
                {.name = "known-good",
                 .kind = OPTION_TEXT,
                 .value = "FILE",
                 .text = "names that imitate nobody, whatever they look like"},
                {.name = "records", .text = "print every message that was read, too"},
                {.name = "memory",
                 .kind = OPTION_INT,
                 .value = "LOG2",
                 .min = 4,
                 .max = 22,
                 .text = "2^LOG2 times 656 bytes of counters (default 15)"},
                {0},
            },
        .details =
            "Attacks with random subdomains, floods of names that do not exist, tunnels, failing resolvers,\n"
            "top-level domains that are answered worse than before; and for protected names, answers that\n"
            "are not among the known ones, and other names that imitate them. A line of the list is a name\n"
            "and the addresses, prefixes and names it may answer with; a name without any learns from the\n"
            "first answers. A detection is one line of JSON, the last line is a summary.",
        .examples =
            (const struct example_row[]){
                {"fengsui sensor dns --pcap dns.pcap", "tells what a capture holds"},
                {"fengsui sensor dns --pcap dns.pcap --protect names.txt", "with protected names"},
                {0},
            },
        .run = run_dns,
    },
    {0},
};

const struct command_group COMMANDS_sensor = {"Traffic", ROWS};
