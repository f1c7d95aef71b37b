/* intel/keyset_build.h — makes the three parts of a key set (intel/keyset.h) from many keys.
 *
 * Layer    intel.
 * Owns     the texts of the keys until keyset_build_done.
 * Threads  one builder, one thread.
 * Errors   ERR_NOMEM; ERR_LIMIT when the entries would pass 4 GiB.
 * Tests    tests/unit/intel/test_keyset.c
 */
#ifndef INTEL_KEYSET_BUILD_H
#define INTEL_KEYSET_BUILD_H

#include "intel/keyset.h"

struct keyset_entry {
    uint64_t hash;
    uint64_t at; /* of the key in the texts */
    uint32_t size;
    uint32_t value;
};

/* What one kind of key calls its stems: calls stem() for the hash of each. NULL = the kind has none. */
typedef void keyset_stem_fn(void *context, uint64_t hash);
typedef void keyset_stems_fn(const uint8_t *key, size_t size, uint64_t seed, keyset_stem_fn *stem,
                             void *context);

struct keyset_build {
    uint64_t seed;
    keyset_stems_fn *stems;
    struct keyset_entry *entries;
    size_t count;
    size_t room;
    uint8_t *texts;
    size_t texts_bytes;
    size_t texts_room;
    /* The parts, when they are made. */
    uint64_t *filter;
    uint32_t *places;
    size_t filter_bytes;
    size_t places_bytes;
};

void keyset_build_init(struct keyset_build *build, uint64_t seed, keyset_stems_fn *stems);
void keyset_build_done(struct keyset_build *build);

MUST_USE enum errc keyset_build_add(struct keyset_build *build, const void *key, size_t size, uint32_t value,
                                    struct err *err);

/* Makes the filter, then puts equal keys beside each other, in the order in which they were added; the set in
 * the order of the hashes. Nothing may be added after it; entries may be taken away. */
MUST_USE enum errc keyset_build_sort(struct keyset_build *build, struct err *err);

bool keyset_build_same(const struct keyset_build *build, const struct keyset_entry *a,
                       const struct keyset_entry *b);
static inline const uint8_t *keyset_build_key(const struct keyset_build *build,
                                              const struct keyset_entry *entry)
{
    return build->texts + entry->at;
}

/* Receives the bytes of the entries, piece by piece. */
typedef enum errc keyset_put_fn(void *context, const void *bytes, size_t size, struct err *err);

/* After sorting: writes the entries through put and makes the places. An empty set has empty parts. */
MUST_USE enum errc keyset_build_write(struct keyset_build *build, keyset_put_fn *put, void *context,
                                      struct err *err);

#endif
