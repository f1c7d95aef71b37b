/* store/verify.h — is the record still what was signed? And if not: which act was altered?
 *
 * Every act is hashed again from its bytes; every hash of the tree, every signed root and, through a
 * function of the caller, every signature is compared; so are the columns that are read from an act's
 * bytes, the values of its annex that it commits to, the evidence files, and the structure of the database.
 * Pages are read whatever their own checksums say, so that an altered act can be named.
 *
 * Not covered by a signature: when and from whom an act came (received_ms, from_node), which the receipts
 * given for it say; the node's working state (deliveries, tokens, peers), which page checksums guard.
 *
 * Layer    store.
 * Owns     the report is the caller's, plain data.
 * Threads  any: it opens connections of its own, also beside a running writer.
 * Errors   ERR_DAMAGED with the first finding when there is any; then *out is filled all the same.
 *          Other errors when nothing can be said: no such store, no memory.
 * Tests    tests/unit/store/test_verify.c, tests/faults/test_flips.c
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/proof.h"
#include "store/store.h"

enum { VERIFY_FINDINGS_MAX = 32, VERIFY_STORY_SIZE = 320 };

enum finding_kind {
    FINDING_ACT_ALTERED,
    FINDING_ACT_MISSING,
    FINDING_COLUMN, /* a column says something else than the act's bytes */
    FINDING_ANNEX,  /* a secret value is not the one the act commits to */
    FINDING_TREE,   /* a hash kept for the ledger is wrong; the acts under it are intact */
    FINDING_HEAD,   /* a signed root does not fit the acts, and it cannot be said which */
    FINDING_SIGNATURE,
    FINDING_UNSIGNED, /* acts behind the last signed head */
    FINDING_BLOB,
    FINDING_DATABASE /* pages, structure, lost end of the log */
};

struct verify_finding {
    enum finding_kind kind;
    int64_t pos; /* of the act, -1 when it is not about one */
    char act[PROOF_NAME_MAX + 1];
    char act_kind[PROOF_NAME_MAX + 1];
    int64_t recorded_ms;
    char story[VERIFY_STORY_SIZE];
};

struct verify_report {
    char node[PROOF_NAME_MAX + 1];
    char universe[PROOF_NAME_MAX + 1];
    enum suite suite;
    int64_t acts;
    int64_t heads;
    int64_t blobs;
    struct merkle_claim tree; /* of the newest head that fits */
    size_t finding_count;     /* all; the first ones are kept */
    struct verify_finding findings[VERIFY_FINDINGS_MAX];
};

/* Is this head signed by the node's key? NULL = signatures are not looked at. */
typedef enum errc (*verify_head_fn)(void *context, const struct tree_head *head, struct err *err);

MUST_USE enum errc store_verify(const struct store_options *options, verify_head_fn check_head, void *context,
                                struct verify_report *out, struct err *err);

#endif
