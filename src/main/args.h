/* main/args.h — the words of a command line, read by the option rows of its command.
 *
 * --name value, --name=value, -n value, -nvalue and grouped flags; "--" ends the options; "-" alone is an
 * operand (standard input). Every option that is not in the rows is an error with a suggestion.
 *
 * Layer    main.
 * Owns     nothing: texts are the words given, tables live in the arena.
 * Threads  any.
 * Errors   ERR_USAGE naming the option.
 * Tests    tests/unit/main/test_args.c
 */
#ifndef MAIN_ARGS_H
#define MAIN_ARGS_H

#include "base/str.h"
#include "main/command.h"

struct arg {
    const struct option_row *row;
    const char *text; /* NULL for a flag */
    int64_t number;   /* of OPTION_INT */
};

struct args {
    const struct command *command;
    struct arg *given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
};

/* --help, --json and --no-color, taken by every command; ends with a row without a name. */
extern const struct option_row ARGS_COMMON[];

/* With --help among the words, what is missing is not an error. */
MUST_USE enum errc args_parse(const struct command *command, const char *const *words, size_t count,
                              struct arena *arena, struct args *out, struct err *err);

/* Getters take the long name; asking for an option that has no row is a defect and aborts. */
bool args_has(const struct args *args, const char *name);
/* The value, or NULL when the option is not given. */
const char *args_text(const struct args *args, const char *name);
/* The n-th value of a repeated option, counted from 0; NULL behind the last. */
const char *args_nth(const struct args *args, const char *name, size_t n);
int64_t args_int(const struct args *args, const char *name, int64_t otherwise);
/* The n-th operand, or NULL. */
const char *args_operand(const struct args *args, size_t n);

/* The option of a command or a common one; NULL when there is none. */
const struct option_row *args_option(const struct command *command, const char *name, size_t name_bytes);

/* Takes the next word off "red|orange|yellow|blue"; false when none is left. */
bool args_next_choice(const char **choices, struct str *out_word);

#endif
