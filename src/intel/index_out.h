/* intel/index_out.h — writes the bytes of an index file: sections in a row, their checksums on the way.
 *
 * Layer    intel; private to index_build.
 * Owns     the temporary file until index_out_commit; index_out_abort takes it away.
 * Threads  one file, one thread.
 * Errors   ERR_IO, ERR_FULL, ERR_NOMEM.
 * Tests    tests/unit/intel/test_index_build.c
 */
#ifndef INTEL_INDEX_OUT_H
#define INTEL_INDEX_OUT_H

#include "intel/index_file.h"

struct index_out {
    int fd;
    char *path;
    char *temporary;
    uint8_t *block;
    size_t fill_bytes;
    uint64_t *sums;
    size_t sum_count;
    size_t sum_room;
    struct index_header header;
    uint64_t at; /* offset in the file of what comes next */
};

MUST_USE enum errc index_out_open(struct index_out *out, const char *path, struct err *err);
/* Begins a section; the one before ends. */
MUST_USE enum errc index_out_section(struct index_out *out, enum index_section section, struct err *err);
/* context is the index_out: fits keyset_put_fn. */
MUST_USE enum errc index_out_put(void *context, const void *bytes, size_t size_bytes, struct err *err);
/* Header, flush, rename. */
MUST_USE enum errc index_out_commit(struct index_out *out, struct err *err);
/* After open, always: removes what was not committed. */
void index_out_done(struct index_out *out);

#endif
