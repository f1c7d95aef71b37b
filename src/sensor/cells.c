#include "sensor/cells.h"

#include "intel/hash64.h"

#include <math.h>
#include <stdlib.h>

enum errc cells_init(struct cells *cells, size_t buckets, struct err *err)
{
    *cells = (struct cells){.mask = buckets - 1,
                            .tags = calloc(buckets * CELL_BUCKET, sizeof *cells->tags),
                            .cells = calloc(buckets * CELL_BUCKET, sizeof *cells->cells)};
    if (cells->tags && cells->cells)
        return ERR_OK;
    cells_done(cells);
    return err_set(err, ERR_NOMEM, "no memory for %zu counters", buckets * CELL_BUCKET);
}

void cells_done(struct cells *cells)
{
    free(cells->tags);
    free(cells->cells);
    cells->tags = NULL;
    cells->cells = NULL;
}

static uint64_t hash_of(const struct cell_key *key)
{
    uint64_t seed = hash64_mix((uint64_t)key->start_ms ^ HASH64_K1,
                               ((uint64_t)key->extra << 16 | (uint64_t)key->rule << 8 | key->address.bits) ^
                                   HASH64_K2);
    return hash64(key->address.bytes, sizeof key->address.bytes, seed);
}

static bool is(const struct cell *cell, const struct cell_key *key)
{
    return cell->start_ms == key->start_ms && cell->rule == key->rule && cell->extra == key->extra &&
           cell->bits == key->address.bits && memcmp(cell->address, key->address.bytes, 16) == 0;
}

struct cell *cells_find(const struct cells *cells, const struct cell_key *key)
{
    uint64_t hash = hash_of(key);
    size_t first = (size_t)(hash >> 16 & cells->mask) * CELL_BUCKET;
    uint16_t tag = (uint16_t)(hash | 1);
    for (size_t i = first; i < first + CELL_BUCKET; i++)
        if (cells->tags[i] == tag && is(&cells->cells[i], key))
            return &cells->cells[i];
    return NULL;
}

/* A free place of the bucket, else an old one, else the smallest; SIZE_MAX when none may go. */
static size_t choose(struct cells *cells, size_t first, int64_t now_ms)
{
    size_t best = SIZE_MAX;
    for (size_t i = first; i < first + CELL_BUCKET; i++) {
        const struct cell *cell = &cells->cells[i];
        if (cells->tags[i] == 0 || cell->start_ms < now_ms - CELLS_KEEP_MS)
            return i;
        if (cell->open == 0 && (best == SIZE_MAX || cell->packets < cells->cells[best].packets))
            best = i;
    }
    cells->crowded++;
    return best;
}

struct cell *cells_get(struct cells *cells, const struct cell_key *key, int64_t now_ms)
{
    uint64_t hash = hash_of(key);
    size_t first = (size_t)(hash >> 16 & cells->mask) * CELL_BUCKET;
    uint16_t tag = (uint16_t)(hash | 1);
    for (size_t i = first; i < first + CELL_BUCKET; i++)
        if (cells->tags[i] == tag && is(&cells->cells[i], key))
            return &cells->cells[i];
    size_t at = choose(cells, first, now_ms);
    if (at == SIZE_MAX)
        return NULL;
    struct cell *cell = &cells->cells[at];
    *cell = (struct cell){
        .start_ms = key->start_ms, .extra = key->extra, .bits = key->address.bits, .rule = key->rule};
    memcpy(cell->address, key->address.bytes, sizeof cell->address);
    cells->tags[at] = tag;
    return cell;
}

unsigned cell_distinct(const struct cell *cell)
{
    const double bits = 64.0 * CELL_SEEN_WORDS;
    int set = 0;
    for (size_t i = 0; i < CELL_SEEN_WORDS; i++)
        set += __builtin_popcountll(cell->seen[i]);
    double unset = set < (int)bits ? bits - set : 1;
    return (unsigned)(bits * log(bits / unset) + 0.5);
}
