/* intel/ip4map.h — IPv4 prefixes, nested or not, in one look at a table and one at a short sorted run.
 *
 *   dir       65537 offsets by the upper half of the address, into
 *   lows      lower halves where the answer changes, sorted within each run, and
 *   refs      the answer from there on: 0 nothing, SINGLE | note for one lone address, else a prefix + 1
 *   prefixes  address, length, note, and the prefix around it + 1
 *
 * A lone address takes 6 bytes. A note of 0 is a mark: "look closer", not an indicator.
 *
 * Layer    intel.
 * Owns     nothing: it looks at memory of the index.
 * Threads  any; const.
 * Errors   offsets are checked at every use: damaged bytes give "nothing", never an access outside.
 * Tests    tests/unit/intel/test_ip4map.c
 */
#ifndef INTEL_IP4MAP_H
#define INTEL_IP4MAP_H

#include "base/str.h"

enum { IP4MAP_DIR_COUNT = 65537, IP4MAP_DEPTH_MAX = 33 };
#define IP4MAP_SINGLE UINT32_C(0x80000000)

struct ip4map_prefix {
    uint32_t address;
    uint32_t around; /* prefix + 1; 0 = none */
    uint32_t note;
    uint32_t length;
};

struct ip4map {
    const uint32_t *dir; /* NULL = empty */
    const uint16_t *lows;
    const uint32_t *refs;
    const struct ip4map_prefix *prefixes;
    uint32_t low_count;
    uint32_t prefix_count;
};

/* Over the four sections of an index; false when their sizes do not fit together. */
MUST_USE bool ip4map_init(struct ip4map *map, struct str dir, struct str lows, struct str refs,
                          struct str prefixes);

/* 0 = no prefix holds this address. */
uint32_t ip4map_ref(const struct ip4map *map, uint32_t address);
void ip4map_prefetch_dir(const struct ip4map *map, uint32_t address);
void ip4map_prefetch_run(const struct ip4map *map, uint32_t address);

/* The prefixes behind a ref, the longest first. Returns their number. */
size_t ip4map_prefixes(const struct ip4map *map, uint32_t address, uint32_t ref,
                       struct ip4map_prefix out[IP4MAP_DEPTH_MAX]);

#endif
