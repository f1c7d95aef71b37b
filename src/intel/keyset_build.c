#include "intel/keyset_build.h"

#include "intel/sketch.h"

#include <stdlib.h>
#include <string.h>

enum { FILTER_BITS_PER_KEY = 12, KEYS_PER_BUCKET = 4, RADIX_BITS = 11, VARINT_MAX = 5, MARKS_WAITING = 16 };

void keyset_build_init(struct keyset_build *build, uint64_t seed, keyset_stems_fn *stems)
{
    *build = (struct keyset_build){.seed = seed, .stems = stems};
}

void keyset_build_done(struct keyset_build *build)
{
    free(build->entries);
    free(build->texts);
    free(build->filter);
    free(build->places);
    keyset_build_init(build, build->seed, build->stems);
}

/* By halves, so that a list of tens of millions never holds twice its size. */
static bool grow(void **data, size_t *room, size_t need, size_t item_bytes)
{
    if (need <= *room)
        return true;
    size_t wanted = *room + *room / 2 + 1024;
    if (wanted < need)
        wanted = need;
    void *larger = wanted > SIZE_MAX / item_bytes ? NULL : realloc(*data, wanted * item_bytes);
    if (!larger)
        return false;
    *data = larger;
    *room = wanted;
    return true;
}

enum errc keyset_build_add(struct keyset_build *build, const void *key, size_t size, uint32_t value,
                           struct err *err)
{
    void *entries = build->entries;
    void *texts = build->texts;
    bool good = grow(&entries, &build->room, build->count + 1, sizeof *build->entries);
    build->entries = entries;
    good = good && grow(&texts, &build->texts_room, build->texts_bytes + size, 1);
    build->texts = texts;
    if (!good)
        return err_set(err, ERR_NOMEM, "no memory for %zu indicators", build->count);
    memcpy(build->texts + build->texts_bytes, key, size);
    build->entries[build->count++] = (struct keyset_entry){.hash = hash64(key, size, build->seed),
                                                           .at = build->texts_bytes,
                                                           .size = (uint32_t)size,
                                                           .value = value};
    build->texts_bytes += size;
    return ERR_OK;
}

bool keyset_build_same(const struct keyset_build *build, const struct keyset_entry *a,
                       const struct keyset_entry *b)
{
    return a->hash == b->hash && a->size == b->size &&
           memcmp(keyset_build_key(build, a), keyset_build_key(build, b), a->size) == 0;
}

/* One stable pass of a radix sort. */
static void pass(const struct keyset_entry *from, struct keyset_entry *to, size_t count, unsigned shift)
{
    enum { DIGITS = 1 << RADIX_BITS };
    size_t at[DIGITS] = {0};
    for (size_t i = 0; i < count; i++)
        at[from[i].hash >> shift & (DIGITS - 1)]++;
    size_t sum = 0;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t n = at[d];
        at[d] = sum;
        sum += n;
    }
    for (size_t i = 0; i < count; i++)
        to[at[from[i].hash >> shift & (DIGITS - 1)]++] = from[i];
}

/* The order of two entries whose first 33 bits are equal; 0 = keep them as they came. */
static int compare(const struct keyset_build *build, const struct keyset_entry *a,
                   const struct keyset_entry *b)
{
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->size != b->size)
        return a->size < b->size ? -1 : 1;
    return memcmp(keyset_build_key(build, a), keyset_build_key(build, b), a->size);
}

/* The radix passes leave runs of equal first 33 bits: mostly equal keys of several lists, in the order they
 * came. */
static void finish_runs(struct keyset_build *build)
{
    struct keyset_entry *e = build->entries;
    for (size_t i = 1; i < build->count; i++)
        for (size_t k = i;
             k > 0 && e[k - 1].hash >> 31 == e[k].hash >> 31 && compare(build, &e[k - 1], &e[k]) > 0; k--) {
            struct keyset_entry swap = e[k];
            e[k] = e[k - 1];
            e[k - 1] = swap;
        }
}

static void count_stem(void *context, uint64_t hash)
{
    sketch_add(context, hash);
}

/* Bits to set, some steps behind the hash that names them, so that their lines are at hand when
 * their turn comes. */
struct marker {
    struct keyset set;
    uint64_t *filter;
    uint64_t waiting[MARKS_WAITING]; /* hashes */
    bool stems[MARKS_WAITING];
    size_t at;
};

static void mark_waiting(struct marker *marker, size_t which)
{
    uint64_t hash = marker->waiting[which];
    uint64_t *line = marker->filter + (size_t)hash64_range(hash, marker->set.line_count) * KEYSET_LINE_WORDS;
    struct keyset_bits bits = keyset_bits(hash);
    if (marker->stems[which])
        line[bits.stem_word] |= bits.stem_mask;
    else
        line[bits.key_word] |= bits.key_mask;
}

static void mark(struct marker *marker, uint64_t hash, bool stem)
{
    size_t which = marker->at++ % MARKS_WAITING;
    if (marker->at > MARKS_WAITING)
        mark_waiting(marker, which);
    marker->waiting[which] = hash;
    marker->stems[which] = stem;
    __builtin_prefetch(
        marker->filter + (size_t)hash64_range(hash, marker->set.line_count) * KEYSET_LINE_WORDS, 1);
}

static void mark_stem(void *context, uint64_t hash)
{
    mark(context, hash, true);
}

static void mark_all(const struct keyset_build *build, struct marker *marker)
{
    for (size_t i = 0; i < build->count; i++) {
        const struct keyset_entry *entry = &build->entries[i];
        mark(marker, entry->hash, false);
        if (build->stems)
            build->stems(keyset_build_key(build, entry), entry->size, build->seed, mark_stem, marker);
    }
    size_t left = marker->at < MARKS_WAITING ? marker->at : MARKS_WAITING;
    for (size_t i = 0; i < left; i++)
        mark_waiting(marker, i);
}

/* The number of bits follows from how many different keys and stems there are. In the order of adding, in
 * which the texts lie in memory. */
static enum errc make_filter(struct keyset_build *build, struct err *err)
{
    struct sketch keys;
    struct sketch stems;
    sketch_init(&keys);
    sketch_init(&stems);
    for (size_t i = 0; i < build->count; i++) {
        const struct keyset_entry *entry = &build->entries[i];
        sketch_add(&keys, entry->hash);
        if (build->stems)
            build->stems(keyset_build_key(build, entry), entry->size, build->seed, count_stem, &stems);
    }
    double bits = (sketch_count(&keys) + sketch_count(&stems)) * FILTER_BITS_PER_KEY;
    size_t lines = (size_t)(bits / (8 * KEYSET_LINE_BYTES)) + 1;
    if (lines > UINT32_MAX)
        return err_set(err, ERR_LIMIT, "too many indicators of one kind: %zu", build->count);
    build->filter_bytes = lines * KEYSET_LINE_BYTES;
    build->filter = calloc(lines, KEYSET_LINE_BYTES);
    if (!build->filter)
        return err_set(err, ERR_NOMEM, "no memory for a filter of %zu bytes", build->filter_bytes);
    struct marker marker = {.set = {.line_count = (uint32_t)lines}, .filter = build->filter};
    mark_all(build, &marker);
    return ERR_OK;
}

enum errc keyset_build_sort(struct keyset_build *build, struct err *err)
{
    if (build->count == 0)
        return ERR_OK;
    enum errc rc = make_filter(build, err);
    if (rc < 0)
        return rc;
    struct keyset_entry *other = malloc(build->count * sizeof *other);
    if (!other)
        return err_set(err, ERR_NOMEM, "no memory to sort %zu indicators", build->count);
    pass(build->entries, other, build->count, 31);
    pass(other, build->entries, build->count, 42);
    pass(build->entries, other, build->count, 53);
    free(build->entries);
    build->entries = other;
    build->room = build->count;
    finish_runs(build);
    return ERR_OK;
}

static size_t put_varint(uint8_t *to, uint32_t value)
{
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        to[n++] = (uint8_t)(value | 0x80);
    to[n++] = (uint8_t)value;
    return n;
}

static enum errc write_entries(const struct keyset_build *build, size_t buckets, uint32_t *places,
                               keyset_put_fn *put, void *context, struct err *err)
{
    enum { AHEAD = 32 };
    uint64_t offset = 0;
    size_t next = 0; /* the first bucket whose place is not known yet */
    for (size_t i = 0; i < build->count; i++) {
        const struct keyset_entry *entry = &build->entries[i];
        if (i + AHEAD < build->count)
            __builtin_prefetch(keyset_build_key(build, &build->entries[i + AHEAD]));
        uint8_t bytes[2 * VARINT_MAX + KEYSET_KEY_MAX];
        size_t n = put_varint(bytes, entry->size);
        n += put_varint(bytes + n, entry->value);
        memcpy(bytes + n, keyset_build_key(build, entry), entry->size);
        n += entry->size;
        for (size_t bucket = hash64_range(entry->hash, (uint32_t)buckets); next <= bucket; next++)
            places[next] = (uint32_t)offset;
        enum errc rc = put(context, bytes, n, err);
        if (rc < 0)
            return rc;
        offset += n;
        if (offset > UINT32_MAX)
            return err_set(err, ERR_LIMIT,
                           "the indicators of one kind need more than 4 GiB: split the lists");
    }
    for (; next <= buckets; next++)
        places[next] = (uint32_t)offset;
    return ERR_OK;
}

enum errc keyset_build_write(struct keyset_build *build, keyset_put_fn *put, void *context, struct err *err)
{
    size_t buckets = build->count / KEYS_PER_BUCKET + 1;
    if (build->count == 0)
        return ERR_OK;
    if (buckets >= UINT32_MAX)
        return err_set(err, ERR_LIMIT, "too many indicators of one kind: %zu", build->count);
    build->places_bytes = (buckets + 1) * sizeof *build->places;
    build->places = malloc(build->places_bytes);
    if (!build->places)
        return err_set(err, ERR_NOMEM, "no memory for %zu buckets", buckets);
    return write_entries(build, buckets, build->places, put, context, err);
}
