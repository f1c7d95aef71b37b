/* Commands about the program itself. */
#include "main/call.h"
#include "main/help.h"
#include "main/version.h"

static int run_help(struct call *call)
{
    const char *first = args_operand(call->args, 0);
    const char *second = args_operand(call->args, 1);
    FILE *out = call->streams.out;
    if (!first) {
        help_program(call->table, out, call->colour_out);
        return CLI_DONE;
    }
    const char *name = second ? arena_printf(call->arena, "%s %s", first, second) : first;
    const struct command *command = name ? command_find(call->table, name) : NULL;
    if (command) {
        help_command(command, out, call->colour_out);
        return CLI_DONE;
    }
    if (!second && command_is_family(call->table, first)) {
        help_family(call->table, first, out, call->colour_out);
        return CLI_DONE;
    }
    struct err err;
    (void)err_set(&err, ERR_USAGE, "there is no command '%s'", name ? name : first);
    return call_fail(call, &err);
}

static int run_version(struct call *call)
{
    if (!call->json) {
        (void)fprintf(call->streams.out, "fengsui %s\n", VERSION_TEXT);
        return CLI_DONE;
    }
    json_t *doc = json_pack("{s:s, s:s}", "name", "fengsui", "version", VERSION_TEXT);
    int code = call_write(call, doc);
    json_decref(doc);
    return code;
}

static const struct command ROWS[] = {
    {
        .name = "help",
        .summary = "show the help of the program or of a command",
        .operands = "[COMMAND]",
        .operands_max = 2,
        .examples =
            (const struct example_row[]){
                {"fengsui help", "lists every command"},
                {"fengsui help version", "shows the options and examples of a command"},
                {0},
            },
        .run = run_help,
    },
    {
        .name = "version",
        .summary = "print the version",
        .examples =
            (const struct example_row[]){
                {"fengsui version", "prints the version"},
                {"fengsui version --json", "prints it for a script"},
                {0},
            },
        .run = run_version,
    },
    {0},
};

const struct command_group COMMANDS_house = {"The program itself", ROWS};
