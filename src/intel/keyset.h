/* intel/keyset.h — an immutable set of byte strings with a 32-bit value each, read in place.
 *
 *   filter   lines of 64 bytes; a key sets 4 bits of one 64-bit word of its line, a stem 4 bits of another
 *   places   one offset more than there are buckets, into:
 *   entries  per bucket, in the order of the hashes: varint key size, varint value, key
 *
 * A stem is what a longer key begins with (a URL, a number) or ends with (a domain name): a walk from the
 * shortest part of a text to its whole stops at the first part that is no stem, mostly after one look at
 * one cache line. The filter errs on the side of "maybe"; keyset_find compares the whole key.
 *
 * Layer    intel.
 * Owns     nothing: it looks at memory of the index.
 * Threads  any; const.
 * Errors   offsets and sizes are checked at every use: damaged bytes give "not found", never an access
 *          outside.
 * Tests    tests/unit/intel/test_keyset.c
 */
#ifndef INTEL_KEYSET_H
#define INTEL_KEYSET_H

#include "base/str.h"
#include "intel/hash64.h"

enum { KEYSET_LINE_WORDS = 8, KEYSET_LINE_BYTES = 64, KEYSET_KEY_MAX = 4096 };

struct keyset {
    const uint64_t *filter;
    const uint32_t *places;
    const uint8_t *entries;
    uint32_t line_count;   /* 0 = the set is empty */
    uint32_t bucket_count; /* places has one more */
    uint32_t entries_bytes;
    uint64_t seed;
};

/* Over the three sections of an index; false when their sizes do not fit together. */
MUST_USE bool keyset_init(struct keyset *set, struct str filter, struct str places, struct str entries,
                          uint64_t seed);

enum keyset_maybe { KEYSET_NONE = 0, KEYSET_KEY = 1, KEYSET_STEM = 2 };

static inline uint64_t keyset_hash(const struct keyset *set, const void *key, size_t size)
{
    return hash64(key, size, set->seed);
}

struct keyset_bits {
    uint32_t key_word;
    uint32_t stem_word;
    uint64_t key_mask;
    uint64_t stem_mask;
};

/* Where in its line a hash has its bits. The line comes from the upper half of the hash, these from all of
 * it. */
static inline struct keyset_bits keyset_bits(uint64_t hash)
{
    uint64_t m = hash * HASH64_K3;
    m ^= m >> 32;
    struct keyset_bits bits = {
        .key_word = (uint32_t)(m >> 61),
        .stem_word = (uint32_t)(m >> 58) & 7,
        .key_mask = UINT64_C(1) << (m & 63) | UINT64_C(1) << (m >> 6 & 63) | UINT64_C(1) << (m >> 12 & 63) |
                    UINT64_C(1) << (m >> 18 & 63),
        .stem_mask = UINT64_C(1) << (m >> 24 & 63) | UINT64_C(1) << (m >> 30 & 63) |
                     UINT64_C(1) << (m >> 36 & 63) | UINT64_C(1) << (m >> 42 & 63),
    };
    return bits;
}

static inline const uint64_t *keyset_line(const struct keyset *set, uint64_t hash)
{
    return set->filter + (size_t)hash64_range(hash, set->line_count) * KEYSET_LINE_WORDS;
}

/* KEYSET_KEY: may be a key. KEYSET_STEM: a longer key may have this part. The set must not be empty. */
static inline unsigned keyset_maybe(const struct keyset *set, uint64_t hash)
{
    const uint64_t *line = keyset_line(set, hash);
    struct keyset_bits bits = keyset_bits(hash);
    unsigned key = (line[bits.key_word] & bits.key_mask) == bits.key_mask;
    unsigned stem = (line[bits.stem_word] & bits.stem_mask) == bits.stem_mask;
    return key | stem << 1;
}

/* For batches: asks the memory for what the next step will read. */
static inline void keyset_prefetch_line(const struct keyset *set, uint64_t hash)
{
    __builtin_prefetch(keyset_line(set, hash), 0, 3);
}

static inline void keyset_prefetch_place(const struct keyset *set, uint64_t hash)
{
    __builtin_prefetch(set->places + hash64_range(hash, set->bucket_count), 0, 3);
}

void keyset_prefetch_bucket(const struct keyset *set, uint64_t hash);

struct keyset_entry_view {
    const uint8_t *bytes; /* the whole entry; the key is its end */
    size_t size;
    uint32_t value;
};

/* True when exactly this key is there. Start with *entry zeroed; called again with the last answer it gives
 * the next entry of the same key, for sets in which a key may have several. */
MUST_USE bool keyset_find(const struct keyset *set, uint64_t hash, const void *key, size_t size,
                          struct keyset_entry_view *entry);

/* Numbers of 7 bits a byte, low first, as entries hold them. */
MUST_USE bool keyset_read_varint(const uint8_t **p, const uint8_t *end, uint32_t *out);

#endif
