/* domain/directory.h — the nodes one knows, as a tree: who stands above whom.
 *
 * Layer    domain: pure.
 * Owns     nothing: cards and their strings belong to whoever built the directory.
 * Threads  immutable after directory_init; any thread may read.
 * Tests    tests/unit/domain/test_directory.c
 */
#ifndef DOMAIN_DIRECTORY_H
#define DOMAIN_DIRECTORY_H

#include "domain/model.h"

struct directory {
    const struct node_card *cards; /* sorted by id */
    size_t count;
};

/* Sorts the caller's array in place and refers to it. */
void directory_init(struct directory *dir, struct node_card *cards, size_t count);

/* NULL when the node is not known. */
const struct node_card *directory_find(const struct directory *dir, const char *id);

/* The card of the top of the tree; NULL when it is not known. */
const struct node_card *directory_ministry(const struct directory *dir);

/* The province node whose region covers the given region code; NULL when there is none. */
const struct node_card *directory_province(const struct directory *dir, const char *region);

/* True when id is below above (at any depth), not the same. Broken or circular chains are not below. */
bool directory_below(const struct directory *dir, const char *id, const char *above);

bool card_has_role(const struct node_card *card, const char *role);

#endif
