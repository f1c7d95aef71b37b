#include "main/demo_control.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 3, LINE_SIZE = 200, COUNT_MAX = 100000 };

const char DEMO_CONTROL_HELP[] = "  cut NODE [OTHER]    断开链路：与某一节点，或与全部节点\n"
                                 "  heal NODE [OTHER]   恢复链路\n"
                                 "  kill NODE           断电\n"
                                 "  stop NODE           正常停止\n"
                                 "  start NODE          再次启动\n"
                                 "  clock 3d            时钟前进（s m h d）\n";

static enum errc run_cut(struct country *country, char *const *words, struct err *err)
{
    return country_cut(country, words[1], words[2], true, err);
}

static enum errc run_heal(struct country *country, char *const *words, struct err *err)
{
    return country_cut(country, words[1], words[2], false, err);
}

static enum errc run_kill(struct country *country, char *const *words, struct err *err)
{
    return country_stop(country, words[1], true, err);
}

static enum errc run_stop(struct country *country, char *const *words, struct err *err)
{
    return country_stop(country, words[1], false, err);
}

static enum errc run_start(struct country *country, char *const *words, struct err *err)
{
    return country_start(country, words[1], err);
}

static enum errc run_clock(struct country *country, char *const *words, struct err *err)
{
    int64_t by_ms = 0;
    enum errc rc = demo_control_span(words[1], &by_ms, err);
    return rc < 0 ? rc : country_forward(country, by_ms, err);
}

enum errc demo_control_span(const char *text, int64_t *out_ms, struct err *err)
{
    static const struct {
        char unit;
        int64_t ms;
    } UNITS[] = {{'s', 1000}, {'m', 60 * 1000}, {'h', 60 * 60 * 1000}, {'d', 24 * 60 * 60 * 1000}};
    char *end = NULL;
    long count = strtol(text, &end, 10);
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (end != text && end[0] == UNITS[i].unit && end[1] == '\0' && count > 0 && count <= COUNT_MAX) {
            *out_ms = count * UNITS[i].ms;
            return ERR_OK;
        }
    return err_set(err, ERR_USAGE, "'%.20s' is no span of time such as 90s, 30m, 12h, 3d", text);
}

static const struct {
    const char *word;
    size_t min; /* words with it */
    size_t max;
    enum errc (*run)(struct country *country, char *const *words, struct err *err);
} ROWS[] = {
    {"cut", 2, 3, run_cut},   {"heal", 2, 3, run_heal},   {"kill", 2, 2, run_kill},
    {"stop", 2, 2, run_stop}, {"start", 2, 2, run_start}, {"clock", 2, 2, run_clock},
};

enum errc demo_control(struct country *country, const char *words, struct err *err)
{
    char line[LINE_SIZE];
    char *found[WORDS_MAX + 1] = {NULL};
    size_t count = 0;
    (void)snprintf(line, sizeof line, "%s", words);
    char *rest = line;
    for (char *word; (word = strsep(&rest, " \t\r\n")) != NULL;)
        if (*word && count <= WORDS_MAX)
            found[count++] = word;
    for (size_t i = 0; count > 0 && i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (streq(ROWS[i].word, found[0]) && count >= ROWS[i].min && count <= ROWS[i].max)
            return ROWS[i].run(country, found, err);
    return err_set(err, ERR_USAGE, "'%.60s' is not understood", words);
}
