/* http/stream.h — an answer without end: bytes are added until one side closes.
 *
 * Layer    http.
 * Owns     bytes that were added are released by the function given with them, once the network has them.
 * Threads  the loop thread only, handlers included.
 * Errors   none; a stream that dies says so through closed().
 * Tests    tests/unit/http/test_server.c, tests/unit/http/test_sse.c
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "base/err.h"

struct http_stream;

struct http_stream_handler {
    /* The head is on its way; bytes may be added from now on. */
    void (*opened)(void *context, struct http_stream *stream);
    /* Everything that was added has left. */
    void (*drained)(void *context);
    /* Called exactly once, even when opened never was; the stream must not be touched any more. */
    void (*closed)(void *context);
};

typedef void http_release_fn(const void *bytes, size_t size_bytes, void *context);

/* release may be NULL for bytes that outlive the server. */
void http_stream_add(struct http_stream *stream, const void *bytes, size_t size_bytes,
                     http_release_fn *release, void *context);
/* Bytes that were added and have not left. */
size_t http_stream_waiting_bytes(const struct http_stream *stream);
/* Ends it at once; closed() is called before this returns. */
void http_stream_close(struct http_stream *stream);

#endif
