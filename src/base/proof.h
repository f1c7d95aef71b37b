/* base/proof.h — what nodes prove to each other: signed tree heads, an act's place under one, growth
 * without change, and the signature of a witness. As values and as JSON.
 *
 *   tree head     {"node","universe","suite","size","root","time","sig"}
 *   cosignature   {"witness","suite","time","sig"}             made for one head, which travels beside it
 *   act proof     {"head":{…},"pos","path":[…]}                leaf number pos of that tree is the act
 *   growth proof  {"from","to","path":[…]}                     the tree of size `from` begins that of `to`
 *
 * Hashes are lower-case hexadecimal, signatures base64 of DER, times RFC 3339 to the millisecond.
 * What is signed is a text, each part on a line of its own (no part can hold a line feed), with a first
 * line that says what it is, so that no signature serves for something else:
 *
 *   fengsui tree head v1 ⏎ node ⏎ universe ⏎ suite ⏎ size ⏎ time in ms ⏎ root ⏎
 *   fengsui cosignature v1 ⏎ witness ⏎ suite ⏎ time in ms ⏎ …then the signed text of the head, whole
 *
 * Layer    base.
 * Owns     values are plain; *_write gives a new document that the caller drops with json_decref.
 * Threads  any.
 * Errors   ERR_INVALID naming the field; ERR_FORGED when a signature, root or path does not hold.
 * Tests    tests/unit/base/test_proof.c, tests/fuzz/fuzz_proof.c
 */
#ifndef BASE_PROOF_H
#define BASE_PROOF_H

#include "base/doc.h"
#include "base/merkle.h"
#include "base/sign.h"

enum { PROOF_NAME_MAX = 64, PROOF_SIGNED_MAX = 768 };

struct tree_head {
    char node[PROOF_NAME_MAX + 1];
    char universe[PROOF_NAME_MAX + 1]; /* "real", or the id of a drill */
    enum suite suite;
    struct merkle_claim tree;
    int64_t time_ms;
    struct signature sig;
};

struct cosignature {
    char witness[PROOF_NAME_MAX + 1];
    enum suite suite;
    int64_t time_ms;
    struct signature sig;
};

struct act_proof {
    struct tree_head head;
    uint64_t pos;
    struct merkle_proof path;
};

struct growth_proof {
    uint64_t from;
    uint64_t to;
    struct merkle_proof path;
};

/* Names of nodes and universes: a-z, 0-9, '.', '-'; 1 to 64 of them, beginning with a letter or digit. */
bool proof_name_valid(const char *name);

/* The exact text that is signed, without NUL; returns its size. */
size_t proof_head_text(const struct tree_head *head, char out[PROOF_SIGNED_MAX]);
size_t proof_cosignature_text(const struct cosignature *cosignature, const struct tree_head *head,
                              char out[PROOF_SIGNED_MAX]);

/* Sets suite and sig. Only the signer calls these in the running program. */
MUST_USE enum errc proof_head_sign(struct tree_head *head, const struct sign_key *key, struct err *err);
MUST_USE enum errc proof_cosignature_sign(struct cosignature *cosignature, const struct tree_head *head,
                                          const struct sign_key *key, struct err *err);

MUST_USE enum errc proof_head_verify(const struct tree_head *head, const struct sign_key *key,
                                     struct err *err);
MUST_USE enum errc proof_cosignature_verify(const struct cosignature *cosignature,
                                            const struct tree_head *head, const struct sign_key *key,
                                            struct err *err);
/* The bytes are leaf pos of the proof's tree. The head's own signature is checked by proof_head_verify. */
MUST_USE enum errc proof_act_verify(const struct act_proof *proof, const void *bytes, size_t size_bytes,
                                    struct hasher *hasher, struct err *err);
/* Two heads of one node and universe: the newer continues the older. The same head twice is fine. */
MUST_USE enum errc proof_growth_verify(const struct growth_proof *proof, const struct tree_head *older,
                                       const struct tree_head *newer, struct hasher *hasher, struct err *err);

/* Strict readers: every member there, none more, ranges checked. Nothing is verified yet. */
MUST_USE enum errc proof_head_read(json_t *doc, struct tree_head *out, struct err *err);
MUST_USE enum errc proof_cosignature_read(json_t *doc, struct cosignature *out, struct err *err);
MUST_USE enum errc proof_act_read(json_t *doc, struct act_proof *out, struct err *err);
MUST_USE enum errc proof_growth_read(json_t *doc, struct growth_proof *out, struct err *err);

/* NULL when memory is exhausted. */
MUST_USE json_t *proof_head_write(const struct tree_head *head);
MUST_USE json_t *proof_cosignature_write(const struct cosignature *cosignature);
MUST_USE json_t *proof_act_write(const struct act_proof *proof);
MUST_USE json_t *proof_growth_write(const struct growth_proof *proof);

#endif
