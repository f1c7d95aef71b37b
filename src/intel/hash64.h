/* intel/hash64.h — a fast 64-bit hash of short texts and a checksum of blocks; multiply and fold.
 *
 * Not cryptographic. The seed of an index is random, so that nobody can prepare names that collide in it.
 * The values are part of the index format (intel/index_file.h): a change needs a new version there.
 *
 * Layer    intel.   Threads any.   Owns nothing. Inline, because it runs for every name of every log.
 * Tests    tests/unit/intel/test_hash64.c
 */
#ifndef INTEL_HASH64_H
#define INTEL_HASH64_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "index files are little-endian and read in place");

__extension__ typedef unsigned __int128 hash64_wide;

#define HASH64_K0 UINT64_C(0xa0761d6478bd642f)
#define HASH64_K1 UINT64_C(0xe7037ed1a0b428db)
#define HASH64_K2 UINT64_C(0x8ebc6af09c88c6e3)
#define HASH64_K3 UINT64_C(0x589965cc75374cc3)

static inline uint64_t hash64_mix(uint64_t a, uint64_t b)
{
    hash64_wide product = (hash64_wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash64_read8(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t hash64_read4(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Reads exactly size bytes. */
static inline uint64_t hash64(const void *bytes, size_t size, uint64_t seed)
{
    const uint8_t *p = bytes;
    uint64_t a = 0;
    uint64_t b = 0;
    uint64_t h = seed ^ HASH64_K0;
    if (size > 16) {
        size_t left = size;
        for (; left > 16; left -= 16, p += 16)
            h = hash64_mix(hash64_read8(p) ^ HASH64_K1, hash64_read8(p + 8) ^ h);
        a = hash64_read8(p + left - 16);
        b = hash64_read8(p + left - 8);
    } else if (size >= 8) {
        a = hash64_read8(p);
        b = hash64_read8(p + size - 8);
    } else if (size >= 4) {
        a = hash64_read4(p);
        b = hash64_read4(p + size - 4);
    } else if (size > 0) {
        a = (uint64_t)p[0] << 16 | (uint64_t)p[size / 2] << 8 | p[size - 1];
    }
    return hash64_mix(HASH64_K2 ^ size, hash64_mix(a ^ HASH64_K1, b ^ h));
}

/* Four independent lanes, for blocks of many kilobytes: near the speed of reading them. */
uint64_t hash64_block(const void *bytes, size_t size);

/* Maps a hash to 0 … count-1, in the order of the hashes. */
static inline uint32_t hash64_range(uint64_t hash, uint32_t count)
{
    return (uint32_t)((hash >> 32) * count >> 32);
}

#endif
