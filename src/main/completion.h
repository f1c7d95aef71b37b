/* main/completion.h — what could stand next in a half-typed command line, read from the rows.
 *
 * The shells' scripts are a few lines that ask the program itself, so the logic is here, once.
 *
 * Layer    main.   Owns nothing.   Threads: the stream's.
 * Tests    tests/unit/main/test_completion.c, tests/cli/test_completion.py (in real shells)
 */
#ifndef MAIN_COMPLETION_H
#define MAIN_COMPLETION_H

#include "main/command.h"

#include <stdio.h>

/* words are those behind the program's name; the last is the one being typed and may be empty. Writes a
 * line "word<TAB>text" for each that fits; nothing when a file name could stand there, or anything. */
void completion_words(const struct command_table *table, const char *const *words, size_t count, FILE *out);

/* The scripts that a shell loads. */
extern const char COMPLETION_BASH[];
extern const char COMPLETION_ZSH[];

#endif
