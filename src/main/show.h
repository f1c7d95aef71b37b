/* main/show.h — answers of the API for people: lists as aligned columns, one thing as lines.
 *
 * With --json the answer is written as it came.
 *
 * Layer    main.   Owns nothing.   Threads the main thread.
 * Errors   told to the person; the functions give the exit code.
 * Tests    tests/unit/main/test_show.c
 */
#ifndef MAIN_SHOW_H
#define MAIN_SHOW_H

#include "main/client.h"

enum show_kind {
    SHOW_TEXT, /* as it is; a number as digits; a list joined by commas */
    SHOW_TIME, /* "2009-05-19 21:50:00", China time */
    SHOW_WORD  /* {"name","zh",…} as "已报告 reported" */
};

struct show_column {
    const char *heading; /* NULL ends the table */
    const char *path;    /* of the member, "card.name" */
    enum show_kind kind;
};

/* Rows for the options of a command that shows a list: a page of it at a time. */
#define SHOW_LIST_OPTIONS                                                                                    \
    {.name = "limit",                                                                                        \
     .kind = OPTION_INT,                                                                                     \
     .value = "N",                                                                                           \
     .min = 1,                                                                                               \
     .max = 500,                                                                                             \
     .text = "at most so many; else 50"},                                                                    \
        {.name = "cursor", .kind = OPTION_TEXT, .value = "TEXT", .text = "go on where a list ended"},        \
        CLIENT_OPTIONS

/* GETs the path and shows its "items"; a page of them when the command has the options above. */
MUST_USE int show_list(struct call *call, const char *path, const struct show_column *columns);
/* GETs the path and shows each column as a line. */
MUST_USE int show_one(struct call *call, const char *path, const struct show_column *columns);

/* The same of documents that are there already; never as JSON. */
MUST_USE int show_rows(struct call *call, const json_t *items, const struct show_column *columns);
void show_lines(struct call *call, const json_t *doc, const struct show_column *columns);

/* Places that a text takes on a terminal: Chinese characters take two. */
size_t show_width(const char *text);

#endif
