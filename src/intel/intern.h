/* intel/intern.h — equal byte strings get one number: 0, 1, 2, … in the order of their first sight.
 *
 * Layer    intel.
 * Owns     copies of the strings until intern_done; intern_get lends.
 * Threads  one table, one thread.
 * Errors   ERR_NOMEM, ERR_LIMIT.
 * Tests    tests/unit/intel/test_intern.c
 */
#ifndef INTEL_INTERN_H
#define INTEL_INTERN_H

#include "base/str.h"

struct intern {
    uint8_t *bytes;
    size_t bytes_size;
    size_t bytes_room;
    size_t *places; /* of string i; count + 1 of them */
    size_t count;
    size_t places_room;
    uint32_t *slots; /* string + 1; 0 = free */
    size_t slot_count;
    uint64_t seed;
};

/* A random seed keeps outsiders from preparing strings that collide. */
void intern_init(struct intern *table, uint64_t seed);
void intern_done(struct intern *table);
MUST_USE enum errc intern_add(struct intern *table, const void *bytes, size_t size, uint32_t *out,
                              struct err *err);
struct str intern_get(const struct intern *table, uint32_t id);

#endif
