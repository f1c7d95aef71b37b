/* Commands about the configuration file. */
#include "main/call.h"
#include "main/config.h"

enum { SAMPLE_MAX_BYTES = 1 << 16 };

static int write_json(struct call *call, const struct config *config)
{
    struct err err;
    json_t *doc = config_json(config);
    int code = CLI_FAILED;
    if (doc) {
        code = call_write(call, doc);
    } else {
        (void)err_set(&err, ERR_NOMEM, "no memory to write the settings");
        code = call_fail(call, &err);
    }
    json_decref(doc);
    return code;
}

static int run_check(struct call *call)
{
    const char *path = args_operand(call->args, 0);
    struct config config;
    struct str text;
    struct err err;
    if (call_read(call, path, DOC_BYTES_MAX, &text, &err) < 0 ||
        config_load(path, text.p, text.n, call->arena, &config, &err) < 0)
        return call_fail(call, &err);
    if (call->json)
        return write_json(call, &config);
    (void)fprintf(call->streams.out, "%s: the settings of node %s are in order\n", path, config.node_id);
    return CLI_DONE;
}

static int run_sample(struct call *call)
{
    struct err err;
    struct buf text;
    buf_init(&text, SAMPLE_MAX_BYTES);
    config_sample(&text);
    int code = CLI_DONE;
    if (buf_check(&text, &err) < 0)
        code = call_fail(call, &err);
    else
        (void)fputs(text.data, call->streams.out);
    buf_done(&text);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "check-config",
        .summary = "check a configuration file and say what is wrong with it",
        .operands = "FILE|-",
        .operands_min = 1,
        .operands_max = 1,
        .details = "Nothing is started or changed. With --json it writes every setting that would hold,\n"
                   "defaults included; durations in milliseconds, sizes in bytes.",
        .examples =
            (const struct example_row[]){
                {"fengsui check-config /etc/fengsui.yaml", "checks a file"},
                {"fengsui check-config --json /etc/fengsui.yaml", "shows what holds"},
                {0},
            },
        .run = run_check,
    },
    {
        .name = "sample-config",
        .summary = "print a commented configuration file with every setting",
        .examples = (const struct example_row[]){{"fengsui sample-config > /etc/fengsui.yaml",
                                                  "begins a configuration"},
                                                 {0}},
        .run = run_sample,
    },
    {0},
};

const struct command_group COMMANDS_config = {"Configuration", ROWS};
