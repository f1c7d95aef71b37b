#include "unit/main/cli_fixture.h"

#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 32 };

struct cli_result cli_fixture_run(const struct command_table *table, const char *line, const char *input)
{
    struct cli_result result = {0};
    const char *words[WORDS_MAX];
    size_t count = 0;
    char *copy = strdup(line);
    char *rest = copy;
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (word[0] && count < WORDS_MAX)
            words[count++] = word;
    struct streams streams = {
        .in = tmpfile(),
        .out = open_memstream(&result.out, &result.out_bytes),
        .err = open_memstream(&result.err, &result.err_bytes),
    };
    assert_true(copy && streams.in && streams.out && streams.err);
    (void)fputs(input, streams.in);
    rewind(streams.in);
    result.code = cli_run(table, words, count, streams, &ENV_REAL);
    (void)fclose(streams.in);
    (void)fclose(streams.out);
    (void)fclose(streams.err);
    free(copy);
    return result;
}

struct cli_result cli_fixture_at(const struct command_table *table, const char *folder, const char *line,
                                 const char *input)
{
    struct buf whole;
    buf_init(&whole, 1 << 16);
    for (const char *p = line; *p; p++) {
        if (*p == '@')
            buf_adds(&whole, folder);
        else
            buf_add(&whole, p, 1);
    }
    assert_false(whole.failed);
    struct cli_result result = cli_fixture_run(table, whole.data, input);
    buf_done(&whole);
    return result;
}

void cli_fixture_done(struct cli_result *result)
{
    free(result->out);
    free(result->err);
}
