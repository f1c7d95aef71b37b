/* store/digest.h — one hash over all rows of a group of tables, in a defined order.
 *
 * "Rebuilding gives identical tables" and "a copy is the same" are then one comparison.
 *
 * Layer    store.   Owns nothing.   Threads as the store.
 * Errors   ERR_DAMAGED a page cannot be read.
 * Tests    tests/unit/store/test_digest.c
 */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "store/store.h"

enum digest_scope {
    DIGEST_RECORD = 1,      /* acts, tree, heads, what peers signed */
    DIGEST_PROJECTIONS = 2, /* matters with their documents and search terms, duties, receipts, nodes */
    DIGEST_WORKING = 4      /* deliveries, peers, access, evidence, small values */
};

/* scope: any of the above, added. */
MUST_USE enum errc store_digest(struct store *store, unsigned scope, uint8_t out[HASH_SIZE], struct err *err);

#endif
