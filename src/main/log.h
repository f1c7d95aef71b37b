/* main/log.h — the node's own log: one line an event, for people or as JSON. Acts are not here.
 *
 *   2026-03-01T08:00:00.000+08:00 info  started: node miit, api 127.0.0.1:8480
 *   {"time":"…","level":"info","event":"started","text":"node miit, api 127.0.0.1:8480"}
 *
 * An event is a word that scripts may look for; the text is for people.
 *
 * Layer    main.
 * Owns     log_open gives an object freed by log_close.
 * Threads  any may write; log_reopen is for the main thread.
 * Errors   ERR_IO when the file cannot be opened. A line that cannot be written is lost and counted.
 * Tests    tests/unit/main/test_log.c
 */
#ifndef MAIN_LOG_H
#define MAIN_LOG_H

#include "base/env.h"

#include <stdio.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

struct log;

struct log_options {
    enum log_level level;
    enum log_format format;
    const char *path; /* "" = the stream */
    FILE *stream;
};

/* "error" …; -1 for another word. */
int log_level_parse(const char *name);
int log_format_parse(const char *name);

MUST_USE enum errc log_open(const struct log_options *options, const struct env *env, struct log **out,
                            struct err *err);
void log_close(struct log *log);
/* Opens the file of that name anew, after somebody has moved the old one away. */
MUST_USE enum errc log_reopen(struct log *log, struct err *err);

/* What counts from now on. */
void log_set(struct log *log, enum log_level level, enum log_format format);

void log_line(struct log *log, enum log_level level, const char *event, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* "message (field; clause)" of an error. */
void log_err(struct log *log, enum log_level level, const char *event, const struct err *err);

uint64_t log_lost(const struct log *log);

#endif
