/* main/client.h — a command's conversation with a running node, over its API.
 *
 *   address  --url    ›  $FENGSUI_URL    ›  client file
 *   token    --token  ›  $FENGSUI_TOKEN  ›  client file
 *   client file   --client FILE  ›  $FENGSUI_CLIENT  ›  client.yaml in the data directory (node_config.h)
 *
 * Layer    main.
 * Owns     client_open gives an object freed by client_close; a reply's document is the caller's to drop.
 * Threads  the main thread.
 * Errors   what the node answers, from its problem document: code, message, field, clause, line; ERR_IO
 *          nobody answers there; ERR_AUTH no token is to be found; ERR_SYNTAX an answer that is none.
 * Tests    tests/unit/main/test_client.c
 */
#ifndef MAIN_CLIENT_H
#define MAIN_CLIENT_H

#include "main/client_file.h"
#include "main/node_config.h"

/* Rows for the options of such a command. */
#define CLIENT_OPTIONS                                                                                       \
    {.name = "url", .kind = OPTION_TEXT, .value = "URL", .text = "the node's API; else $FENGSUI_URL"},       \
        {.name = "token", .kind = OPTION_TEXT, .value = "TOKEN", .text = "else $FENGSUI_TOKEN"},             \
        {.name = "client",                                                                                   \
         .kind = OPTION_TEXT,                                                                                \
         .value = "FILE",                                                                                    \
         .text = "client file with both; else $FENGSUI_CLIENT"},                                             \
        {.name = "authority",                                                                                \
         .kind = OPTION_TEXT,                                                                                \
         .value = "FILE",                                                                                    \
         .text = "certificate that an https address must come from (PEM)"},                                  \
        NODE_CONFIG_OPTIONS

struct client;

MUST_USE enum errc client_open(struct call *call, struct client **out, struct err *err);
/* Of a node that is known already; the texts are lent. */
MUST_USE enum errc client_open_at(struct call *call, const struct client_file *at, struct client **out,
                                  struct err *err);
void client_close(struct client *client); /* takes NULL */
const char *client_url(const struct client *client);

struct client_request {
    const char *method; /* "GET" */
    const char *path;   /* "/api/v1/duties?limit=5", encoded */
    const json_t *body; /* NULL = none */
    const char *key;    /* idempotency key; NULL = none */
};

struct client_reply {
    int status;
    json_t *doc;     /* of JSON answers, problems included; NULL for others */
    struct str text; /* in the call's arena */
};

/* An answer of 400 and above is an error; then *out is filled too. */
MUST_USE enum errc client_send(struct client *client, const struct client_request *request,
                               struct client_reply *out, struct err *err);

/* GET; *out is a new reference. */
MUST_USE enum errc client_get(struct client *client, const char *path, json_t **out, struct err *err);

/* Percent-encodes one part of a path or one value of a query; in the call's arena. */
const char *client_encode(struct client *client, const char *text);

/* A path with "{id}" in it for that id; without one as it is. In the call's arena; NULL when it is full. */
const char *client_path(struct client *client, const char *pattern, const char *id);

/* One event of a live stream; false ends the watching. */
typedef bool client_event_fn(void *context, const char *id, const char *event, const char *data);
/* Until fn has enough, the node ends it (ERR_OK), or the connection breaks (ERR_IO). */
MUST_USE enum errc client_watch(struct client *client, const char *path, const char *last_id,
                                client_event_fn *fn, void *context, struct err *err);

/* Tells a failed conversation and gives the exit code: CLI_REFUSED, with the answer on standard output, when
 * a clause says no. Drops reply->doc. */
MUST_USE int client_fail(struct call *call, struct client_reply *reply, const struct err *err);

#endif
