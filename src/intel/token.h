/* intel/token.h — values of a block of log that may have to be looked up; more than there are is allowed.
 *
 * Layer    intel.   Threads: one list, one thread.
 * Owns     nothing: tokens lie in the block.
 * Tests    tests/unit/intel/test_json_scan.c, tests/unit/intel/test_probe.c
 */
#ifndef INTEL_TOKEN_H
#define INTEL_TOKEN_H

#include "intel/field.h"

enum { TOKENS_MAX = 1 << 10, TOKEN_NO_RECORD = UINT32_MAX };

struct token {
    uint32_t at; /* in the block */
    uint32_t size;
    uint32_t record; /* where its record begins; TOKEN_NO_RECORD = at the start of its line */
    uint8_t type;    /* enum field_type */
    uint8_t group;
    uint8_t escaped; /* the value has escapes: look at it, not at these bytes */
    uint8_t found;   /* probe_run(): its record has to be looked at */
};

struct tokens {
    size_t count;
    struct token at[TOKENS_MAX];
};

#endif
