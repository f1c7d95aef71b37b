/* main/cli.h — from the words of a command line to an exit code.
 *
 * Layer    main.
 * Owns     the memory of the call; the streams are the caller's.
 * Threads  the main thread.
 * Errors   written to streams.err; see enum cli_exit.
 * Data     the command table
 * Tests    tests/unit/main/test_cli.c
 */
#ifndef MAIN_CLI_H
#define MAIN_CLI_H

#include "base/env.h"
#include "main/call.h"

/* Finds the command, reads its options, runs it. words are those behind the program's name. */
MUST_USE int cli_run(const struct command_table *table, const char *const *words, size_t count,
                     struct streams streams, const struct env *env);

#endif
