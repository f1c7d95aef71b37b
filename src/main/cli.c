#include "main/cli.h"

#include "main/help.h"
#include "main/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CALL_MEMORY_MAX_BYTES = 256 << 20 };

static bool colours_welcome(FILE *stream)
{
    const char *no = getenv("NO_COLOR"); /* no-color.org: set and not empty */
    const char *terminal = getenv("TERM");
    return !(no && no[0]) && terminal && !streq(terminal, "dumb") && isatty(fileno(stream)) == 1;
}

static bool among(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count && !streq(words[i], "--"); i++)
        if (streq(words[i], word))
            return true;
    return false;
}

static int unknown(struct call *call, const char *word)
{
    struct err err;
    struct suggest near;
    const struct command *c;
    suggest_init(&near, word);
    for (size_t i = 0; (c = command_at(call->table, i)) != NULL; i++) {
        char first[32];
        (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(c->name, " "), c->name);
        suggest_offer(&near, first, c->name);
        suggest_offer(&near, c->name, c->name);
    }
    const char *what = word[0] == '-' ? "option" : "command";
    if (near.best)
        (void)err_set(&err, ERR_USAGE, "there is no %s '%s'; did you mean '%s'?", what, word, near.best);
    else
        (void)err_set(&err, ERR_USAGE, "there is no %s '%s'", what, word);
    return call_fail(call, &err);
}

/* "rules" alone, "rules --help", "rules chekc": the family is known, the command is not. */
static int family(struct call *call, const char *const *words, size_t count)
{
    if (among(words, count, "--help") || among(words, count, "-h")) {
        help_family(call->table, words[0], call->streams.out, call->colour_out);
        return CLI_DONE;
    }
    if (count == 1) {
        help_family(call->table, words[0], call->streams.err, call->colour_err);
        return CLI_USAGE;
    }
    const char *name = arena_printf(call->arena, "%s %s", words[0], words[1]);
    return unknown(call, name ? name : words[1]);
}

static int run(struct call *call, const struct command *command, const char *const *words, size_t count)
{
    struct err err;
    struct args *args = arena_alloc(call->arena, sizeof *args);
    if (!args) {
        (void)err_set(&err, ERR_NOMEM, "there is no memory to run '%s'", command->name);
        return call_fail(call, &err);
    }
    args->command = command;
    call->args = args;
    if (args_parse(command, words, count, call->arena, args, &err) < 0)
        return call_fail(call, &err);
    if (args_has(args, "help")) {
        help_command(command, call->streams.out, call->colour_out);
        return CLI_DONE;
    }
    return command->run(call);
}

static int dispatch(struct call *call, const char *const *words, size_t count)
{
    if (count == 0) {
        help_program(call->table, call->streams.err, call->colour_err);
        return CLI_USAGE;
    }
    if (streq(words[0], "--help") || streq(words[0], "-h")) {
        help_program(call->table, call->streams.out, call->colour_out);
        return CLI_DONE;
    }
    const struct command *command = NULL;
    if (streq(words[0], "--version"))
        return run(call, command_find(call->table, "version"), words + 1, count - 1);
    if (command_is_family(call->table, words[0])) {
        const char *two = count > 1 ? arena_printf(call->arena, "%s %s", words[0], words[1]) : NULL;
        command = two ? command_find(call->table, two) : NULL;
        return command ? run(call, command, words + 2, count - 2) : family(call, words, count);
    }
    command = command_find(call->table, words[0]);
    return command ? run(call, command, words + 1, count - 1) : unknown(call, words[0]);
}

/* What was said but never reached its reader is a failure: a full disk, a closed pipe. */
static int finish(struct call *call, int code)
{
    struct err err;
    if (fflush(call->streams.out) == 0 && !ferror(call->streams.out))
        return code;
    (void)err_set(&err, ERR_IO, "the output could not be written: %s", strerror(errno));
    return call_fail(call, &err);
}

int cli_run(const struct command_table *table, const char *const *words, size_t count, struct streams streams,
            const struct env *env)
{
    struct arena arena;
    arena_init(&arena, CALL_MEMORY_MAX_BYTES);
    bool plain = among(words, count, "--no-color");
    struct call call = {
        .table = table,
        .streams = streams,
        .arena = &arena,
        .env = env,
        .json = among(words, count, "--json"),
        .colour_out = !plain && colours_welcome(streams.out),
        .colour_err = !plain && colours_welcome(streams.err),
    };
    int code = finish(&call, dispatch(&call, words, count));
    arena_done(&arena);
    return code;
}
