/* seal/pki.h — certificates of nodes: requests, a ministry's root, provinces' CAs, leaves.
 *
 *   root of the ministry (P-256 or SM2)
 *     ├─ CA of a province ── leaf of an enterprise        a leaf carries the node's id as common name and as
 *     └─ leaf of a province                               DNS name, so that TLS itself checks whom it meets
 *
 * Everything travels as PEM text. A request says nothing but the node's id and its key: what a certificate
 * allows is decided by who issues it.
 *
 * Layer    seal.
 * Owns     texts are the caller's arrays.
 * Threads  any.
 * Errors   ERR_SYNTAX text that is no such thing; ERR_FORGED it does not prove what it should; ERR_INVALID.
 * Tests    tests/unit/seal/test_pki.c, tests/fuzz/fuzz_pki.c
 */
#ifndef SEAL_PKI_H
#define SEAL_PKI_H

#include "base/env.h"
#include "base/proof.h"

enum { PKI_PEM_SIZE = 4096, PKI_CHAIN_SIZE = 4 * PKI_PEM_SIZE, PKI_NAME_MAX = PROOF_NAME_MAX };
enum { PKI_DAYS_LEAF = 397, PKI_DAYS_CA = 3653 };

enum pki_kind { PKI_LEAF, PKI_CA };

/* A request for a certificate, signed by the key it is for. Leaves need P-256: TLS here takes no other. */
MUST_USE enum errc pki_request(const struct sign_key *key, const char *node, char out[PKI_PEM_SIZE],
                               struct err *err);
/* The request is for exactly this node, holds nothing else, and was made by who has the key. */
MUST_USE enum errc pki_request_check(const char *pem, const char *node, enum pki_kind kind, struct err *err);

struct pki_validity {
    int64_t from_ms;
    int64_t to_ms;
};

/* A root that signs itself. */
MUST_USE enum errc pki_root(const struct sign_key *key, const char *node, const struct pki_validity *validity,
                            const struct env *env, char out[PKI_PEM_SIZE], struct err *err);

struct pki_order {
    const char *request; /* checked by pki_issue as pki_request_check does */
    const char *node;
    enum pki_kind kind;
    struct pki_validity validity; /* cut to the issuer's own */
};

/* Issues what the order says under the CA. */
MUST_USE enum errc pki_issue(const struct sign_key *ca_key, const char *ca_pem, const struct pki_order *order,
                             const struct env *env, char out[PKI_PEM_SIZE], struct err *err);

struct pki_identity {
    char node[PKI_NAME_MAX + 1];
    char issuer[PKI_NAME_MAX + 1]; /* node that issued it */
    enum pki_kind kind;
    struct pki_validity validity;
    char fingerprint[HASH_TEXT_SIZE]; /* SHA-256 of the certificate, hexadecimal */
};

/* What a certificate says; nothing is verified. Text behind the first certificate is not looked at. */
MUST_USE enum errc pki_describe(const char *pem, struct pki_identity *out, struct err *err);

/* The leaf (first in the chain text) is valid at that time under the root with this fingerprint or text. */
MUST_USE enum errc pki_verify(const char *chain, const char *root_pem, int64_t at_ms,
                              struct pki_identity *out, struct err *err);

/* The private key belongs to the first certificate of the text. */
MUST_USE enum errc pki_check_key(const char *pem, const struct sign_key *key, struct err *err);

#endif
