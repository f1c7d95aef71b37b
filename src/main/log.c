#include "main/log.h"

#include "base/civil.h"
#include "base/doc.h"
#include "base/str.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 1024 };

struct log {
    pthread_mutex_t lock;
    const struct env *env;
    atomic_int level;
    atomic_int format;
    FILE *out;
    char *path; /* NULL: the stream is somebody else's */
    uint64_t lost;
};

static const char *const LEVELS[] = {"error", "warning", "info", "debug"};
static const char *const FORMATS[] = {"text", "json"};

static int find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (streq(names[i], name))
            return (int)i;
    return -1;
}

int log_level_parse(const char *name)
{
    return find(LEVELS, sizeof LEVELS / sizeof LEVELS[0], name);
}

int log_format_parse(const char *name)
{
    return find(FORMATS, sizeof FORMATS / sizeof FORMATS[0], name);
}

static enum errc open_file(const char *path, FILE **out, struct err *err)
{
    FILE *file = fopen(path, "ae");
    if (!file)
        return err_set(err, ERR_IO, "the log %s cannot be opened: %s", path, strerror(errno));
    *out = file;
    return ERR_OK;
}

enum errc log_open(const struct log_options *options, const struct env *env, struct log **out,
                   struct err *err)
{
    bool to_file = options->path && *options->path;
    struct log *log = calloc(1, sizeof *log);
    char *path = to_file ? strdup(options->path) : NULL;
    if (!log || (to_file && !path) || pthread_mutex_init(&log->lock, NULL) != 0) {
        free(path);
        free(log);
        return err_set(err, ERR_NOMEM, "no memory for the log");
    }
    log->env = env;
    log_set(log, options->level, options->format);
    log->out = options->stream;
    log->path = path;
    enum errc rc = to_file ? open_file(path, &log->out, err) : ERR_OK;
    if (rc < 0) {
        log->out = NULL;
        log_close(log);
        return rc;
    }
    *out = log;
    return ERR_OK;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    if (log->path && log->out)
        (void)fclose(log->out); /* every line was flushed */
    (void)pthread_mutex_destroy(&log->lock);
    free(log->path);
    free(log);
}

enum errc log_reopen(struct log *log, struct err *err)
{
    FILE *fresh = NULL;
    if (!log->path)
        return ERR_OK;
    enum errc rc = open_file(log->path, &fresh, err);
    if (rc < 0)
        return rc;
    (void)pthread_mutex_lock(&log->lock);
    FILE *old = log->out;
    log->out = fresh;
    (void)pthread_mutex_unlock(&log->lock);
    (void)fclose(old);
    return ERR_OK;
}

void log_set(struct log *log, enum log_level level, enum log_format format)
{
    atomic_store(&log->level, (int)level);
    atomic_store(&log->format, (int)format);
}

static int write_json(FILE *out, const char *time, const char *level, const char *event, const char *text)
{
    json_t *doc = json_pack("{s:s,s:s,s:s,s:s}", "time", time, "level", level, "event", event, "text", text);
    char *line = doc ? json_dumps(doc, JSON_COMPACT) : NULL;
    int n = line ? fprintf(out, "%s\n", line) : -1;
    free(line);
    json_decref(doc);
    return n;
}

/* A line is one line: what came from outside may hold line ends. */
static void flatten(char *text)
{
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
}

/* The text may have been cut in the middle of a character. */
static void mend(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && !utf8_valid(text, n))
        text[--n] = '\0';
}

static void put(struct log *log, enum log_level level, const char *event, char *text)
{
    char time[CIVIL_TIME_SIZE];
    civil_format_time(env_now_ms(log->env), CIVIL_CHINA_MIN, time);
    flatten(text);
    mend(text);
    (void)pthread_mutex_lock(&log->lock);
    int n = atomic_load(&log->format) == LOG_FORMAT_JSON
                ? write_json(log->out, time, LEVELS[level], event, text)
                : fprintf(log->out, "%s %-7s %s: %s\n", time, LEVELS[level], event, text);
    if (n < 0 || fflush(log->out) != 0)
        log->lost++;
    (void)pthread_mutex_unlock(&log->lock);
}

void log_line(struct log *log, enum log_level level, const char *event, const char *fmt, ...)
{
    char text[TEXT_SIZE];
    va_list args;
    if ((int)level > atomic_load(&log->level))
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    put(log, level, event, text);
}

void log_err(struct log *log, enum log_level level, const char *event, const struct err *err)
{
    bool field = err->field[0] != '\0';
    bool clause = err->clause[0] != '\0';
    log_line(log, level, event, "%s%s%s%s%s%s [%s]", err->message, field ? " (" : "", err->field,
             field ? ")" : "", clause ? " clause " : "", err->clause, errc_info(err->code)->slug);
}

uint64_t log_lost(const struct log *log)
{
    return log->lost;
}
