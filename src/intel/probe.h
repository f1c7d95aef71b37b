/* intel/probe.h — which of a thousand values may have an indicator, with the memory kept busy all the while.
 *
 * Names and IPv4 addresses go through the index in step: all are hashed, then all their filter lines are
 * read, then the buckets of those few that passed. A lookup alone waits for each of these; a batch waits
 * for none. A value that has an indicator is always found. One that has none is found only where two fields
 * have to be looked at together; intel/examine.h then decides.
 *
 * Layer    intel.
 * Owns     its work space.
 * Threads  one probe, one thread.
 * Errors   none: what cannot be told is found.
 * Tests    tests/unit/intel/test_probe.c
 */
#ifndef INTEL_PROBE_H
#define INTEL_PROBE_H

#include "intel/find.h"
#include "intel/json_read.h"
#include "intel/token.h"

enum { PROBE_BATCH = 256, PROBE_WINDOW = 64 };

/* A name on its way: its last bytes in lower case, at the end of the window, and a '/' behind. */
struct probe_name {
    uint64_t hash;
    uint64_t dots; /* bit i: window[i] is a dot that was not passed yet */
    uint16_t token;
    uint8_t start; /* of the part that is looked up */
    uint8_t begin; /* of the name in the window */
    bool whole;    /* the name is not longer than the window */
    char window[PROBE_WINDOW + 1];
};

struct probe_ip4 {
    uint32_t address;
    uint16_t token;
};

struct probe {
    const struct index *index;
    size_t name_count;
    size_t ip4_count;
    size_t waiting_count;
    size_t hit_count;
    struct probe_name names[PROBE_BATCH];
    struct probe_ip4 ip4s[PROBE_BATCH];
    uint16_t waiting[PROBE_BATCH]; /* names with a part still to be looked up */
    struct {
        uint64_t hash;
        uint16_t name;
        uint8_t start;
    } hits[2 * PROBE_BATCH]; /* parts that passed the filter */
    struct read_space space;
    struct find_hits found;
};

void probe_init(struct probe *probe, const struct index *index);

/* Sets found of every token. The block has PROBE_WINDOW readable bytes before and behind. */
void probe_run(struct probe *probe, const char *block, struct tokens *tokens);

/* The same for one decoded value that lies anywhere. */
bool probe_value(struct probe *probe, enum field_type type, struct str value);

#endif
