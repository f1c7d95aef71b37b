#include "intel/keyset.h"

#include <string.h>

bool keyset_init(struct keyset *set, struct str filter, struct str places, struct str entries, uint64_t seed)
{
    *set = (struct keyset){.seed = seed};
    if (filter.n == 0 && places.n == 0 && entries.n == 0)
        return true;
    size_t lines = filter.n / KEYSET_LINE_BYTES;
    size_t count = places.n / sizeof *set->places;
    if (filter.n % KEYSET_LINE_BYTES != 0 || lines == 0 || lines > UINT32_MAX ||
        places.n % sizeof *set->places != 0 || count < 2 || count > UINT32_MAX || entries.n > UINT32_MAX)
        return false;
    set->filter = (const void *)filter.p;
    set->places = (const void *)places.p;
    set->entries = (const void *)entries.p;
    set->line_count = (uint32_t)lines;
    set->bucket_count = (uint32_t)count - 1;
    set->entries_bytes = (uint32_t)entries.n;
    return true;
}

bool keyset_read_varint(const uint8_t **p, const uint8_t *end, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 32 && *p < end; shift += 7) {
        uint8_t byte = *(*p)++;
        value |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

/* The bytes of a bucket; empty when the offsets make no sense. */
static struct str bucket_of(const struct keyset *set, uint64_t hash)
{
    uint32_t bucket = hash64_range(hash, set->bucket_count);
    uint32_t from = set->places[bucket];
    uint32_t to = set->places[bucket + 1];
    if (from > to || to > set->entries_bytes)
        return (struct str){NULL, 0};
    return (struct str){(const char *)set->entries + from, to - from};
}

void keyset_prefetch_bucket(const struct keyset *set, uint64_t hash)
{
    struct str bucket = bucket_of(set, hash);
    __builtin_prefetch(bucket.p, 0, 3);
    __builtin_prefetch(bucket.p + 64, 0, 3);
}

bool keyset_find(const struct keyset *set, uint64_t hash, const void *key, size_t size,
                 struct keyset_entry_view *entry)
{
    if (set->line_count == 0)
        return false;
    struct str bucket = bucket_of(set, hash);
    const uint8_t *p = entry->bytes ? entry->bytes + entry->size : (const uint8_t *)bucket.p;
    const uint8_t *end = (const uint8_t *)bucket.p + bucket.n;
    while (p < end) {
        const uint8_t *start = p;
        uint32_t key_size;
        uint32_t value;
        if (!keyset_read_varint(&p, end, &key_size) || !keyset_read_varint(&p, end, &value) ||
            key_size > (size_t)(end - p))
            return false;
        if (key_size == size && memcmp(p, key, size) == 0) {
            *entry = (struct keyset_entry_view){start, (size_t)(p - start) + key_size, value};
            return true;
        }
        p += key_size;
    }
    return false;
}
