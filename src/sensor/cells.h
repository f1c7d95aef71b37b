/* sensor/cells.h — exact counters of one key in one window of time, in a table of fixed size.
 *
 * A cell lives in a bucket of eight. A full bucket gives up what is old, then what is smallest; how often
 * something was given up that still counted is told as `crowded`.
 *
 * Layer    sensor.
 * Owns     its memory, taken at start; pages that are never used cost nothing.
 * Threads  one table, one thread.
 * Errors   ERR_NOMEM at start only.
 * Tests    tests/unit/sensor/test_cells.c
 */
#ifndef SENSOR_CELLS_H
#define SENSOR_CELLS_H

#include "intel/ip.h"

enum { CELL_BUCKET = 8, CELL_SEEN_WORDS = 4, CELLS_KEEP_MS = 128000 };

struct cell_key {
    struct ip address;
    uint8_t rule;
    uint32_t extra;   /* tells apart what the address alone does not */
    int64_t start_ms; /* of the window */
};

struct cell {
    uint8_t address[16];
    int64_t start_ms;
    uint32_t extra;
    uint8_t bits;
    uint8_t rule;
    uint16_t open; /* the detection it belongs to, + 1; such a cell is not given up */
    uint64_t packets;
    uint64_t bytes;
    uint64_t seen[CELL_SEEN_WORDS]; /* a bit for each hash: see cell_distinct() */
};

struct cells {
    size_t mask; /* buckets - 1 */
    uint16_t *tags;
    struct cell *cells;
    uint64_t crowded;
};

/* buckets is a power of two. */
MUST_USE enum errc cells_init(struct cells *cells, size_t buckets, struct err *err);
void cells_done(struct cells *cells);

/* The cell of the key, new with zeros when there is none; NULL when every cell of its bucket is in use by a
 * detection. */
struct cell *cells_get(struct cells *cells, const struct cell_key *key, int64_t now_ms);
/* The same, but NULL when there is none. */
struct cell *cells_find(const struct cells *cells, const struct cell_key *key);

static inline void cell_see(struct cell *cell, uint64_t hash)
{
    cell->seen[hash >> 6 & (CELL_SEEN_WORDS - 1)] |= UINT64_C(1) << (hash & 63);
}

/* About how many different hashes were seen: exact to some dozens, then to a tenth, at most some 1,400. */
unsigned cell_distinct(const struct cell *cell);

#endif
