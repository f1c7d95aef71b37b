/* The demonstration: a small country plays documented incidents, each node a process of its own. */
#include "base/str.h"
#include "domain/model.h"
#include "main/call.h"
#include "main/demo_control.h"
#include "main/demo_country.h"
#include "main/demo_play.h"
#include "main/embedded.h"
#include "main/file.h"
#include "main/verify.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { FOLDER_SIZE = 500, PATH_SIZE = 300, LOOK_MS = 10, LOOKS_MAX = 10 * 1000 / LOOK_MS };

struct stage {
    struct call *call;
    struct country *country;
    bool quiet;
};

/* ---- the player's hands and eyes ---- */

static enum errc act(void *context, const struct demo_step *step, const char *subject, const char *parent,
                     char *out_id, struct err *err)
{
    struct stage *stage = context;
    json_t *body = NULL;
    enum errc rc = doc_parse_object(step->body, strlen(step->body), &body, err);
    if (rc < 0)
        return rc;
    struct country_act wish = {
        .node = step->node, .kind = step->act, .on = subject, .under = parent, .body = body};
    rc = country_act(stage->country, &wish, out_id, err);
    json_decref(body);
    return rc;
}

static json_t *matter(void *context, const char *node, const char *id)
{
    struct stage *stage = context;
    char path[PATH_SIZE];
    json_t *seen = NULL;
    (void)snprintf(path, sizeof path, "/api/v1/matters/%s", id);
    return country_get(stage->country, node, path, &seen, NULL) >= 0 ? seen : NULL;
}

static const char *duty(void *context, const char *node, const char *rule, const char *root)
{
    struct stage *stage = context;
    char path[PATH_SIZE];
    json_t *list = NULL;
    (void)snprintf(path, sizeof path, "/api/v1/duties?rule=%s&root=%s&owner=%s&limit=1", rule, root, node);
    if (country_get(stage->country, node, path, &list, NULL) < 0)
        return NULL;
    json_t *first = json_array_get(json_object_get(list, "items"), 0);
    const char *name = json_string_value(json_object_get(first, "state"));
    int state = name ? duty_state_parse(name) : -1;
    json_decref(list);
    return state < 0 ? NULL : duty_state_name((enum duty_state)state);
}

static enum errc control(void *context, const char *words, struct err *err)
{
    struct stage *stage = context;
    return demo_control(stage->country, words, err);
}

static bool patience(void *context, int tries)
{
    (void)context;
    (void)poll(NULL, 0, LOOK_MS);
    return tries < LOOKS_MAX;
}

static void chapter(void *context, const struct demo_chapter *chapter)
{
    struct stage *stage = context;
    if (!stage->quiet)
        (void)fprintf(stage->call->streams.out, "\n%s%s%s  %s\n",
                      call_style(stage->call->colour_out, STYLE_BOLD), chapter->zh,
                      call_style(stage->call->colour_out, STYLE_PLAIN), chapter->en);
}

static const char *word_of(const struct demo_step *step)
{
    if (step->wait)
        return "见";
    return step->control ? "况" : step->refused ? "拒" : "行";
}

static void step(void *context, const struct demo_step *step, bool good, const char *told)
{
    struct stage *stage = context;
    bool colour = stage->call->colour_out;
    if (stage->quiet && good)
        return;
    FILE *out = stage->quiet ? stage->call->streams.err : stage->call->streams.out;
    const char *where = step->wait ? step->wait->node : step->control ? step->control : step->node;
    (void)fprintf(out, "  %s%s%s %-16s %s", call_style(colour, good ? STYLE_GREEN : STYLE_RED),
                  good ? word_of(step) : "错", call_style(colour, STYLE_PLAIN), where, step->zh);
    if (*told)
        (void)fprintf(out, "  %s", told);
    (void)fprintf(out, "\n");
}

/* ---- what can be looked at ---- */

/* Every ledger, from the disk, as an auditor would; the nodes may go on meanwhile. */
static int verify_all(struct call *call, const struct country *country, bool quiet)
{
    int unsound = 0;
    for (size_t i = 0; i < country_count(country); i++) {
        struct err err = {0};
        json_t *report = NULL;
        struct country_place place = country_place(country, i);
        bool sound = verify_path(place.data, call->arena, &report, &err) >= 0 &&
                     json_is_true(json_object_get(report, "ok"));
        unsound += !sound;
        if (!quiet || !sound)
            (void)fprintf(quiet ? call->streams.err : call->streams.out, "  %-18s %lld acts  %s%s\n",
                          place.node->id, (long long)json_integer_value(json_object_get(report, "acts")),
                          sound ? "sound 账本完好" : "NOT SOUND ", err.message);
        json_decref(report);
    }
    return unsound;
}

static void tell_places(struct call *call, const struct country *country)
{
    for (size_t i = 0; i < country_count(country); i++) {
        struct country_place place = country_place(country, i);
        (void)fprintf(call->streams.out, "  %-16s %s  %s  %s\n    token %s\n    fengsui peers --data %s\n",
                      place.node->id, place.url, place.runs ? "runs" : "STOPPED", place.node->name,
                      place.officer, place.data);
    }
}

/* ---- afterwards, at the prompt ---- */

static void tell_help(struct call *call)
{
    (void)fprintf(call->streams.out,
                  "%s  status              各节点的地址、口令与状态\n  verify              校验各节点账本\n"
                  "  quit                全部停止\n",
                  DEMO_CONTROL_HELP);
}

/* True when it is enough. */
static bool obey(struct stage *stage, const char *words)
{
    struct err err;
    if (streq(words, "quit") || streq(words, "exit"))
        return true;
    if (streq(words, "help"))
        tell_help(stage->call);
    else if (streq(words, "status"))
        tell_places(stage->call, stage->country);
    else if (streq(words, "verify"))
        (void)verify_all(stage->call, stage->country, false);
    else if (*words && demo_control(stage->country, words, &err) < 0)
        (void)fprintf(stage->call->streams.out, "  %s\n", err.message);
    else if (*words)
        (void)fprintf(stage->call->streams.out, "  好\n");
    return false;
}

/* Lines are obeyed until one says quit or a signal comes; when no more lines come, only the signal counts. */
static void attend(struct stage *stage, int signals)
{
    struct call *call = stage->call;
    struct pollfd from[] = {{.fd = signals, .events = POLLIN},
                            {.fd = fileno(call->streams.in), .events = POLLIN}};
    nfds_t count = 2;
    char *line = NULL;
    size_t room = 0;
    bool enough = false;
    (void)setvbuf(call->streams.in, NULL, _IONBF, 0); /* nothing is read that poll does not see */
    while (!enough) {
        if (count == 2)
            (void)fputs("fengsui demo> ", call->streams.out);
        (void)fflush(call->streams.out);
        while (poll(from, count, -1) < 0 && errno == EINTR)
            continue;
        if (from[0].revents)
            break;
        if (getline(&line, &room, call->streams.in) < 0) {
            count = 1;
            continue;
        }
        line[strcspn(line, "\r\n")] = '\0';
        enough = obey(stage, line);
    }
    free(line);
}

/* From before the first node starts: whoever presses Ctrl-C wants them all to end in order. */
static enum errc catch_signals(int *out_fd, sigset_t *out_before, struct err *err)
{
    sigset_t wanted;
    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGINT);
    (void)sigaddset(&wanted, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &wanted, out_before) < 0)
        return err_set(err, ERR_IO, "signals cannot be held: %s", strerror(errno));
    *out_fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (*out_fd >= 0)
        return ERR_OK;
    (void)sigprocmask(SIG_SETMASK, out_before, NULL);
    return err_set(err, ERR_IO, "signals cannot be waited for: %s", strerror(errno));
}

static enum errc stay(struct stage *stage, struct err *err)
{
    sigset_t before;
    int signals = -1;
    enum errc rc = catch_signals(&signals, &before, err);
    if (rc < 0)
        return rc;
    (void)fprintf(stage->call->streams.out, "\n");
    tell_places(stage->call, stage->country);
    tell_help(stage->call);
    attend(stage, signals);
    /* A signal that was waited for is taken here, and does not end the program when it is let through. */
    struct signalfd_siginfo taken;
    while (read(signals, &taken, sizeof taken) == (ssize_t)sizeof taken)
        continue;
    (void)close(signals);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return ERR_OK;
}

/* ---- the command ---- */

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    int entries = 0;
    while (dir && readdir(dir))
        entries++;
    if (dir)
        (void)closedir(dir);
    return entries <= 2;
}

static enum errc choose_folder(struct call *call, char out[FOLDER_SIZE], struct err *err)
{
    const char *given = args_text(call->args, "data");
    if (!given) {
        (void)snprintf(out, FOLDER_SIZE, "%s/fengsui-demo-XXXXXX",
                       getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
        return mkdtemp(out) ? ERR_OK : err_set(err, ERR_IO, "%s cannot be made: %s", out, strerror(errno));
    }
    char whole[PATH_MAX];
    if (!is_empty(given))
        return err_set(err, ERR_CONFLICT, "%s holds something already; take another folder", given);
    enum errc rc = file_make_folder(given, err);
    if (rc >= 0 && (!realpath(given, whole) || strlen(whole) >= FOLDER_SIZE))
        rc = err_set(err, ERR_IO, "%s cannot be used: %s", given, strerror(errno));
    if (rc >= 0)
        (void)snprintf(out, FOLDER_SIZE, "%s", whole);
    return rc;
}

static int tell_end(struct call *call, const char *folder, const struct demo_result *result, int unsound)
{
    bool good = result->failed == 0 && unsound == 0;
    if (!call->json) {
        (void)fprintf(call->streams.out,
                      "\n%s: %d acts, %d refusals by clause, %d outcomes seen elsewhere, %d blows survived, "
                      "%d failed, %d ledgers unsound\nRecords are in %s; check one with: fengsui verify "
                      "%s/miit\n",
                      good ? "as the script says" : "NOT as the script says", result->acts, result->refusals,
                      result->waits, result->controls, result->failed, unsound, folder, folder);
        return good ? CLI_DONE : CLI_FAILED;
    }
    json_t *doc = json_pack("{s:b,s:i,s:i,s:i,s:i,s:i,s:i,s:s}", "ok", good, "acts", result->acts, "refusals",
                            result->refusals, "waits", result->waits, "controls", result->controls, "failed",
                            result->failed, "unsound", unsound, "folder", folder);
    int code = call_write(call, doc);
    json_decref(doc);
    return code != CLI_DONE ? code : good ? CLI_DONE : CLI_FAILED;
}

static int perform(struct stage *stage, const struct demo_script *script, const char *folder)
{
    struct call *call = stage->call;
    struct err err;
    struct demo_result result = {0};
    struct demo_world world = {stage, act, matter, duty, control, patience, chapter, step};
    enum errc rc = country_open(call, folder, script, &stage->country, &err);
    if (rc < 0)
        return call_fail(call, &err);
    demo_play(script, &world, &result);
    int code = tell_end(call, folder, &result, verify_all(call, stage->country, call->json));
    if (!args_has(call->args, "run-all") && stay(stage, &err) < 0)
        code = call_fail(call, &err);
    country_close(stage->country);
    return code;
}

static int run_demo(struct call *call)
{
    struct err err = {0};
    struct demo_files *files = NULL;
    struct demo_script script;
    char folder[FOLDER_SIZE];
    struct stage stage = {.call = call, .quiet = call->json};
    enum errc rc = demo_script_load(&EMBED_demo, &files, &script, &err);
    if (rc >= 0)
        rc = choose_folder(call, folder, &err);
    int code = rc < 0 ? call_fail(call, &err) : perform(&stage, &script, folder);
    demo_script_free(files);
    return code;
}

static const struct option_row OPTIONS[] = {
    {.name = "data", .kind = OPTION_TEXT, .value = "DIR", .text = "where the records go; else a new folder"},
    {.name = "run-all", .kind = OPTION_FLAG, .text = "unattended: play, check, stop the nodes"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "demo",
        .summary = "a small country plays documented incidents, and every outcome is checked",
        .options = OPTIONS,
        .details =
            "A ministry, two provinces, three enterprises and a professional institution, each a process "
            "with\n"
            "its own keys, record and ledger, enrolled with one-time codes, play over their APIs what\n"
            "demo/scenario.yaml says: reports, warnings, responses, orders, refusals by clause, transfers,\n"
            "summaries, cut links and killed nodes. Then the nodes stay up: 'help' at the prompt shows what\n"
            "can be done to them. With --run-all they are stopped, and the exit code is 0 when everything\n"
            "came out as the script says and every ledger verifies.\n\n"
            "The incidents are public ones with their real dates and figures; the units are invented.",
        .examples = (const struct example_row[]){{"fengsui demo", "plays it and stays up"},
                                                 {"fengsui demo --run-all --json", "for a script"},
                                                 {0}},
        .run = run_demo,
    },
    {0},
};

const struct command_group COMMANDS_demo = {"Demonstration", ROWS};
