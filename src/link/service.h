/* link/service.h — what the link's listener answers, for whoever carries HTTP.
 *
 *   POST /link/v1/exchange   acts, answers, heads     the caller's certificate is needed
 *   POST /link/v1/enrol      a bid with a code, or a renewal     a certificate is needed for the renewal only
 *
 *   any thread   service_read      path known? body small enough and a message?
 *   writer       service_answer    the reply's bytes, or an error for a problem document
 *
 * Layer    link.
 * Owns     service_read gives an object freed by service_free; it lends the body's bytes for enrolments.
 * Threads  see above.
 * Errors   ERR_NOT_FOUND no such path; those of link_answer and enrol_answer.
 * Tests    tests/unit/link/test_service.c
 */
#ifndef LINK_SERVICE_H
#define LINK_SERVICE_H

#include "link/enrol.h"
#include "link/link.h"

#define SERVICE_EXCHANGE "/link/v1/exchange"
#define SERVICE_ENROL "/link/v1/enrol"

/* Who answers; members are lent. */
struct service {
    struct link *link;
    struct enroller *enroller; /* NULL: this node enrols nobody */
};

/* Whom a verified certificate names, from what a server tells of it: its names as RFC 2253 texts. */
MUST_USE enum errc service_caller(const char *subject, const char *issuer, const char *fingerprint,
                                  struct pki_identity *out, struct err *err);

struct service_request;

/* The most bytes that a path takes; 0 = there is no such path. */
size_t service_body_max(const char *path);

/* caller: whom the connection proves (tls_peer_identity); NULL = nobody. */
MUST_USE enum errc service_read(const char *path, const struct pki_identity *caller, const char *body,
                                size_t body_bytes, struct service_request **out, struct err *err);
void service_free(struct service_request *request);

/* The universe that an exchange is for, so that its own service can be found; "real" for enrolments. */
const char *service_universe(const struct service_request *request);

MUST_USE enum errc service_answer(const struct service *service, struct desk *desk,
                                  const struct service_request *request, struct buf *out, struct err *err);

#endif
