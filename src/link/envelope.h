/* link/envelope.h — the one message of the link, the same in both directions, as JSON.
 *
 *   {"v":1,"from","to","universe","time",
 *    "last":41,                                     the last number taken from the other side
 *    "seen":12,                                     size of the other side's ledger as last witnessed
 *    "items":[{"n","act","annex","proof","for":[…]}],
 *    "answers":[{"n","act","state","why","clause","waits"}],
 *    "head":{…},"growth":{…},                       own ledger; that it continues what the other witnessed
 *    "cosigned":{"size","cosignature":{…}}}         a witness's signature under a head of the other side
 *
 * act, annex and proof are JSON texts inside strings: they stay the bytes they are. A request carries what
 * the caller has to deliver; the reply answers it, and carries what waits here for the caller, who answers
 * that with its next request. So a node that nobody can call still gets everything.
 *
 * Layer    link.
 * Owns     what is read lives in the arena, its texts in a document tied to it.
 * Threads  any.
 * Errors   ERR_SYNTAX, ERR_LIMIT; ERR_INVALID naming the member ("items[3].act").
 * Tests    tests/unit/link/test_envelope.c, tests/fuzz/fuzz_envelope.c
 */
#ifndef LINK_ENVELOPE_H
#define LINK_ENVELOPE_H

#include "base/arena.h"
#include "base/env.h"
#include "base/proof.h"

enum { ENVELOPE_BYTES_MAX = DOC_BYTES_MAX, ENVELOPE_ITEMS_MAX = 256 };
enum {
    ENVELOPE_ACT_MAX = 256 << 10,
    ENVELOPE_ANNEX_MAX = 256 << 10,
    ENVELOPE_PROOF_MAX = 16 << 10,
    ENVELOPE_TARGETS_MAX = 4096
};

struct envelope_item {
    int64_t n;
    const char *act;
    const char *annex; /* "" = none */
    const char *proof;
    const char **targets;
    size_t target_count;
};

struct envelope_answer {
    int64_t n;
    const char *act;   /* id; "" = it could not be read */
    const char *state; /* accepted, duplicate, refused, waiting, gap */
    const char *why;
    const char *clause;
    const char *waits; /* id of the matter it waits for; "" */
};

struct envelope {
    const char *from;
    const char *to;
    const char *universe;
    int64_t time_ms;
    int64_t last_n;
    uint64_t seen_size;
    struct envelope_item *items;
    size_t item_count;
    struct envelope_answer *answers;
    size_t answer_count;
    bool has_head;
    struct tree_head head;
    bool has_growth;
    struct growth_proof growth;
    bool has_cosignature;
    uint64_t cosigned_size;
    struct cosignature cosignature;
};

MUST_USE enum errc envelope_read(const char *text, size_t size_bytes, struct arena *arena,
                                 struct envelope *out, struct err *err);
MUST_USE enum errc envelope_write(const struct envelope *envelope, struct buf *out, struct err *err);

/* What an item will take of a message, at most: for those who fill one. */
size_t envelope_item_bytes(const struct envelope_item *item);

#endif
