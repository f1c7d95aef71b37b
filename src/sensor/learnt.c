#include "sensor/learnt.h"

#include "intel/hash64.h"

#include <stdlib.h>

/* A mean over some minutes: slow enough that an attack below the start does not become usual at once. */
static const double WEIGHT = 1.0 / 256;

enum errc learnt_init(struct learnt *learnt, struct err *err)
{
    learnt->entries = calloc((size_t)LEARNT_BUCKETS * LEARNT_WAYS, sizeof *learnt->entries);
    return learnt->entries ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for what is usual");
}

void learnt_done(struct learnt *learnt)
{
    free(learnt->entries);
    learnt->entries = NULL;
}

static uint64_t hash_of(const struct cell_key *key)
{
    uint64_t seed = (uint64_t)key->extra << 16 | (uint64_t)key->rule << 8 | key->address.bits;
    return hash64(key->address.bytes, sizeof key->address.bytes, seed) | 1;
}

static struct learnt_entry *bucket_of(const struct learnt *learnt, uint64_t hash)
{
    return &learnt->entries[(hash >> 32) % LEARNT_BUCKETS * LEARNT_WAYS];
}

void learnt_add(struct learnt *learnt, const struct cell_key *key, uint64_t packets)
{
    uint64_t hash = hash_of(key);
    struct learnt_entry *bucket = bucket_of(learnt, hash);
    struct learnt_entry *entry = bucket;
    for (size_t i = 0; i < LEARNT_WAYS && entry->hash != hash; i++)
        if (bucket[i].hash == hash || bucket[i].seen_ms < entry->seen_ms)
            entry = &bucket[i];
    if (entry->hash != hash)
        *entry = (struct learnt_entry){.hash = hash, .mean = (double)packets};
    entry->seen_ms = key->start_ms;
    entry->mean += ((double)packets - entry->mean) * WEIGHT;
    entry->windows += entry->windows < UINT32_MAX;
}

uint64_t learnt_of(const struct learnt *learnt, const struct cell_key *key)
{
    uint64_t hash = hash_of(key);
    const struct learnt_entry *bucket = bucket_of(learnt, hash);
    for (size_t i = 0; i < LEARNT_WAYS; i++)
        if (bucket[i].hash == hash && bucket[i].windows >= LEARNT_WINDOWS_MIN)
            return (uint64_t)bucket[i].mean;
    return 0;
}
