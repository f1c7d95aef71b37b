/* intel/index_file.h — the bytes of an index file: little-endian, read in place, never changed after rename.
 *
 *   0           struct index_header, 4096 bytes
 *   4096        sections, each at a multiple of 64, zeros between them
 *   blocks_at   one 64-bit checksum for every 64 KiB of what lies between the header and here
 *   file_bytes  the end
 *
 * The header's checksum covers the header (with that field zero) and the table of checksums; the table
 * covers the rest. So every byte of the file is covered, and a change of any is found by index_verify.
 *
 * Layer    intel; only index_open, index_find and index_build include it.
 * Owns     nothing.
 * Tests    tests/unit/intel/test_index.c
 */
#ifndef INTEL_INDEX_FILE_H
#define INTEL_INDEX_FILE_H

#include "intel/kind.h"

#define INDEX_MAGIC "FSINDEX\n"

enum {
    INDEX_VERSION = 1,
    INDEX_HEADER_BYTES = 4096,
    INDEX_BLOCK_BYTES = 1 << 16,
    INDEX_ALIGN_BYTES = 64,
    INDEX_KIND_ROOM = 16,
    INDEX_SECTION_ROOM = 48,
    INDEX_LENGTHS_MAX = 129, /* IPv6 prefix lengths 0 … 128 */
};

enum index_set { SET_DOMAIN, SET_URL, SET_HASH, SET_IP6, SET_ENDPOINT, SET_NUMBER, SET_COUNT };

/* Add at the end only. A set has three sections: filter, places, entries. */
enum index_section {
    SECTION_STRINGS,
    SECTION_SOURCES,
    SECTION_LABELS,
    SECTION_NOTES,       /* uint32: where the labels of note i begin; note 1 is the first */
    SECTION_NOTE_LABELS, /* uint32: labels */
    SECTION_RANGES,      /* of numbers */
    SECTION_IP4_DIR,
    SECTION_IP4_LOWS,
    SECTION_IP4_REFS,
    SECTION_IP4_PREFIXES,
    SECTION_SETS,
    SECTION_COUNT = SECTION_SETS + 3 * SET_COUNT,
};
_Static_assert((int)SECTION_COUNT <= (int)INDEX_SECTION_ROOM, "sections fit");
_Static_assert((int)KIND_COUNT <= (int)INDEX_KIND_ROOM, "kinds fit");

struct index_place {
    uint64_t at;
    uint64_t size_bytes;
};

struct index_header {
    char magic[8];
    uint32_t version;
    uint32_t section_count;
    uint64_t checksum;
    uint64_t file_bytes;
    uint64_t blocks_at;
    uint64_t seed;
    int64_t built_ms;
    uint64_t build_ms;
    uint64_t counts[INDEX_KIND_ROOM];
    uint32_t domain_labels_min; /* of the shortest name */
    uint32_t reserved;
    uint64_t ip6_lengths[3];    /* bit n: there is a prefix of n bits */
    uint16_t number_shapes[16]; /* [digits of the number, 0 = any] bit n: there is a prefix of n digits */
    struct index_place sections[INDEX_SECTION_ROOM];
    uint8_t zero[INDEX_HEADER_BYTES - 8 - 2 * 4 - 6 * 8 - 8 * INDEX_KIND_ROOM - 2 * 4 - 3 * 8 - 2 * 16 -
                 16 * INDEX_SECTION_ROOM];
};
_Static_assert(sizeof(struct index_header) == INDEX_HEADER_BYTES, "the header is one page");

struct index_source {
    uint32_t name; /* in the strings */
    uint32_t reserved;
    uint64_t lines;
    uint64_t indicators;
    uint64_t bad_lines;
};

struct index_label {
    uint32_t source; /* in the strings */
    uint32_t family;
    int64_t valid_from_ms;
    int64_t valid_until_ms;
    int8_t confidence;
    uint8_t tlp;
    uint8_t match;
    uint8_t reserved[5];
};
_Static_assert(sizeof(struct index_source) == 32 && sizeof(struct index_label) == 32, "rows have no holes");

struct index_range {
    uint64_t first;
    uint64_t last;
    uint32_t note;
    uint8_t digits;
    uint8_t open;
    uint8_t reserved[2];
};
_Static_assert(sizeof(struct index_range) == 24, "rows have no holes");

#endif
