/* The one binary. Everything it can do is a row of the command table. */
#include "main/cli.h"

int main(int argc, char **argv)
{
    struct streams streams = {stdin, stdout, stderr};
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    return cli_run(&COMMANDS, (const char *const *)argv + 1, count, streams, &ENV_REAL);
}
