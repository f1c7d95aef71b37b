/* unit/intel/block_fixture.h — a text as a block of log: readable bytes around it, nothing behind those. */
#ifndef UNIT_INTEL_BLOCK_FIXTURE_H
#define UNIT_INTEL_BLOCK_FIXTURE_H

#include "intel/sweep.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

/* Free block - SWEEP_PADDING. */
static inline char *block_fixture(const char *text, size_t size)
{
    char *memory = calloc(1, size + 2 * SWEEP_PADDING);
    assert_non_null(memory);
    memcpy(memory + SWEEP_PADDING, text, size);
    return memory + SWEEP_PADDING;
}

static inline void block_fixture_free(char *block)
{
    free(block - SWEEP_PADDING);
}

#endif
