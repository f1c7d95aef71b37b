/* intel/hit_json.h — a finding as one line of JSON.
 *
 * {"file","line","field","kind","value","indicator","source"} and, where known, "family", "confidence",
 * "tlp", "valid_from", "valid_until", "expired"; "also" holds the same of every further source; "held_by"
 * the good list's indicator and source. Bytes that are no UTF-8 become U+FFFD; a value over HIT_VALUE_MAX
 * is cut off.
 *
 * Layer    intel.
 * Owns     nothing.
 * Threads  any.
 * Errors   those of the buffer.
 * Tests    tests/unit/intel/test_hit_json.c
 */
#ifndef INTEL_HIT_JSON_H
#define INTEL_HIT_JSON_H

#include "base/buf.h"
#include "intel/examine.h"

enum { HIT_VALUE_MAX = 4096, HIT_SOURCES_MAX = 64 };

struct hit_place {
    const char *file;
    uint64_t line;
    int64_t now_ms; /* to tell what has expired */
};

void hit_json_write(const struct finding *finding, const struct hit_place *place, struct buf *out);

/* A text in quotes. */
void hit_json_text(struct buf *out, struct str text);

#endif
