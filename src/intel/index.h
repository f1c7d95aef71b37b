/* intel/index.h — an index of indicators: one immutable file, mapped, opened in milliseconds.
 *
 * What is checked when: index_open always checks size, version, the checksum of header and tables, and that
 * every section lies in the file. With INDEX_CHECK_ALL it also reads the whole file against its checksums:
 * a change of any byte is refused. With INDEX_CHECK_TABLES that is left for later: index_verify does it at
 * any time (it may run beside lookups), and until then each hit has the blocks it was read from checked
 * before it is given, so that a damaged file can hide an indicator but never invent one. Every offset is
 * checked at every use. A file is replaced by rename, never written in place: a mapped file that is cut
 * short cannot be read by anybody.
 *
 * Layer    intel.
 * Owns     the mapping, until index_close; texts of hits and labels are lent until then.
 * Threads  any number may look up at once.
 * Errors   ERR_IO; ERR_DAMAGED for what is no index or not whole; ERR_UNSUPPORTED for another version.
 * Data     intel/index_file.h
 * Tests    tests/unit/intel/test_index.c, tests/fuzz/fuzz_index.c
 */
#ifndef INTEL_INDEX_H
#define INTEL_INDEX_H

#include "intel/kind.h"
#include "intel/label.h"

struct index;

enum index_check { INDEX_CHECK_TABLES, INDEX_CHECK_ALL };

MUST_USE enum errc index_open(const char *path, enum index_check check, struct index **out, struct err *err);
/* The same over memory of the caller, aligned to 64 bytes, which must live until index_close. */
MUST_USE enum errc index_open_memory(const void *bytes, size_t size_bytes, enum index_check check,
                                     struct index **out, struct err *err);
void index_close(struct index *index);

/* Reads everything against its checksums. ERR_DAMAGED names the first block that does not match. */
MUST_USE enum errc index_verify(struct index *index, struct err *err);

struct index_summary {
    uint64_t counts[KIND_COUNT];
    uint64_t total;
    uint64_t size_bytes;
    uint64_t checksum;
    int64_t built_ms;  /* when */
    uint64_t build_ms; /* how long it took */
    size_t source_count;
    uint32_t version;
};
struct index_summary index_summary(const struct index *index);

struct index_source_info {
    const char *name;
    uint64_t lines;
    uint64_t indicators;
    uint64_t bad_lines;
};
/* i below source_count. */
struct index_source_info index_source(const struct index *index, size_t i);

/* The labels of a note: what each source says. Returns how many there are; out may be NULL to count. */
size_t index_labels(const struct index *index, uint32_t note, struct label *out, size_t room);

#endif
