/* desk/audit.h — an auditor who trusts nothing but the first cards: reads a ledger from its beginning and
 * says what does not hold.
 *
 *   cards that begin it ─► act 0, act 1 … ─► a signed head over them ─► who witnessed it ─► …
 *
 * For every act: its place, its hash as kept, its form, its number among its node's acts; for a peer's act
 * besides the proof that the peer made it, under the key of the card valid then; for what travels beside
 * it, that the act commits to it. For every head: its root over exactly these acts, its
 * signature, and those of its witnesses. Cards become known by the acts that enrol nodes.
 *
 * Layer    desk.
 * Owns     audit_new gives an object freed by audit_free; texts handed in are copied where they are kept.
 * Threads  one at a time; no store is needed.
 * Errors   what does not hold is a finding and no error; errors are of memory and of the crypto library.
 * Tests    tests/unit/desk/test_audit.c
 */
#ifndef DESK_AUDIT_H
#define DESK_AUDIT_H

#include "base/proof.h"
#include "domain/directory.h"

enum { AUDIT_FINDINGS_MAX = 100 };

struct audit;

struct audit_ledger {
    const char *node;
    const char *universe;
    enum suite suite;
};

MUST_USE enum errc audit_new(const struct audit_ledger *ledger, struct audit **out, struct err *err);
void audit_free(struct audit *audit);

/* A card that is believed without an act: an anchor. Before the first act. */
MUST_USE enum errc audit_anchor(struct audit *audit, const struct node_card *card, struct err *err);

struct audit_act {
    int64_t pos;
    const char *bytes;
    size_t size_bytes;
    const uint8_t *leaf; /* as kept beside it; NULL = not kept */
    const char *annex;   /* NULL or "" = none came along */
    size_t annex_bytes;
    const char *proof; /* of a peer's act */
    size_t proof_bytes;
};
MUST_USE enum errc audit_act(struct audit *audit, const struct audit_act *act, struct err *err);

/* A head over the acts so far. */
MUST_USE enum errc audit_head(struct audit *audit, const struct tree_head *head, struct err *err);
/* A witness's signature under the head that came last. */
MUST_USE enum errc audit_witness(struct audit *audit, const struct cosignature *cosignature, struct err *err);

/* Something that whoever reads the ledger found: what is NULL for the ledger as a whole. */
void audit_find(struct audit *audit, int64_t pos, const char *act, const char *why);

/* No more comes: acts that no head covers are a finding.
 * {"ok","node","universe","suite","key","acts","tree_size","root","heads",
 *  "witnesses":[{"node","size","time"}],"problems":[{"act","pos","why"}]}
 * A new reference, NULL when memory is exhausted. */
json_t *audit_end(struct audit *audit);
bool audit_sound(const struct audit *audit);

#endif
