/* intel/sweep.h — one block of a log against an index: fast over all of it, exactly where that is needed.
 *
 * Layer    intel.
 * Owns     its work space; findings are lent to the visitor of the examiner.
 * Threads  one sweep, one thread.
 * Errors   ERR_NOMEM, ERR_DAMAGED from the index.
 * Tests    tests/unit/intel/test_sweep.c
 */
#ifndef INTEL_SWEEP_H
#define INTEL_SWEEP_H

#include "intel/examine.h"
#include "intel/json_scan.h"
#include "intel/probe.h"

/* Readable bytes before and behind a block. */
enum { SWEEP_PADDING = 192 };

struct sweep;

MUST_USE enum errc sweep_new(struct sweep **out, struct err *err);
void sweep_free(struct sweep *sweep);

/* For the lists of the known good and the visitor; sweep_block() sets its index. */
struct examiner *sweep_examiner(struct sweep *sweep);

/* The block begins and ends with a record. Header lines in it change the decoder. */
MUST_USE enum errc sweep_block(struct sweep *sweep, const struct index *index, struct decoder *decoder,
                               const char *block, size_t size, struct err *err);

#endif
