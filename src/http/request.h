/* http/request.h — one HTTP request as its reader left it: checked, and nothing decoded yet.
 *
 * Layer    http.
 * Owns     the bytes of its head and its body, until http_request_done. Slices point into it.
 * Threads  one request, one thread at a time.
 * Errors   none: whatever was wrong was refused by http/request_parser.h.
 * Tests    tests/unit/http/test_request_parser.c
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/buf.h"
#include "base/str.h"

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHOD_COUNT
};

const char *http_method_name(enum http_method method);
int http_method_parse(struct str name); /* -1 for what is not in the list */

enum { HTTP_FIELDS_MAX = 64 };

/* A place in the text of the head; places survive its growth, pointers do not. */
struct http_span {
    uint32_t at;
    uint32_t n;
};

struct http_field {
    struct http_span name; /* in lower case */
    struct http_span value;
};

struct http_request {
    enum http_method method;
    int minor;  /* of HTTP/1.minor: 0 or 1 */
    char *text; /* method, target, version, names and values, one after the other */
    uint32_t text_n;
    uint32_t text_room;
    struct http_span path;      /* still percent-encoded; starts with / (or is * for OPTIONS) */
    struct http_span query;     /* behind the ?; still encoded */
    struct http_span authority; /* of a target in absolute form */
    bool has_query;
    bool close; /* the connection ends with this request */
    bool expect_continue;
    bool chunked;
    bool has_length;
    uint64_t length_bytes; /* Content-Length, when has_length */
    size_t field_count;
    struct http_field fields[HTTP_FIELDS_MAX];
    struct buf body;
};

void http_request_done(struct http_request *request);

struct str http_request_slice(const struct http_request *request, struct http_span span);
struct str http_request_path(const struct http_request *request);
struct str http_request_query(const struct http_request *request); /* p is NULL when there is no ? */

/* The first value of a field, name in lower case; p is NULL when it is absent. */
struct str http_request_field(const struct http_request *request, const char *name);
/* The next value from *at on, which starts at 0; false at the end. */
bool http_request_field_next(const struct http_request *request, const char *name, size_t *at,
                             struct str *value);

#endif
