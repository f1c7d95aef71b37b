/* lib/http/trace.h — a stream of bytes through http/request_parser.h, told as one line of text.
 *
 * "GET /a ?query [name=value] close continue body=3:abc ;" a request; "!400" where it is refused; "…" when
 * more bytes would be needed. Bodies may have HTTP_TRACE_BODY_MAX bytes.
 */
#ifndef LIB_HTTP_TRACE_H
#define LIB_HTTP_TRACE_H

#include "base/buf.h"

enum {
    HTTP_TRACE_BODY_MAX = 1000,
    HTTP_TRACE_LINE_MAX = 300,
    HTTP_TRACE_HEAD_MAX = 1000,
    HTTP_TRACE_FIELDS_MAX = 16
};

/* The length of the next piece that the parser is fed; at least 1. */
struct http_split {
    size_t (*next)(struct http_split *split);
    uint64_t state;
};

size_t http_split_none(struct http_split *split);
size_t http_split_bytes(struct http_split *split);
size_t http_split_random(struct http_split *split);

/* Appends the story of the stream to out. */
void http_trace(const char *bytes, size_t size_bytes, struct http_split split, struct buf *out);

/* The same story whichever way the bytes are split; aborts with both stories when it is not. */
void http_trace_check_splits(const char *bytes, size_t size_bytes, uint64_t seed);

#endif
