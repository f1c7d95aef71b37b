/* intel/feed.h — a log cut into blocks of whole records, with the number of the first line of each.
 *
 * Layer    intel.
 * Owns     its input and what is left over between blocks.
 * Threads  one feed, one thread; a filled block belongs to whoever sweeps it.
 * Errors   those of the input. A record over FEED_RECORD_MAX is passed over and counted.
 * Tests    tests/unit/intel/test_feed.c
 */
#ifndef INTEL_FEED_H
#define INTEL_FEED_H

#include "intel/decoder.h"
#include "intel/input.h"
#include "intel/sweep.h"

enum { FEED_BLOCK_BYTES = 1 << 19, FEED_RECORD_MAX = 16 << 20 };

struct feed_block {
    char *memory; /* SWEEP_PADDING before and behind the bytes */
    size_t room;
    size_t size; /* of whole records */
    uint64_t first_line;
    struct decoder decoder; /* as it stands at the first record */
    uint64_t decoder_version;
};

static inline char *feed_block_bytes(const struct feed_block *block)
{
    return block->memory + SWEEP_PADDING;
}

MUST_USE enum errc feed_block_init(struct feed_block *block, struct err *err);
void feed_block_done(struct feed_block *block);

struct feed {
    const char *name;
    struct input *input;
    int format;    /* enum decoder_format; -1 = find out */
    bool known;    /* the format is found out */
    bool skipping; /* the rest of a record that is too long */
    bool ended;
    bool dry; /* what was there is read: whoever waits for the result should get it */
    uint64_t lines;
    uint64_t bytes;
    uint64_t too_long; /* records */
    struct decoder decoder;
    uint64_t decoder_version;
    char *left; /* bytes of a record that has not ended */
    size_t left_size;
    size_t left_room;
};

/* Takes the input over. */
void feed_init(struct feed *feed, struct input *input, const char *name, int format);
void feed_done(struct feed *feed);

/* Fills the block; its size is 0 when there is nothing (more). live = the input may grow: a record without
 * its end is kept for later. */
MUST_USE enum errc feed_fill(struct feed *feed, struct feed_block *block, bool live, struct err *err);

#endif
