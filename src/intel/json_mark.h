/* intel/json_mark.h — where in a block of JSON a key may end, 64 bytes at a step.
 *
 * A mark is a quote with ':' behind it and then a quote, '[' or a blank; or a quote with a blank behind it.
 * Every key of valid JSON whose value is a string or an array has a mark; not every mark is a key.
 *
 * Layer    intel; private to json_scan.c.
 * Owns     nothing.
 * Threads  any.
 * Tests    tests/unit/intel/test_json_mark.c
 */
#ifndef INTEL_JSON_MARK_H
#define INTEL_JSON_MARK_H

#include <stddef.h>
#include <stdint.h>

enum { JSON_MARK_PADDING = 64 };

/* Bit i of marks[w] is for bytes[64 * w + i]. words times 64 bytes and JSON_MARK_PADDING behind must be
 * readable. */
typedef void json_mark_fn(const char *bytes, size_t words, uint64_t *marks);

/* The fastest that this machine has. */
json_mark_fn *json_mark_best(void);

/* Each of them, for tests; NULL behind the last. Not all run on every machine: see json_mark_runs(). */
json_mark_fn *json_mark_nth(size_t n);
int json_mark_runs(size_t n);

#endif
