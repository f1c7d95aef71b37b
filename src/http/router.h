/* http/router.h — from method, path and query to a row of the route table.
 *
 * The table is made from api/openapi.yaml. Percent-encoding is undone here, once, segment by segment; what it
 * hides (a slash, a NUL, a control character, bytes that are no UTF-8, a dot segment) is refused. A query may
 * hold only the names of the row, each once.
 *
 * Layer    http.
 * Owns     nothing; decoded texts are in the caller's arena.
 * Threads  any; the table is const.
 * Errors   ERR_NOT_FOUND; ERR_METHOD, and allow is filled; ERR_SYNTAX; ERR_INVALID naming the parameter.
 * Tests    tests/unit/http/test_router.c
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "base/arena.h"
#include "http/request.h"

enum { ROUTE_PARAMS_MAX = 4, ROUTE_QUERY_MAX = 24, ROUTE_ALLOW_SIZE = 64 };

struct route {
    enum http_method method;
    const char *path;         /* "/api/v1/incidents/{id}"; a {name} is one whole segment, never empty */
    const char *operation;    /* operationId: "getIncident" */
    unsigned permit;          /* what the token must permit (desk/access.h); 0 = none needed */
    int kind;                 /* which handler */
    const char *name;         /* what the handler does: an act's kind, a query's name … */
    const char *of;           /* what is fixed about it: a subject type …; NULL = nothing */
    const char *const *query; /* names that may be given, NULL at the end; NULL = none */
    size_t body_bytes_max;
    bool when_locked; /* answered to a locked session too */
};

struct route_table {
    const struct route *rows; /* a row with a literal segment comes before one with a parameter there */
    size_t count;
};

struct route_pair {
    const char *name;
    const char *value;
};

struct route_match {
    const struct route *route;
    const char *params[ROUTE_PARAMS_MAX]; /* in the order of the path */
    size_t param_count;
    struct route_pair query[ROUTE_QUERY_MAX];
    size_t query_count;
    char allow[ROUTE_ALLOW_SIZE]; /* "GET, HEAD, POST": the methods of the path, when none fits */
};

/* HEAD is answered by the row of GET. */
MUST_USE enum errc router_match(const struct route_table *table, const struct http_request *request,
                                struct arena *arena, struct route_match *out, struct err *err);

/* NULL when it was not given. */
const char *route_param(const struct route_match *match, const char *name);
const char *route_query(const struct route_match *match, const char *name);

#endif
