/* link/enrol.h — how a node joins: a one-time ticket from the tier above, a bid with it, a grant.
 *
 *   tier above   enrol_offer ─► ticket (told by telephone, on paper, …)
 *   new node     TLS to the ticket's address, trusting only the root whose fingerprint is in the ticket
 *                bid: the secret, its id, its public ledger keys, certificate requests
 *   tier above   enrol_answer: code good? ─► certificates issued ─► code used, node.enrolled on record
 *                ─► grant: chain, root, CA certificate (provinces), all cards known
 *   new node     enrol_check ─► files written, cards installed (desk/setup.h), first exchange
 *
 * The ticket says all a node must trust: "fs1:<parent id>:<root fingerprint>:<secret>@<address>".
 * A certificate is renewed by the same message without a secret, over a connection that the old one proves.
 *
 * Layer    link.
 * Owns     what is read lives in the arena.
 * Threads  enrol_offer and enrol_answer the writer's; the others any.
 * Errors   ERR_AUTH the code does not hold; ERR_BUSY too many wrong ones lately; ERR_INVALID, ERR_SYNTAX,
 *          ERR_FORGED the grant does not prove what it must.
 * Tests    tests/unit/link/test_enrol.c, tests/fuzz/fuzz_enrol.c
 */
#ifndef LINK_ENROL_H
#define LINK_ENROL_H

#include "base/arena.h"
#include "desk/admit.h"
#include "seal/pki.h"

enum { ENROL_TICKET_SIZE = 640, ENROL_URL_MAX = 300, ENROL_CARDS_MAX = 8192 };

struct enrol_ticket {
    char parent[PROOF_NAME_MAX + 1];
    char pin[HASH_TEXT_SIZE]; /* fingerprint of the root, under which the parent's own certificate hangs */
    uint8_t secret[ADMIT_SECRET_BYTES];
    char url[ENROL_URL_MAX + 1];
};

MUST_USE enum errc enrol_ticket_read(const char *text, struct enrol_ticket *out, struct err *err);
void enrol_ticket_write(const struct enrol_ticket *ticket, char out[ENROL_TICKET_SIZE]);

/* ---- the tier above ---- */

/* What a node that enrols others hands out; lent. */
struct enrol_authority {
    const char *chain; /* its CA certificate, then those above it, the root among them or not */
    const char *root;
    const char *url; /* of its link listener */
};

struct enroller; /* counts wrong codes */

MUST_USE enum errc enroller_new(const struct enrol_authority *authority, struct enroller **out,
                                struct err *err);
void enroller_free(struct enroller *enroller);

MUST_USE enum errc enrol_offer(struct enroller *enroller, struct desk *desk, const struct admit_offer *offer,
                               char out_ticket[ENROL_TICKET_SIZE], struct err *err);

/* The answer to a bid. caller: whom the connection proves, for a renewal; NULL = nobody. */
MUST_USE enum errc enrol_answer(struct enroller *enroller, struct desk *desk,
                                const struct pki_identity *caller, const char *text, size_t size_bytes,
                                struct buf *out, struct err *err);

/* ---- the new node ---- */

struct enrol_bid {
    const uint8_t *secret; /* NULL: a renewal */
    const char *node;
    const char *suite;
    const char *key_pem; /* public keys of its ledgers */
    const char *drill_key_pem;
    const char *url;       /* of its link listener; "" = it cannot be called */
    const char *request;   /* of the certificate for connections */
    const char *authority; /* request of a CA certificate; "" = it will enrol nobody */
};

MUST_USE enum errc enrol_bid_write(const struct enrol_bid *bid, struct buf *out, struct err *err);
MUST_USE enum errc enrol_bid_read(const char *text, size_t size_bytes, uint8_t secret[ADMIT_SECRET_BYTES],
                                  struct arena *arena, struct enrol_bid *out, struct err *err);

struct enrol_grant {
    const char *chain; /* leaf, then CAs */
    const char *root;
    const char *authority; /* CA certificate; "" */
    struct node_card *cards;
    size_t card_count;
};

MUST_USE enum errc enrol_grant_read(const char *text, size_t size_bytes, struct arena *arena,
                                    struct enrol_grant *out, struct err *err);

/* That the grant is what was bid for, from whom the ticket names, and hangs together. key: of the leaf. */
MUST_USE enum errc enrol_check(const struct enrol_grant *grant, const struct enrol_bid *bid,
                               const struct enrol_ticket *ticket, const struct sign_key *key, int64_t now_ms,
                               struct err *err);

#endif
