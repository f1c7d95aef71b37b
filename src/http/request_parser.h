/* http/request_parser.h — bytes in, one HTTP/1.1 request out; RFC 9112 without leniency.
 *
 *   feed ─► REQUEST_MORE … ─► REQUEST_HEAD ─► accept(body_bytes_max) ─► REQUEST_MORE … ─► REQUEST_DONE
 *                      └────────────┴──────────────┴───────────────────────┴──► REQUEST_BAD (final)
 *
 * Lines end in CRLF; one Host; one Content-Length or the one coding "chunked", never both; no line
 * folding; no space before a colon; no leading empty line. Whatever leaves two ways to read a message is
 * refused, and the connection must then be closed. Trailer fields and chunk extensions are checked and
 * dropped. However the bytes are split, the result is the same.
 *
 * Layer    http.
 * Owns     the request, until request_parser_done; memory grows with what has come, up to the limits.
 * Threads  one parser, one thread.
 * Errors   REQUEST_BAD; request_parser_error then gives the status (400, 413, 414, 417, 431, 501, 503, 505).
 * Tests    tests/unit/http/test_request_parser.c, tests/prop/prop_request_parser.c (also the fuzz target)
 */
#ifndef HTTP_REQUEST_PARSER_H
#define HTTP_REQUEST_PARSER_H

#include "http/request.h"
#include "http/request_rules.h"

struct request_limits {
    size_t line_bytes_max;  /* method and target */
    size_t head_bytes_max;  /* request line and all fields, trailers included */
    size_t field_count_max; /* at most HTTP_FIELDS_MAX */
};

enum request_progress { REQUEST_MORE, REQUEST_HEAD, REQUEST_DONE, REQUEST_BAD };

struct request_parser {
    struct http_request request;
    struct request_limits limits;
    struct request_fault fault;
    int state;
    bool in_trailer;
    uint32_t mark;      /* where the token being read starts in request.text */
    uint32_t value_end; /* end of the value without the spaces behind it */
    struct http_span name;
    size_t head_bytes;
    int line; /* of the head, from 1; 0 behind it */
    size_t body_bytes_max;
    uint64_t left_bytes; /* of the body or the chunk */
    int digits;          /* of the chunk size */
    size_t extension_bytes;
};

void request_parser_init(struct request_parser *parser, const struct request_limits *limits);
void request_parser_done(struct request_parser *parser);

/* Takes up to size bytes; *used says how many. It stops behind the head and behind the request, so that
 * the bytes of the next request stay with the caller. */
MUST_USE enum request_progress request_parser_feed(struct request_parser *parser, const char *bytes,
                                                   size_t size_bytes, size_t *used);

/* After REQUEST_HEAD: how large a body may be here. Gives REQUEST_DONE when there is none. */
MUST_USE enum request_progress request_parser_accept(struct request_parser *parser, size_t body_bytes_max);

/* After REQUEST_BAD: what was wrong, and the status to answer with. */
int request_parser_error(const struct request_parser *parser, struct err *err);

/* True when no byte has come yet. */
bool request_parser_idle(const struct request_parser *parser);

#endif
