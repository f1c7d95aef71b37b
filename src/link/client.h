/* link/client.h — one HTTPS request to a node, with curl: mutual TLS 1.3, and the node's id as the name that
 * its certificate must carry, whatever the address.
 *
 * Nothing else is followed, looked up or believed: no redirects, no proxies, no system roots, one protocol.
 *
 * Layer    link: the edge; a simulation has its own transport.
 * Owns     client_new gives an object freed by client_free; it lends the setup.
 * Threads  a client may be used by several threads; a reply buffer by one.
 * Errors   ERR_IO nobody there, or a fault over there; ERR_TIMEOUT; ERR_AUTH the other end has not proven
 *          who it is, or does not take our proof; ERR_LIMIT the reply is too large; ERR_PERMISSION refused,
 *          with the other end's own words.
 * Tests    tests/unit/link/test_client.c
 */
#ifndef LINK_CLIENT_H
#define LINK_CLIENT_H

#include "base/buf.h"
#include "seal/tls.h"

struct client;

MUST_USE enum errc client_new(const struct tls_setup *tls, struct client **out, struct err *err);
void client_free(struct client *client);

struct client_post {
    const char *url;  /* "https://host:8443": where */
    const char *path; /* "/link/v1/exchange" */
    const char *node; /* who must be there */
    const char *body;
    size_t body_bytes;
    int64_t timeout_ms; /* of the whole */
};

/* The body of a 200 goes to the reply. Blocks. */
MUST_USE enum errc client_post(struct client *client, const struct client_post *post, struct buf *reply,
                               struct err *err);

#endif
