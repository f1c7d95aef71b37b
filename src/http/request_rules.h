/* http/request_rules.h — what a request target, a field and a whole head must obey. Only for
 * request_parser.c.
 *
 * Layer    http.   Threads any.   Owns nothing.
 * Errors   false, and *fault says why; nothing that follows on the connection can be trusted then.
 * Tests    tests/unit/http/test_request_parser.c
 */
#ifndef HTTP_REQUEST_RULES_H
#define HTTP_REQUEST_RULES_H

#include "http/request.h"

struct request_fault {
    enum errc code;
    int status;
    const char *field; /* name of the header field at fault, or "" */
    const char *why;
};

/* Splits the target into authority, path and query. */
MUST_USE bool rules_target(struct http_request *request, struct http_span target,
                           struct request_fault *fault);

/* A field, before it is added to the request. A trailer is checked and then forgotten. */
MUST_USE bool rules_field(struct http_request *request, const struct http_field *field, bool trailer,
                          struct request_fault *fault);

/* The end of the head: is there exactly one way to see where the message ends? */
MUST_USE bool rules_head(const struct http_request *request, struct request_fault *fault);

#endif
