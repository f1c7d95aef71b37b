/* The demonstration: a small country plays documented incidents. */
#include "base/str.h"
#include "main/call.h"
#include "main/demo_country.h"
#include "main/demo_play.h"
#include "main/embedded.h"
#include "main/verify.h"
#include "store/duties.h"
#include "store/subjects.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_BYTES = 16 << 20, FOLDER_SIZE = 500 };

struct stage {
    struct call *call;
    struct country *country;
    bool quiet;
};

static enum errc act(void *context, const struct demo_step *step, const char *subject, const char *parent,
                     char *out_id, struct err *err)
{
    struct stage *stage = context;
    json_t *body = NULL;
    enum errc rc = doc_parse_object(step->body, strlen(step->body), &body, err);
    if (rc < 0)
        return rc;
    struct submission sub = {.kind = step->act,
                             .subject = subject,
                             .parent = parent,
                             .person = "演示·值班员",
                             .post = "值班员",
                             .body = body,
                             .expected_rev = -1};
    rc = country_act(stage->country, step->node, &sub, err);
    json_decref(body);
    if (rc >= 0)
        memcpy(out_id, sub.made, UUID_TEXT_SIZE);
    return rc;
}

static json_t *matter(void *context, const char *node, const char *id)
{
    struct stage *stage = context;
    struct arena arena;
    struct subject subject;
    json_t *seen = NULL;
    arena_init(&arena, LOOK_BYTES);
    if (subjects_load(country_store(stage->country, node), id, &arena, &subject, NULL) >= 0)
        seen = json_pack("{s:s,s:s,s:O}", "state", subject.state, "owner", subject.owner, "doc", subject.doc);
    arena_done(&arena);
    return seen;
}

static const char *duty(void *context, const char *node, const char *rule, const char *root)
{
    struct stage *stage = context;
    struct arena arena;
    struct duty_page page = {0};
    struct duty_filter filter = {.rule = rule, .root = root, .owner = node, .limit = 1};
    arena_init(&arena, LOOK_BYTES);
    enum errc rc = duties_list(country_store(stage->country, node), &filter, &arena, &page, NULL);
    const char *state = rc >= 0 && page.count > 0 ? duty_state_name(page.items[0].state) : NULL;
    arena_done(&arena);
    return state;
}

static bool patience(void *context, int tries)
{
    struct stage *stage = context;
    struct err err;
    if (country_deliver(stage->country, &err) >= 0)
        return tries < 2;
    (void)fprintf(stage->call->streams.err, "%s\n", err.message);
    return false;
}

static void chapter(void *context, const struct demo_chapter *chapter)
{
    struct stage *stage = context;
    if (!stage->quiet)
        (void)fprintf(stage->call->streams.out, "\n%s%s%s  %s\n",
                      call_style(stage->call->colour_out, STYLE_BOLD), chapter->zh,
                      call_style(stage->call->colour_out, STYLE_PLAIN), chapter->en);
}

static void step(void *context, const struct demo_step *step, bool good, const char *told)
{
    struct stage *stage = context;
    bool colour = stage->call->colour_out;
    if (stage->quiet && good)
        return;
    FILE *out = stage->quiet ? stage->call->streams.err : stage->call->streams.out;
    (void)fprintf(out, "  %s%s%s %-16s %s", call_style(colour, good ? STYLE_GREEN : STYLE_RED),
                  good ? (step->refused ? "拒"
                          : step->wait  ? "见"
                                        : "行")
                       : "错",
                  call_style(colour, STYLE_PLAIN), step->wait ? step->wait->node : step->node, step->zh);
    if (*told)
        (void)fprintf(out, "  %s", told);
    (void)fprintf(out, "\n");
}

/* Every ledger, from the disk, as an auditor would. */
static int verify_all(struct call *call, const char *folder, const struct demo_script *script, bool quiet)
{
    int unsound = 0;
    for (uint32_t i = 0; i < script->nodes_count; i++) {
        struct err err = {0};
        json_t *report = NULL;
        const char *path = arena_printf(call->arena, "%s/%s/real", folder, script->nodes[i].id);
        bool sound = path && verify_path(path, call->arena, &report, &err) >= 0 &&
                     json_is_true(json_object_get(report, "ok"));
        unsound += !sound;
        if (!quiet || !sound)
            (void)fprintf(quiet ? call->streams.err : call->streams.out, "  %-18s %lld acts  %s%s\n",
                          script->nodes[i].id, (long long)json_integer_value(json_object_get(report, "acts")),
                          sound ? "sound 账本完好" : "NOT SOUND ", err.message);
        json_decref(report);
    }
    return unsound;
}

static enum errc choose_folder(struct call *call, char out[FOLDER_SIZE], struct err *err)
{
    const char *given = args_text(call->args, "data");
    if (given) {
        (void)snprintf(out, FOLDER_SIZE, "%s", given);
        return ERR_OK;
    }
    (void)snprintf(out, FOLDER_SIZE, "%s/fengsui-demo-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    return mkdtemp(out) ? ERR_OK : err_set(err, ERR_IO, "%s cannot be made: %m", out);
}

static int tell_end(struct call *call, const char *folder, const struct demo_result *result, int unsound)
{
    bool good = result->failed == 0 && unsound == 0;
    if (!call->json) {
        (void)fprintf(
            call->streams.out,
            "\n%s: %d acts, %d refusals by clause, %d outcomes seen elsewhere, %d failed, %d ledgers "
            "unsound\nRecords are kept in %s; check one with: fengsui verify %s/miit/real\n",
            good ? "as the script says" : "NOT as the script says", result->acts, result->refusals,
            result->waits, result->failed, unsound, folder, folder);
        return good ? CLI_DONE : CLI_FAILED;
    }
    json_t *doc = json_pack("{s:b,s:i,s:i,s:i,s:i,s:i,s:s}", "ok", good, "acts", result->acts, "refusals",
                            result->refusals, "waits", result->waits, "failed", result->failed, "unsound",
                            unsound, "folder", folder);
    int code = call_write(call, doc);
    json_decref(doc);
    return code != CLI_DONE ? code : good ? CLI_DONE : CLI_FAILED;
}

static int run_demo(struct call *call)
{
    struct err err = {0};
    struct demo_files *files = NULL;
    struct demo_script script;
    struct demo_result result = {0};
    char folder[FOLDER_SIZE];
    struct stage stage = {.call = call, .quiet = call->json};
    enum errc rc = demo_script_load(&EMBED_demo, &files, &script, &err);
    if (rc >= 0)
        rc = choose_folder(call, folder, &err);
    if (rc >= 0)
        rc = country_open(folder, &script, call->env, &stage.country, &err);
    if (rc >= 0) {
        struct demo_world world = {&stage, act, matter, duty, patience, chapter, step};
        demo_play(&script, &world, &result);
        country_close(stage.country);
    }
    int code = rc < 0 ? call_fail(call, &err)
                      : tell_end(call, folder, &result, verify_all(call, folder, &script, call->json));
    demo_script_free(files);
    return code;
}

static const struct option_row OPTIONS[] = {
    {.name = "data", .kind = OPTION_TEXT, .value = "DIR", .text = "where the records go; else a new folder"},
    {.name = "run-all", .kind = OPTION_FLAG, .text = "unattended (it always is, so far)"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "demo",
        .summary = "a small country plays documented incidents, and every outcome is checked",
        .options = OPTIONS,
        .details =
            "A ministry, two provinces, three enterprises and a professional institution, each with its own "
            "keys, record and ledger, play what demo/scenario.yaml says: reports, warnings, responses, "
            "orders, refusals by clause, transfers, summaries. All nodes live in one process and exchange "
            "messages in memory. Exit 0 when everything came out as the script says and every ledger "
            "verifies.\n\nThe incidents are public ones with their real dates and figures; the units are "
            "invented.",
        .examples = (const struct example_row[]){{"fengsui demo", "plays it"},
                                                 {"fengsui demo --run-all --json", "for a script"},
                                                 {0}},
        .run = run_demo,
    },
    {0},
};

const struct command_group COMMANDS_demo = {"Demonstration", ROWS};
