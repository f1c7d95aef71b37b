/* tests/unit/main/cli_fixture.h — runs a command line in memory and keeps what it wrote. */
#ifndef UNIT_MAIN_CLI_FIXTURE_H
#define UNIT_MAIN_CLI_FIXTURE_H

#include "main/cli.h"

struct cli_result {
    int code;
    char *out;
    char *err;
    size_t out_bytes;
    size_t err_bytes;
};

/* Words are separated by single spaces; input is what standard input holds. */
struct cli_result cli_fixture_run(const struct command_table *table, const char *line, const char *input);
/* The same with every '@' of the line standing for the folder. */
struct cli_result cli_fixture_at(const struct command_table *table, const char *folder, const char *line,
                                 const char *input);
void cli_fixture_done(struct cli_result *result);

#endif
