/* main/help.h — the help pages, written from the command rows.
 *
 * Layer    main.   Owns nothing.   Threads: the stream's.
 * Tests    tests/unit/main/test_help.c
 */
#ifndef MAIN_HELP_H
#define MAIN_HELP_H

#include "main/command.h"

#include <stdio.h>

/* What the program is and every command in its group. */
void help_program(const struct command_table *table, FILE *out, bool colour);
/* The commands that begin with a word: "rules". */
void help_family(const struct command_table *table, const char *word, FILE *out, bool colour);
/* Usage, options, examples of one command. */
void help_command(const struct command *command, FILE *out, bool colour);

#endif
