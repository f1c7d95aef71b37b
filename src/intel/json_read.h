/* intel/json_read.h — the fields of one JSON record that a rule names, exactly.
 *
 * A reader of our own, because reading is what a log path does all day: it goes through the record once,
 * decodes only what is asked for, and takes no memory. Tests hold it to jansson. Broken JSON gives the
 * fields before the break.
 *
 * Layer    intel.
 * Owns     nothing; decoded values live in the space of the caller until its next use.
 * Threads  one space, one thread.
 * Errors   none: see json_read().
 * Tests    tests/unit/intel/test_json_read.c, tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_JSON_READ_H
#define INTEL_JSON_READ_H

#include "intel/field.h"

enum { JSON_READ_DEPTH_MAX = 32, JSON_READ_PATH_MAX = 512, SPACE_BYTES = 1 << 16 };

/* Scratch for decoded values of one record. A value that does not fit is cut off. */
struct read_space {
    size_t used;
    char bytes[SPACE_BYTES];
};

/* True when the record is one whole JSON value. Containers deeper than JSON_READ_DEPTH_MAX, and fields with
 * a path over JSON_READ_PATH_MAX, are passed over. */
bool json_read(const struct field_table *table, struct str record, struct read_space *space,
               field_visit_fn *visit, void *context);

/* Behind the object or array that begins at p; NULL when it does not end before end. */
const char *json_skip(const char *p, const char *end);

/* The inside of a string without its quotes, decoded into space when it has escapes. */
struct str json_decode(struct str inside, struct read_space *space);

#endif
