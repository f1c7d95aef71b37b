/* intel/ip4map_build.h — makes the four parts of an address map (intel/ip4map.h) from prefixes in any order.
 *
 * Layer    intel.
 * Owns     what was added, until ip4map_build_done.
 * Threads  one builder, one thread.
 * Errors   ERR_NOMEM, ERR_LIMIT.
 * Tests    tests/unit/intel/test_ip4map.c
 */
#ifndef INTEL_IP4MAP_BUILD_H
#define INTEL_IP4MAP_BUILD_H

#include "intel/ip4map.h"

struct ip4map_entry {
    uint32_t address;
    uint32_t value; /* the caller's; the note when writing */
    uint8_t length;
};

struct ip4map_build {
    struct ip4map_entry *entries;
    size_t count;
    size_t room;
};

void ip4map_build_init(struct ip4map_build *build);
void ip4map_build_done(struct ip4map_build *build);
MUST_USE enum errc ip4map_build_add(struct ip4map_build *build, uint32_t address, uint8_t length,
                                    uint32_t value, struct err *err);

/* By address, then length; equal ones in the order in which they were added. */
MUST_USE enum errc ip4map_build_sort(struct ip4map_build *build, struct err *err);

struct ip4map_parts {
    uint32_t *dir;
    uint16_t *lows;
    uint32_t *refs;
    struct ip4map_prefix *prefixes;
    size_t low_count;
    size_t prefix_count;
};

/* After sorting, with one entry a prefix. An empty map gives empty parts. */
MUST_USE enum errc ip4map_build_write(const struct ip4map_build *build, struct ip4map_parts *out,
                                      struct err *err);
void ip4map_parts_done(struct ip4map_parts *parts);

#endif
