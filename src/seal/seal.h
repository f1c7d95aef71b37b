/* seal/seal.h — the seal (印): asks the signer, who alone holds the node's private ledger keys.
 *
 *   serve ──socketpair──► signer      forked at start, before any thread; afterwards it can read, write, sync
 *                                     its journal and nothing else (sandbox.h)
 *
 * The signer signs heads of its own node only, and only such that continue what it signed before; it co-signs
 * heads of others only when they continue what it co-signed before (guard.h). So even a caller that is no
 * longer to be trusted cannot show one history here and another there.
 *
 * A head may be signed before or after the commit of its acts:
 *
 *   SEAL_AFTER_COMMIT   what is signed is kept at once. The acts must be on disk first, else a commit that
 *                       fails afterwards leaves a head that nothing may contradict.
 *   SEAL_BEFORE_COMMIT  what is signed is open until seal_keep says that the commit went through; an open
 *                       head may be replaced, for a commit may fail. A caller gone bad could then show one
 *                       open head here and another there: the next witness finds it, nothing prevents it.
 *
 * When the program starts it shows the signer the store's last head by seal_keep: ERR_FORGED then means that
 * the store was set back behind what was signed.
 *
 * Layer    seal.
 * Owns     seal_start / seal_local give an object freed by seal_stop.
 * Threads  any: calls wait for each other.
 * Errors   ERR_FORGED the head contradicts the past; ERR_INVALID it is not well formed or not this node's;
 *          ERR_CRYPTO the signer has ended: the program must be started again; ERR_IO its journal failed.
 * Data     <folder>/real.pem, drill.pem, journal; ca.pem (certificate) and ca-key.pem where the node issues
 *          certificates. All 0600.
 * Tests    tests/unit/seal/test_seal.c
 */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include "base/proof.h"
#include "seal/pki.h"

enum seal_order { SEAL_AFTER_COMMIT, SEAL_BEFORE_COMMIT };
enum seal_ledger { SEAL_REAL, SEAL_DRILL };

struct seal_options {
    const char *node;
    const char *folder;
    const char *passphrase; /* of the key files; NULL = they are in the clear */
    const char *journal;    /* NULL = in the folder; a drill beside the real node keeps its own */
    enum seal_order order;
};

struct seal;

/* Makes the folder with fresh ledger keys of the suite; ERR_CONFLICT when there are keys already. */
MUST_USE enum errc seal_create(const struct seal_options *options, enum suite suite, struct err *err);
/* Puts a CA key and its certificate into the folder: the node may issue certificates from its next start. */
MUST_USE enum errc seal_create_ca(const struct seal_options *options, const struct sign_key *key,
                                  const char *cert_pem, struct err *err);

/* Makes the signer of a stopped node forget what it signed after this head, one of its own: the record was
 * restored from an older backup, with the loss of what came later. What peers have witnessed they do not
 * forget: they see two histories, and should be told why (desk/restored.h). */
MUST_USE enum errc seal_set_back(const struct seal_options *options, const struct tree_head *head,
                                 struct err *err);

/* Forks the signer. Call it before any thread is made; later children must not keep the connection open. */
MUST_USE enum errc seal_start(const struct seal_options *options, struct seal **out, struct err *err);
/* The same in this process and memory: for tests, simulations and offline tools. Takes over both keys. */
MUST_USE enum errc seal_local(const char *node, enum seal_order order, struct sign_key *real,
                              struct sign_key *drill, struct seal **out, struct err *err);
/* Gives a local seal a CA; takes over the key. */
MUST_USE enum errc seal_local_ca(struct seal *seal, struct sign_key *key, const char *cert_pem,
                                 struct err *err);
/* Ends the signer and waits for it. */
void seal_stop(struct seal *seal);

/* Becomes readable when the signer has ended: the program must end then, too. -1 for a local seal. */
int seal_fd(const struct seal *seal);

/* The public key as PEM, lent. */
const char *seal_public(const struct seal *seal, enum seal_ledger ledger);

/* Signs a head whose node, universe, tree and time are set; sets suite and sig. growth proves that the tree
 * continues the kept one; NULL when nothing is kept yet or the size is the same. */
MUST_USE enum errc seal_sign_head(struct seal *seal, struct tree_head *head,
                                  const struct growth_proof *growth, struct err *err);
/* The commit of this signed head went through. */
MUST_USE enum errc seal_keep(struct seal *seal, const struct tree_head *head,
                             const struct growth_proof *growth, struct err *err);
/* Witnesses a head of another node, whose own signature the caller has verified. */
MUST_USE enum errc seal_cosign(struct seal *seal, const struct tree_head *head,
                               const struct growth_proof *growth, int64_t time_ms, struct cosignature *out,
                               struct err *err);
/* What the signer last kept or co-signed of that ledger: growth is proven from here. Size 0 = nothing. */
MUST_USE enum errc seal_kept(struct seal *seal, const char *node, const char *universe,
                             struct merkle_claim *out, struct err *err);

/* Issues a certificate under the node's CA; ERR_UNSUPPORTED when it has none. */
MUST_USE enum errc seal_issue(struct seal *seal, const struct pki_order *order, char out[PKI_PEM_SIZE],
                              struct err *err);

#endif
