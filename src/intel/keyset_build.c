#include "intel/keyset_build.h"

#include "intel/sketch.h"

#include <stdlib.h>
#include <string.h>

enum { FILTER_BITS_PER_KEY = 12, KEYS_PER_BUCKET = 4, RADIX_BITS = 11, VARINT_MAX = 5 };

void keyset_build_init(struct keyset_build *build, uint64_t seed)
{
    *build = (struct keyset_build){.seed = seed};
}

void keyset_build_done(struct keyset_build *build)
{
    free(build->entries);
    free(build->texts);
    keyset_build_init(build, build->seed);
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

enum errc keyset_build_sort(struct keyset_build *build, struct err *err)
{
    if (build->count < 2)
        return ERR_OK;
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

static void count_stem(void *context, uint64_t hash)
{
    sketch_add(context, hash);
}

static void mark(struct keyset *set, uint64_t *filter, uint64_t hash, bool stem)
{
    uint64_t *line = filter + (size_t)hash64_range(hash, set->line_count) * KEYSET_LINE_WORDS;
    struct keyset_bits bits = keyset_bits(hash);
    if (stem)
        line[bits.stem_word] |= bits.stem_mask;
    else
        line[bits.key_word] |= bits.key_mask;
}

struct marker {
    struct keyset set;
    uint64_t *filter;
};

static void mark_stem(void *context, uint64_t hash)
{
    struct marker *marker = context;
    mark(&marker->set, marker->filter, hash, true);
}

static enum errc make_filter(const struct keyset_build *build, keyset_stems_fn *stems,
                             struct keyset_parts *parts, struct err *err)
{
    struct sketch sketch;
    sketch_init(&sketch);
    for (size_t i = 0; stems && i < build->count; i++)
        stems(keyset_build_key(build, &build->entries[i]), build->entries[i].size, build->seed, count_stem,
              &sketch);
    double bits = ((double)build->count + sketch_count(&sketch)) * FILTER_BITS_PER_KEY;
    size_t lines = (size_t)(bits / (8 * KEYSET_LINE_BYTES)) + 1;
    struct marker marker = {.set = {.line_count = (uint32_t)lines}};
    if (lines > UINT32_MAX)
        return err_set(err, ERR_LIMIT, "too many indicators of one kind: %zu", build->count);
    parts->filter_bytes = lines * KEYSET_LINE_BYTES;
    parts->filter = marker.filter = calloc(lines, KEYSET_LINE_BYTES);
    if (!parts->filter)
        return err_set(err, ERR_NOMEM, "no memory for a filter of %zu bytes", parts->filter_bytes);
    for (size_t i = 0; i < build->count; i++) {
        mark(&marker.set, marker.filter, build->entries[i].hash, false);
        if (stems)
            stems(keyset_build_key(build, &build->entries[i]), build->entries[i].size, build->seed, mark_stem,
                  &marker);
    }
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
    enum { AHEAD = 16 };
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

enum errc keyset_build_write(const struct keyset_build *build, keyset_stems_fn *stems, keyset_put_fn *put,
                             void *context, struct keyset_parts *out, struct err *err)
{
    struct keyset_parts parts = {0};
    size_t buckets = build->count / KEYS_PER_BUCKET + 1;
    enum errc rc = ERR_OK;
    if (build->count == 0)
        goto out;
    if (buckets >= UINT32_MAX) {
        rc = err_set(err, ERR_LIMIT, "too many indicators of one kind: %zu", build->count);
        goto out;
    }
    rc = make_filter(build, stems, &parts, err);
    if (rc < 0)
        goto out;
    parts.places_bytes = (buckets + 1) * sizeof *parts.places;
    parts.places = malloc(parts.places_bytes);
    if (!parts.places) {
        rc = err_set(err, ERR_NOMEM, "no memory for %zu buckets", buckets);
        goto out;
    }
    rc = write_entries(build, buckets, parts.places, put, context, err);
out:
    if (rc < 0)
        keyset_parts_done(&parts);
    else
        *out = parts;
    return rc;
}

void keyset_parts_done(struct keyset_parts *parts)
{
    free(parts->filter);
    free(parts->places);
    *parts = (struct keyset_parts){0};
}
