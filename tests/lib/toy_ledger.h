/* lib/toy_ledger.h — a ledger in memory with its key: heads, proofs of acts and of growth for tests.
 *
 * Leaves are given as texts. It signs whatever it is told to, also what an honest node never would. */
#ifndef LIB_TOY_LEDGER_H
#define LIB_TOY_LEDGER_H

#include "base/proof.h"

enum { TOY_LEAVES_MAX = 256, TOY_LEVELS = 9 };

struct toy_ledger {
    char node[PROOF_NAME_MAX + 1];
    char universe[PROOF_NAME_MAX + 1];
    struct hasher *hasher;
    struct sign_key *key;
    struct merkle_tree tree;
    uint8_t hash[TOY_LEVELS][TOY_LEAVES_MAX][HASH_SIZE];
};

/* All of these fail the test when something does not work. key NULL: a fresh one. The ledger owns it. */
struct toy_ledger *toy_new(const char *node, const char *universe, enum suite suite, struct sign_key *key);
void toy_free(struct toy_ledger *toy);
void toy_append(struct toy_ledger *toy, const char *act);
/* A signed head of what it held at that size. */
struct tree_head toy_head(struct toy_ledger *toy, uint64_t size, int64_t time_ms);
struct growth_proof toy_growth(struct toy_ledger *toy, uint64_t from, uint64_t to);
struct act_proof toy_proof(struct toy_ledger *toy, uint64_t pos, uint64_t size, int64_t time_ms);

#endif
