/* seal/signer.h — what the signer does with a message: the one place where private keys are used.
 *
 * The same code answers in the signer's own process (seal.c) and, for tests and simulations, in the caller's.
 * A message is a struct of fixed size: both ends are one program. Nothing in it is believed.
 *
 * Layer    seal. Only src/seal includes it.
 * Owns     signer_open / signer_new give an object freed by signer_close, which wipes the keys.
 * Threads  one at a time.
 * Errors   in seal_reply.
 * Tests    tests/unit/seal/test_signer.c
 */
#ifndef SEAL_SIGNER_H
#define SEAL_SIGNER_H

#include "seal/guard.h"
#include "seal/pki.h"
#include "seal/seal.h"

enum seal_op {
    SEAL_OP_HELLO,  /* → public keys */
    SEAL_OP_SIGN,   /* head, growth → head.sig */
    SEAL_OP_KEEP,   /* head, growth */
    SEAL_OP_COSIGN, /* head, growth, time → cosignature */
    SEAL_OP_KEPT,   /* head.node, head.universe → claim */
    SEAL_OP_ISSUE   /* order → pem */
};

struct seal_request {
    enum seal_op op;
    struct tree_head head;
    bool has_growth;
    struct growth_proof growth;
    int64_t time_ms;
    enum pki_kind kind;
    struct pki_validity validity;
    char pem[PKI_PEM_SIZE];
};

struct seal_reply {
    enum errc rc;
    struct err err;
    struct tree_head head;
    struct cosignature cosignature;
    struct merkle_claim claim;
    char pem[PKI_PEM_SIZE];        /* certificate; HELLO: public key of the real ledger */
    char drill_pem[SIGN_PEM_SIZE]; /* HELLO */
};

struct signer;

/* Tests the crypto library, then reads keys and journal from the folder. */
MUST_USE enum errc signer_open(const struct seal_options *options, struct signer **out, struct err *err);
/* Takes over both keys; remembers in memory only. */
MUST_USE enum errc signer_new(const char *node, enum seal_order order, struct sign_key *real,
                              struct sign_key *drill, struct signer **out, struct err *err);
void signer_close(struct signer *signer);
/* Takes over the key. */
MUST_USE enum errc signer_set_ca(struct signer *signer, struct sign_key *key, const char *cert_pem,
                                 struct err *err);

/* The journal's file, or -1. */
int signer_fd(const struct signer *signer);

void signer_answer(struct signer *signer, const struct seal_request *request, struct seal_reply *reply);

/* See seal_set_back: no message asks for it, so no program that runs can. */
MUST_USE enum errc signer_set_back(struct signer *signer, const struct tree_head *head, struct err *err);

#endif
