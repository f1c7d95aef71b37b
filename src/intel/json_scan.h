/* intel/json_scan.h — the values of a block of JSON that could be looked up, at some GB/s.
 *
 * Finds a value by the key before it, without following the nesting: everything that json_read() would give
 * for valid JSON is found, and a little more, which json_read() then sorts out. Broken JSON gives something
 * or nothing.
 *
 * Layer    intel.
 * Owns     nothing.
 * Threads  any.
 * Tests    tests/unit/intel/test_json_scan.c (that nothing is missed), tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_JSON_SCAN_H
#define INTEL_JSON_SCAN_H

#include "intel/json_mark.h"
#include "intel/token.h"

enum { SCAN_WORDS = 64 }; /* marks found at a time */

struct json_scan {
    const struct field_table *table;
    json_mark_fn *mark;
    const char *block; /* 64 readable bytes before it and JSON_MARK_PADDING + 64 behind it */
    size_t size;
    size_t word;   /* next word of marks, over the block */
    size_t ready;  /* words in marks */
    uint64_t left; /* marks of the word at hand */
    uint64_t marks[SCAN_WORDS];
    const char *array;  /* inside an array of which elements are still to be given */
    size_t array_depth; /* of arrays in it */
    uint8_t array_type;
    uint8_t array_group;
};

void json_scan_init(struct json_scan *scan, const struct field_table *table, const char *block, size_t size);

/* Adds tokens until the list is full or the block is at its end; false at the end. */
bool json_scan_more(struct json_scan *scan, struct tokens *out);

#endif
