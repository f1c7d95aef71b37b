/* seal/tls.h — TLS 1.3 with certificates on both sides, for libevent's server and curl's client.
 *
 * Trust is one root (or, while enrolling, the fingerprint of a CA that came by another way), never the
 * machine's store. A CA may sign with SM2; keys of connections are on P-256.
 *
 * Layer    seal.
 * Owns     tls_open gives a context freed by tls_close. The struct tls_setup must outlive every context made
 *          from it.
 * Threads  a context may be used by several threads once made.
 * Errors   ERR_SYNTAX, ERR_INVALID for texts that do not fit; ERR_CRYPTO.
 * Tests    tests/unit/seal/test_tls.c
 */
#ifndef SEAL_TLS_H
#define SEAL_TLS_H

#include "seal/pki.h"

struct ssl_ctx_st;
struct ssl_st;

enum tls_side { TLS_SERVER, TLS_CLIENT };
enum tls_peer { TLS_PEER_MUST, TLS_PEER_MAY }; /* whether a client has to show a certificate */

struct tls_setup {
    enum tls_side side;
    enum tls_peer peer;         /* of servers; a server always has to show one */
    const char *chain;          /* own leaf, then the CAs up to what peers trust; NULL: none (enrolling) */
    const struct sign_key *key; /* of the leaf */
    const char *root;           /* the trusted root; NULL with pin */
    const char *pin;            /* fingerprint of a CA that must be in the server's chain; NULL with root */
};

MUST_USE enum errc tls_open(const struct tls_setup *setup, struct ssl_ctx_st **out, struct err *err);
void tls_close(struct ssl_ctx_st *ctx);

/* The same settings on a context that somebody else made (curl's). */
MUST_USE enum errc tls_configure(struct ssl_ctx_st *ctx, const struct tls_setup *setup, struct err *err);

/* Whom a finished handshake has proven at the other end; ERR_AUTH when nobody. */
MUST_USE enum errc tls_peer_identity(const struct ssl_st *ssl, struct pki_identity *out, struct err *err);

#endif
