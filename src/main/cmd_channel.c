/* Commands about the channels by which people are told: mail, robots, webhooks, text messages. */
#include "main/bell_file.h"
#include "main/call.h"
#include "main/node_config.h"
#include "main/show.h"

static enum errc open_channels(struct call *call, struct channels **out, struct err *err)
{
    const char *path = args_text(call->args, "file");
    struct config config;
    if (path)
        return bell_file_read(path, call->arena, out, err);
    enum errc rc = node_config_read(call, &config, err);
    return rc < 0 ? rc : bell_file_open(&config, call->arena, out, err);
}

static int run_list(struct call *call)
{
    static const struct show_column COLUMNS[] = {{"CHANNEL", "name", SHOW_TEXT},
                                                 {"KIND", "kind", SHOW_TEXT},
                                                 {"LEAST", "least", SHOW_TEXT},
                                                 {"POSTS", "posts", SHOW_TEXT},
                                                 {"QUIET", "quiet", SHOW_TEXT},
                                                 {"THEN", "escalate_to", SHOW_TEXT},
                                                 {0}};
    struct channels *channels = NULL;
    struct err err;
    if (open_channels(call, &channels, &err) < 0)
        return call_fail(call, &err);
    json_t *list = bell_file_list(channels);
    int code = call->json ? call_write(call, list) : show_rows(call, list, COLUMNS);
    json_decref(list);
    channels_free(channels);
    return code;
}

static int run_test(struct call *call)
{
    struct channels *channels = NULL;
    struct err err;
    json_t *doc = NULL;
    enum errc rc = open_channels(call, &channels, &err);
    if (rc == ERR_OK)
        rc = bell_file_test(channels, args_operand(call->args, 0), call->env, &doc, &err);
    channels_free(channels);
    if (rc < 0)
        return call_fail(call, &err);
    int code = call_write(call, doc);
    json_decref(doc);
    return code;
}

static const struct option_row OPTIONS[] = {
    NODE_CONFIG_OPTIONS,
    {.name = "file",
     .kind = OPTION_TEXT,
     .value = "FILE",
     .text = "channels, in the place of notify.channels"},
    {0},
};

static const struct command ROWS[] = {
    {
        .name = "channel list",
        .summary = "the channels by which people are told",
        .options = OPTIONS,
        .details = "The file is the one that notify.channels names; no secret is shown.",
        .examples =
            (const struct example_row[]){
                {"fengsui channel list --config /etc/fengsui.yaml", "what there is"},
                {0},
            },
        .run = run_list,
    },
    {
        .name = "channel test",
        .summary = "send a test message through a channel, now",
        .operands = "CHANNEL",
        .operands_min = 1,
        .operands_max = 1,
        .options = OPTIONS,
        .details = "Exit 0 when the service took the message; else its own words say why not.",
        .examples =
            (const struct example_row[]){
                {"fengsui channel test duty-mail --config /etc/fengsui.yaml", "is the mail server right?"},
                {0},
            },
        .run = run_test,
    },
    {0},
};

const struct command_group COMMANDS_channel = {"Telling people", ROWS};
