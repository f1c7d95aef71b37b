/* intel/index_view.h — the inside of an open index, for the files of this folder that look things up in it.
 *
 * Layer    intel; private.
 * Owns     see intel/index.h.
 * Threads  const but for the notes on checked blocks, which are atomic.
 * Tests    tests/unit/intel/test_index.c
 */
#ifndef INTEL_INDEX_VIEW_H
#define INTEL_INDEX_VIEW_H

#include "intel/index.h"
#include "intel/index_file.h"
#include "intel/ip4map.h"
#include "intel/keyset.h"

#include <stdatomic.h>

struct index {
    const struct index_header *header;
    const uint8_t *bytes;
    size_t size_bytes;
    bool mapped;
    struct keyset sets[SET_COUNT];
    struct ip4map ip4;
    const struct index_range *ranges;
    size_t range_count;
    struct str strings;
    const uint64_t *blocks;
    size_t block_count;
    atomic_bool whole;     /* everything was checked and is good */
    atomic_uchar *checked; /* per block: see enum */
};

/* True when the bytes that a hit was read from match their checksums; checks them if nobody did before. */
MUST_USE bool index_trust(const struct index *index, const void *bytes, size_t size_bytes);

/* The same for everything that hangs on a note. */
MUST_USE bool index_trust_note(const struct index *index, uint32_t note);

#endif
