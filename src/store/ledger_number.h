/* store/ledger_number.h — where the tree's table keeps the hash of a complete subtree.
 *
 *   level 2        6               leaf 3 completes itself (no. 4), its pair (5) and the four (6):
 *   level 1    2       5           every append writes at the table's end only, and a commit touches
 *   level 0  0   1   3   4   7     one or two pages of it whatever its size.
 *
 * After n leaves 2n − popcount(n) subtrees are complete.
 *
 * Layer    store. Only src/store includes it.   Owns nothing.   Threads any.
 * Tests    tests/unit/store/test_ledger.c
 */
#ifndef STORE_LEDGER_NUMBER_H
#define STORE_LEDGER_NUMBER_H

#include <stdint.h>

static inline int64_t ledger_number(unsigned level, uint64_t index)
{
    uint64_t leaf = ((index + 1) << level) - 1; /* the last under it */
    return (int64_t)(2 * leaf - (uint64_t)__builtin_popcountll(leaf) + level);
}

#endif
