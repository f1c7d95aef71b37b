/* desk/query.h — questions to the record of one node, answered as JSON: the reading half of the API.
 *
 * A question has a name (a row of the table in query.c), parameters as texts, perhaps a document. What it
 * reads, it reads in one unchanging view of the store. Nothing is changed.
 *
 * Layer    desk.
 * Owns     the answer's document is a new reference; its bytes live in the caller's arena.
 * Threads  any, each with a reader of its own.
 * Errors   ERR_INVALID naming the parameter ("query.limit"); ERR_NOT_FOUND; those of the store.
 * Tests    tests/unit/desk/test_query.c
 */
#ifndef DESK_QUERY_H
#define DESK_QUERY_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/env.h"
#include "domain/catalogue.h"
#include "domain/pack_set.h"
#include "store/store.h"

struct papers;

enum { QUERY_LIMIT_DEFAULT = 50, QUERY_LIMIT_MAX = 500, QUERY_VERSION_SIZE = 32 };

/* What a reading thread works with. */
struct query_reader {
    struct store *store; /* its own, read-only */
    const struct catalogue *catalogue;
    const struct pack_set *packs;
    const struct env *env;
    const struct papers *papers; /* NULL: this node makes no documents */
};

struct query_ask {
    const char *name; /* "matters" */
    const char *of;   /* what the row of the API fixes: a subject type, a pack's table; NULL = nothing */
    /* A parameter of path or query by name; NULL when it was not given. */
    const char *(*param)(const void *context, const char *name);
    const void *context;
    json_t *body; /* of the questions that come with a document */
};

struct query_told {
    json_t *doc;       /* the answer; or, when it is NULL: */
    const char *bytes; /* exactly these */
    size_t size_bytes;
    const char *media;                /* of bytes; NULL = application/json */
    const char *file;                 /* a name for whoever saves them; NULL = none */
    char version[QUERY_VERSION_SIZE]; /* changes whenever the answer does; "" = not known */
};

bool query_known(const char *name);

MUST_USE enum errc query_run(const struct query_reader *reader, const struct query_ask *ask,
                             struct arena *arena, struct query_told *out, struct err *err);

/* An act as the live stream tells it. */
struct query_event {
    int64_t id; /* pos + 1 */
    const char *kind;
    const char *root; /* "" for acts without a matter */
    const char *data; /* JSON, one line */
};

typedef void (*query_event_fn)(void *context, const struct query_event *event);

/* Acts with a greater id, in order, at most count. *out_through: the last id that was looked at. */
MUST_USE enum errc query_events(const struct query_reader *reader, int64_t after, size_t count,
                                query_event_fn fn, void *context, int64_t *out_through, struct err *err);

#endif
