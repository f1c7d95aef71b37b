/* Commands about the program itself. */
#include "main/call.h"
#include "main/completion.h"
#include "main/help.h"
#include "main/manpage.h"
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

static int run_bash(struct call *call)
{
    (void)fputs(COMPLETION_BASH, call->streams.out);
    return CLI_DONE;
}

static int run_zsh(struct call *call)
{
    (void)fputs(COMPLETION_ZSH, call->streams.out);
    return CLI_DONE;
}

static int run_words(struct call *call)
{
    completion_words(call->table, call->args->operands, call->args->operand_count, call->streams.out);
    return CLI_DONE;
}

static int run_man(struct call *call)
{
    manpage_write(call->table, VERSION_TEXT, call->streams.out);
    return CLI_DONE;
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
        .name = "man",
        .summary = "print the man page",
        .examples =
            (const struct example_row[]){
                {"fengsui man | man -l -", "reads it"},
                {"fengsui man > /usr/local/share/man/man1/fengsui.1", "installs it"},
                {0},
            },
        .run = run_man,
    },
    {
        .name = "completion bash",
        .summary = "print the completion script for bash",
        .examples = (const struct example_row[]){{"fengsui completion bash > /etc/bash_completion.d/fengsui",
                                                  "installs it"},
                                                 {0}},
        .run = run_bash,
    },
    {
        .name = "completion zsh",
        .summary = "print the completion script for zsh",
        .examples = (const struct example_row[]){{"fengsui completion zsh > ~/.zfunc/_fengsui",
                                                  "installs it in a folder of fpath"},
                                                 {0}},
        .run = run_zsh,
    },
    {
        .name = "completion words",
        .summary = "print what could stand next; the completion scripts ask it",
        .operands = "WORD…",
        .operands_min = 1,
        .operands_max = SIZE_MAX,
        .details =
            "The words are those behind 'fengsui'; the last is the one being typed. Each line holds a\n"
            "word, a tab and what it means.",
        .examples = (const struct example_row[]){{"fengsui completion words -- help ver",
                                                  "prints version, and what it does"},
                                                 {0}},
        .run = run_words,
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
