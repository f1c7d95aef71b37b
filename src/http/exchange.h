/* http/exchange.h — one request and the answer to it, as an application sees them.
 *
 * The server hands an exchange to the application in the loop thread. The application may pass it on to
 * another thread; whoever has it fills the answer and calls http_reply_send once, and after that nobody
 * but the server touches it. Before that the exchange stays valid even if the client goes away.
 *
 * Layer    http.
 * Owns     request, arena and answer; all are freed once the answer is handed to the network.
 * Threads  one thread at a time. http_reply_send is the hand-over and may be called from any thread.
 * Errors   filling an answer cannot fail visibly: what does not fit makes it a 500 problem document.
 * Tests    tests/unit/http/test_server.c
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "base/arena.h"
#include "http/address.h"
#include "http/request.h"

enum { HTTP_REPLY_FIELDS_MAX = 16, HTTP_FINGERPRINT_SIZE = 65, HTTP_SUBJECT_SIZE = 512 };

/* A certificate that the TLS handshake has verified against the listener's authorities. */
struct http_certificate {
    char subject[HTTP_SUBJECT_SIZE];         /* RFC 2253 */
    char issuer[HTTP_SUBJECT_SIZE];          /* the same */
    char fingerprint[HTTP_FINGERPRINT_SIZE]; /* SHA-256 of its DER, hexadecimal */
};

struct http_peer {
    char address[ADDRESS_TEXT_SIZE];
    uint16_t port;
    bool tls;
    bool certified; /* certificate is filled */
    struct http_certificate certificate;
    int listener; /* number of the listener, as http_server_listen gave it */
};

struct http_reply_field {
    const char *name;
    const char *value;
};

struct http_stream_handler;

struct http_reply {
    int status;
    const char *content_type;
    struct http_reply_field fields[HTTP_REPLY_FIELDS_MAX];
    size_t field_count;
    struct buf body;   /* written by the application; or: */
    const void *fixed; /* bytes that outlive the server */
    size_t fixed_bytes;
    const struct http_stream_handler *stream;
    void *stream_context;
    bool failed; /* something did not fit */
};

struct http_exchange {
    const struct http_request *request;
    const struct http_peer *peer;
    struct arena arena;
    struct http_reply reply;
    void *app;          /* the application's own, usually from the arena */
    int64_t started_ms; /* when its first byte came */
};

/* A field of the answer; both are copied. Fields of the default set are replaced by name. */
void http_reply_field(struct http_exchange *exchange, const char *name, const char *value);

/* Status and an empty body. */
void http_reply_status(struct http_exchange *exchange, int status);

/* Status and type; the body goes into the buffer that is returned. */
struct buf *http_reply_body(struct http_exchange *exchange, int status, const char *content_type);

/* Status and a body that is not copied: a constant of the program, for example. */
void http_reply_fixed(struct http_exchange *exchange, int status, const char *content_type, const void *bytes,
                      size_t size_bytes);

/* The error as a problem document (RFC 9457), with the status of its code. */
void http_reply_problem(struct http_exchange *exchange, const struct err *err);
/* The same with another status, for errors of the protocol itself. */
void http_reply_problem_as(struct http_exchange *exchange, const struct err *err, int status);

/* An endless answer; see http/stream.h. */
void http_reply_stream(struct http_exchange *exchange, int status, const char *content_type,
                       const struct http_stream_handler *handler, void *context);

/* The hand-over. */
void http_reply_send(struct http_exchange *exchange);

#endif
