/* Commands about drills in a universe of their own; 'drill plan' and the like are acts of the real one. */
#include "base/str.h"
#include "main/act_form.h"
#include "main/drill.h"

#include <string.h>

/* ---- drill open ---- */

/* "pca-330000=https://127.0.0.1:9443" */
static enum errc read_urls(struct call *call, struct drill_plan *plan, struct err *err)
{
    for (size_t i = 0; args_nth(call->args, "peer", i); i++) {
        const char *text = args_nth(call->args, "peer", i);
        const char *sign = strchr(text, '=');
        if (!sign || sign == text || i == DRILL_URLS_MAX)
            return err_set(err, ERR_USAGE, "--peer takes NODE=URL, at most %d times, not '%.80s'",
                           DRILL_URLS_MAX, text);
        plan->urls[i] = (struct drill_url){arena_strndup(call->arena, text, (size_t)(sign - text)), sign + 1};
        plan->url_count++;
        if (!plan->urls[i].node)
            return err_set(err, ERR_NOMEM, "no memory for the name of a node");
    }
    return ERR_OK;
}

static int tell_open(struct call *call, const struct drill_plan *plan, const struct drill_tokens *tokens)
{
    if (call->json) {
        json_t *doc = json_pack("{s:s,s:I,s:s,s:s,s:s}", "drill", plan->id, "compression",
                                (json_int_t)plan->compression, "officer", tokens->officer, "operator",
                                tokens->operator, "client", tokens->client);
        int code = call_write(call, doc);
        json_decref(doc);
        return code;
    }
    (void)fprintf(call->streams.out,
                  "drill %s: its clock runs %lld times as fast\n"
                  "next: fengsui serve --drill %s --api %s, and commands with --client %s\n",
                  plan->id, (long long)plan->compression, plan->id, plan->api, tokens->client);
    return CLI_DONE;
}

static int run_open(struct call *call)
{
    struct err err;
    struct config config;
    struct drill_tokens tokens;
    const struct args *args = call->args;
    struct drill_plan plan = {.id = args_operand(args, 0),
                              .compression = args_int(args, "compression", 1),
                              .url = args_text(args, "link-url"),
                              .api = args_text(args, "api"),
                              .person = args_text(args, "person"),
                              .post = args_text(args, "post")};
    plan.person = plan.person ? plan.person : "演练员";
    plan.post = plan.post ? plan.post : "值班员";
    enum errc rc = read_urls(call, &plan, &err);
    if (rc >= 0)
        rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = drill_make(&config, call->env, &plan, call->arena, &tokens, &err);
    return rc < 0 ? call_fail(call, &err) : tell_open(call, &plan, &tokens);
}

/* ---- drill summary ---- */

static int record(struct call *call, const char *kind, const char *matter, json_t *body)
{
    struct act_wish wish = {.form = act_form_of_kind(kind), .on = matter, .body = json_incref(body)};
    return act_do(call, &wish);
}

static int run_summary(struct call *call)
{
    struct err err;
    struct config config;
    json_t *doc = NULL;
    const char *matter = args_text(call->args, "record");
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = drill_report(&config, call->env, args_operand(call->args, 0), call->arena, &doc, &err);
    if (rc < 0)
        return call_fail(call, &err);
    int code = CLI_DONE;
    if (matter) {
        code = record(call, "drill.run", matter, json_object_get(doc, "run"));
        if (code == CLI_DONE)
            code = record(call, "drill.reported", matter, json_object_get(doc, "report"));
    } else if (call->json) {
        code = call_write(call, doc);
    } else {
        size_t i;
        json_t *finding;
        const json_t *report = json_object_get(doc, "report");
        (void)fprintf(call->streams.out, "%s\n", json_string_value(json_object_get(report, "text")));
        json_array_foreach(json_object_get(report, "findings"), i, finding)
        {
            (void)fprintf(call->streams.out, "  %s\n", json_string_value(finding));
        }
    }
    json_decref(doc);
    return code;
}

/* ---- rows ---- */

static const struct option_row OPEN_OPTIONS[] = {
    {.name = "compression",
     .kind = OPTION_INT,
     .value = "N",
     .min = 1,
     .max = DRILL_COMPRESSION_MAX,
     .text = "how many times as fast its clock runs; else 1"},
    {.name = "api",
     .kind = OPTION_TEXT,
     .value = "ADDR:PORT",
     .required = true,
     .text = "where its API will be"},
    {.name = "link-url",
     .kind = OPTION_TEXT,
     .value = "URL",
     .text = "where others reach this node in the drill"},
    {.name = "peer",
     .kind = OPTION_TEXT,
     .value = "NODE=URL",
     .repeated = true,
     .text = "where another node serves the drill"},
    {.name = "person",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .text = "of the token in the client file; else 演练员"},
    {.name = "post", .kind = OPTION_TEXT, .value = "POST", .text = "that person's post; else 值班员"},
    NODE_CONFIG_OPTIONS,
    {0},
};

static const struct option_row SUMMARY_OPTIONS[] = {
    {.name = "record",
     .kind = OPTION_TEXT,
     .value = "MATTER",
     .text = "put it on the real record: drill.run and drill.reported of this drill"},
    {.name = "key", .kind = OPTION_TEXT, .value = "KEY", .text = "idempotency key of both acts"},
    {.name = "dry-run", .text = "show what --record would send, and send nothing"},
    CLIENT_OPTIONS,
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "drill open",
        .summary = "make the universe of a drill: its own record, key and clock",
        .operands = "ID",
        .operands_min = 1,
        .operands_max = 1,
        .options = OPEN_OPTIONS,
        .details = "Every node that takes part makes it with the same id. Acts of a drill are signed with "
                   "the drill\n"
                   "key and never enter the real record, nor the reverse. 'fengsui serve --drill ID' runs it "
                   "beside\n"
                   "the real node.",
        .examples =
            (const struct example_row[]){
                {"fengsui drill open d2026 --api 127.0.0.1:8490 --compression 60", "an hour is a minute"},
                {"fengsui drill open d2026 --api 127.0.0.1:8490 --link-url https://127.0.0.1:9490 --peer "
                 "miit=https://127.0.0.1:9491",
                 "together with the ministry"},
                {0},
            },
        .run = run_open,
    },
    {
        .name = "drill summary",
        .summary = "write the report of a drill from its record, and put it on the real one",
        .operands = "ID",
        .operands_min = 1,
        .operands_max = 1,
        .options = SUMMARY_OPTIONS,
        .details = "Acts by kind, refusals, duties in time, late and overdue. With --record the real node "
                   "gets the acts\n"
                   "drill.run and drill.reported, which perform the yearly duty to drill.",
        .examples =
            (const struct example_row[]){
                {"fengsui drill summary d2026", "for reading"},
                {"fengsui drill summary d2026 --record 01936f6e-0000-7000-8000-000000000000",
                 "onto the record"},
                {0},
            },
        .run = run_summary,
    },
    {0},
};

const struct command_group COMMANDS_drill = {"Drills", ROWS};
