/* main/command.h — what a command is: one row of data. Parsing, help, completion and the man page read it.
 *
 * A group of commands is a file src/main/cmd_<group>.c that defines COMMANDS_<group>, one line in
 * commands.def, and one line in CMakeLists.txt. Nothing else has to be told about it.
 *
 * Layer    main.
 * Owns     nothing: rows are constants.
 * Threads  any.
 * Tests    tests/unit/main/test_command.c
 */
#ifndef MAIN_COMMAND_H
#define MAIN_COMMAND_H

#include "base/err.h"

struct call;

/* The exit codes of the command-line contract. */
enum cli_exit {
    CLI_DONE = 0,    /* done or allowed */
    CLI_FAILED = 1,  /* tried and failed, or the input is bad */
    CLI_USAGE = 2,   /* the command line is wrong */
    CLI_REFUSED = 3, /* a rule says no; the answer is on standard output */
};

enum option_kind {
    OPTION_FLAG,   /* takes no value */
    OPTION_TEXT,   /* any text */
    OPTION_CHOICE, /* one of the words of .value, "red|orange|yellow|blue" */
    OPTION_INT,    /* a whole number from .min to .max */
    OPTION_DATE,   /* YYYY-MM-DD, a day that exists */
};

struct option_row {
    const char *name; /* "region" is given as --region; NULL ends a table */
    char letter;      /* 'r' is given as -r; 0 = none */
    enum option_kind kind;
    const char *value; /* how the help shows the value, "CODE"; the words of OPTION_CHOICE */
    bool required;
    bool repeated;
    int64_t min;
    int64_t max;
    const char *text; /* one line, no full stop */
};

struct example_row {
    const char *line; /* as typed: "fengsui grade facts.json"; NULL ends a table */
    const char *text; /* what it does */
};

struct command {
    const char *name;     /* "grade", or "rules check"; NULL ends a table */
    const char *summary;  /* one line for the list of commands */
    const char *operands; /* as the usage line shows them, "[FILE|-]"; NULL = none */
    size_t operands_min;
    size_t operands_max;              /* SIZE_MAX = any number */
    const struct option_row *options; /* NULL = only the common ones */
    const char *details;              /* further paragraphs for help and man page; NULL = none */
    const struct example_row *examples;
    int (*run)(struct call *call); /* gives an enum cli_exit */
};

struct command_group {
    const char *title; /* "Rules", a heading in the help */
    const struct command *commands;
};

struct command_table {
    const struct command_group *const *groups;
    size_t count;
};

/* Every command of the program, in the order of commands.def. */
extern const struct command_table COMMANDS;

/* The index-th command over all groups; NULL behind the last. */
const struct command *command_at(const struct command_table *table, size_t index);
/* By its whole name; NULL when there is none. */
const struct command *command_find(const struct command_table *table, const char *name);
/* True when word is the first word of commands with two: "rules" of "rules check". */
bool command_is_family(const struct command_table *table, const char *word);
/* True when command is "<word> something". */
bool command_in_family(const struct command *command, const char *word);

#endif
