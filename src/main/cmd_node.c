/* Commands that make, run and keep a node on this machine. */
#include "base/civil.h"
#include "desk/access.h"
#include "domain/region.h"
#include "main/client_file.h"
#include "main/drill.h"
#include "main/file.h"
#include "main/node.h"
#include "main/node_config.h"
#include "main/node_setup.h"
#include "main/serve.h"

/* ---- init ---- */

static enum errc read_or_write_config(struct call *call, struct config *out, struct err *err)
{
    const struct args *args = call->args;
    const char *path = node_config_path(call);
    const char *data = args_text(args, "data");
    struct node_config_new values = {.id = args_text(args, "id"),
                                     .data = data,
                                     .api_listen = args_text(args, "api"),
                                     .link_listen = args_text(args, "link"),
                                     .link_url = args_text(args, "url"),
                                     .rules = args_text(args, "rules")};
    if (!path)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    if (!file_exists(path)) {
        if (!values.id)
            return err_set(err, ERR_USAGE, "--id is missing: there is no configuration %s yet", path);
        enum errc rc = data ? file_make_folder(data, err) : ERR_OK;
        return rc < 0 ? rc : node_config_write(call, path, &values, out, err);
    }
    enum errc rc = node_config_read(call, out, err);
    if (rc >= 0 && values.id && !streq(values.id, out->node_id))
        return err_set(err, ERR_USAGE, "%s is the configuration of %s, not of %s", path, out->node_id,
                       values.id);
    return rc;
}

/* The ministry describes itself; every other node is described by the tier above when it enrols it. */
static enum errc read_card(struct call *call, struct node_card *card, struct err *err)
{
    const struct args *args = call->args;
    *card = (struct node_card){.tier = TIER_MINISTRY,
                               .name = args_text(args, "name"),
                               .region = "000000",
                               .roles = {"MEO"},
                               .role_count = 1};
    if (!card->name)
        return err_set(err, ERR_USAGE, "--name is missing: the ministry's node needs a name");
    return ERR_OK;
}

static int tell_init(struct call *call, const struct config *config, bool top,
                     const struct client_file *client)
{
    if (call->json) {
        json_t *doc = json_pack("{s:s,s:s,s:b,s:s,s:s}", "node", config->node_id, "data", config->node_data,
                                "enrolled", top, "url", client->url, "token", client->token);
        int code = call_write(call, doc);
        json_decref(doc);
        return code;
    }
    FILE *out = call->streams.out;
    (void)fprintf(out, "node %s is made in %s\n", config->node_id, config->node_data);
    (void)fprintf(out, "an operator's token is in %s/client.yaml: commands on this machine use it\n",
                  config->node_data);
    (void)fprintf(
        out, "next: %s\n",
        top ? "fengsui serve"
            : "fengsui enroll join --code CODE   (the tier above makes the code), then fengsui serve");
    return CLI_DONE;
}

static int run_init(struct call *call)
{
    struct err err;
    struct config config;
    struct node_card card;
    struct client_file client;
    bool top = args_has(call->args, "ministry");
    const char *suite = args_text(call->args, "suite");
    struct node_setup setup = {.config = &config,
                               .suite = suite ? (enum suite)suite_parse(suite) : SUITE_P256_SHA256,
                               .top = top ? &card : NULL,
                               .person = args_text(call->args, "person"),
                               .post = args_text(call->args, "post")};
    enum errc rc = top ? read_card(call, &card, &err) : ERR_OK;
    setup.person = setup.person ? setup.person : "管理员";
    setup.post = setup.post ? setup.post : "系统管理员";
    if (rc >= 0)
        rc = read_or_write_config(call, &config, &err);
    if (rc >= 0)
        rc = node_setup(&setup, call->env, call->arena, &err);
    if (rc >= 0)
        rc = client_file_make(&config, call->env, setup.person, setup.post, call->arena, &client, &err);
    return rc < 0 ? call_fail(call, &err) : tell_init(call, &config, top, &client);
}

/* ---- serve ---- */

/* A drill beside the real node has its own addresses and its own clock. */
static enum errc take_drill(struct call *call, struct config *config, struct drill_clock *clock,
                            struct serve_options *options, struct err *err)
{
    const char *api = args_text(call->args, "api");
    const char *link = args_text(call->args, "link");
    options->drill = args_text(call->args, "drill");
    if (!options->drill && !api && !link)
        return ERR_OK;
    if (!options->drill || !api)
        return err_set(err, ERR_USAGE,
                       "--drill, --api and --link go together: a drill has addresses of its own");
    config->api_listen = api;
    config->link_listen = link ? link : "127.0.0.1:0";
    enum errc rc = drill_clock_open(config, options->drill, call->env, call->arena, clock, err);
    options->env = &clock->env;
    return rc;
}

static int run_serve(struct call *call)
{
    struct err err;
    struct config config;
    struct drill_clock clock;
    struct serve_options options = {.config = &config,
                                    .config_path = node_config_path(call),
                                    .env = call->env,
                                    .demo = args_has(call->args, "demo"),
                                    .log = call->streams.err};
    enum errc rc = node_config_read(call, &config, &err);
    if (rc >= 0)
        rc = take_drill(call, &config, &clock, &options, &err);
    if (rc >= 0)
        rc = serve_run(&options, &err);
    return rc < 0 ? call_fail(call, &err) : CLI_DONE;
}

/* ---- rows ---- */

static const struct option_row INIT_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "id",
     .kind = OPTION_TEXT,
     .value = "ID",
     .text = "id of the node, when there is no configuration yet"},
    {.name = "ministry", .text = "the top of the country: it makes the root of all certificates"},
    {.name = "name",
     .kind = OPTION_TEXT,
     .value = "NAME",
     .text = "the ministry's name, 工业和信息化部网络安全应急办公室"},
    {.name = "suite",
     .kind = OPTION_CHOICE,
     .value = "p256-sha256|sm2-sm3",
     .text = "signatures of the ledger; else p256-sha256"},
    {.name = "api", .kind = OPTION_TEXT, .value = "ADDR:PORT", .text = "api.listen of a new configuration"},
    {.name = "link", .kind = OPTION_TEXT, .value = "ADDR:PORT", .text = "link.listen of a new configuration"},
    {.name = "url", .kind = OPTION_TEXT, .value = "URL", .text = "link.url of a new configuration"},
    {.name = "rules", .kind = OPTION_TEXT, .value = "DIR", .text = "rules.folder of a new configuration"},
    {.name = "person", .kind = OPTION_TEXT, .value = "NAME", .text = "who sets it up; else 管理员"},
    {.name = "post", .kind = OPTION_TEXT, .value = "POST", .text = "that person's post; else 系统管理员"},
    {0},
};

static const struct option_row SERVE_OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "drill", .kind = OPTION_TEXT, .value = "ID", .text = "serve this drill, beside the real node"},
    {.name = "api", .kind = OPTION_TEXT, .value = "ADDR:PORT", .text = "with --drill: where its API listens"},
    {.name = "link",
     .kind = OPTION_TEXT,
     .value = "ADDR:PORT",
     .text = "with --drill: where its link listens"},
    {.name = "demo", .text = "for demonstrations: an operator may set the clock forward and cut links"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "init",
        .summary = "make a node: its keys and its empty record",
        .options = INIT_OPTIONS,
        .details =
            "A configuration that is not there yet is written from the options. The ministry enrols itself;\n"
            "every other node then waits for 'fengsui enroll join'.",
        .examples =
            (const struct example_row[]){
                {"fengsui init --data /var/lib/fengsui --id miit --ministry --name 工业和信息化部",
                 "the top"},
                {"fengsui init --data /var/lib/fengsui --id demo-telecom-zj", "any other node"},
                {0},
            },
        .run = run_init,
    },
    {
        .name = "serve",
        .summary = "run the node until it is told to stop",
        .options = SERVE_OPTIONS,
        .details =
            "SIGTERM ends it in order, SIGHUP opens the log anew. It tells a service manager when it is\n"
            "ready; /healthz and /readyz say the same to others. A fault of the disk ends it with exit\n"
            "code 1: nothing that was acknowledged is lost, and it starts again into a verified state.",
        .examples =
            (const struct example_row[]){
                {"fengsui serve --config /etc/fengsui.yaml", "runs a node"},
                {0},
            },
        .run = run_serve,
    },
    {0},
};

const struct command_group COMMANDS_node = {"A node on this machine", ROWS};
