/* http/tls.h — TLS 1.3 for listeners: certificate, key, and whom to ask for a certificate of their own.
 *
 * P-256 certificates. An authority with an SM2 key may have issued them: the distinguishing identifier that
 * verification needs is set on every certificate of a chain. No session tickets, so every connection proves
 * its certificate again; ALPN knows http/1.1 only.
 *
 * Layer    http.
 * Owns     tls_new gives a context that the caller frees with tls_free after the last listener is closed.
 * Threads  making one: any; afterwards it is only read.
 * Errors   ERR_IO for a file that cannot be read, ERR_CRYPTO for one that is not what it should be.
 * Tests    tests/unit/http/test_tls.c
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "http/exchange.h"

struct ssl_ctx_st;
struct ssl_st;

enum tls_client { TLS_CLIENT_NONE, TLS_CLIENT_OPTIONAL, TLS_CLIENT_REQUIRED };

struct tls_config {
    const char *certificate_file; /* PEM: ours first, then the authorities between it and the root */
    const char *key_file;         /* PEM */
    enum tls_client client;
    const char *authorities_file; /* PEM: who may have issued client certificates; with TLS_CLIENT_* only */
};

MUST_USE enum errc tls_new(const struct tls_config *config, struct ssl_ctx_st **out, struct err *err);
void tls_free(struct ssl_ctx_st *tls);

/* The verified certificate of the other side; false when it gave none. */
bool tls_peer(struct ssl_st *ssl, struct http_certificate *out);

#endif
