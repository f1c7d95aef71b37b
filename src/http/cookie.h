/* http/cookie.h — the one cookie of a node: the secret of a person's session.
 *
 * Its name holds the node's id, for cookies do not know ports: two nodes on one host must not log each other
 * out.
 * Under TLS it is a __Host- cookie: no other host and no plain connection can set it.
 *
 * Layer    http.
 * Owns     nothing; values lie in the request, texts in the caller's arena.
 * Threads  any.
 * Errors   none: a cookie that stands twice is as good as none.
 * Tests    tests/unit/http/test_cookie.c
 */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include "base/arena.h"
#include "http/request.h"

/* Whether there is any cookie at all. */
bool cookie_any(const struct http_request *request);

/* The node's cookie; NULL when it is absent, empty, or stands there more than once. */
const char *cookie_find(const struct http_request *request, const char *node, bool tls, struct arena *arena);

/* The value of Set-Cookie; secret NULL takes it away. NULL when the arena is exhausted. */
const char *cookie_set(const char *node, bool tls, const char *secret, struct arena *arena);

#endif
