/* main/call.h — what a running command is given: its arguments, its streams, memory, the world.
 *
 * Layer    main.
 * Owns     nothing; everything lives as long as the command runs.
 * Threads  the main thread.
 * Errors   call_fail() tells a person (or, with --json, a script) what was wrong and gives the exit code.
 * Tests    tests/unit/main/test_call.c
 */
#ifndef MAIN_CALL_H
#define MAIN_CALL_H

#include "base/doc.h"
#include "base/env.h"
#include "main/args.h"

#include <stdio.h>

struct streams {
    FILE *in;
    FILE *out;
    FILE *err;
};

struct call {
    const struct command_table *table;
    const struct args *args;
    struct streams streams;
    struct arena *arena;
    const struct env *env;
    bool json;
    bool colour_out; /* standard output is a terminal and colours are welcome */
    bool colour_err;
};

/* Writes the error to standard error. CLI_USAGE for ERR_USAGE, else CLI_FAILED. */
MUST_USE int call_fail(struct call *call, const struct err *err);

/* One document and a line end on standard output. Gives CLI_DONE, or CLI_FAILED after telling why. */
MUST_USE int call_write(struct call *call, const json_t *doc);

/* The whole of a file, or of standard input for "-" and NULL; NUL-terminated, in the arena. */
MUST_USE enum errc call_read(struct call *call, const char *path, size_t size_max_bytes, struct str *out,
                             struct err *err);

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_RED, STYLE_GREEN, STYLE_YELLOW, STYLE_COUNT };
/* The terminal's code for a style, or "" where colours are off. */
const char *call_style(bool colour, enum style style);

#endif
