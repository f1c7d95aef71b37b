#include "intel/hash64.h"

uint64_t hash64_block(const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    uint64_t lane[4] = {HASH64_K0, HASH64_K1, HASH64_K2, HASH64_K3};
    size_t left = size;
    for (; left >= 64; left -= 64, p += 64) {
        lane[0] = hash64_mix(hash64_read8(p) ^ HASH64_K0, hash64_read8(p + 8) ^ lane[0]);
        lane[1] = hash64_mix(hash64_read8(p + 16) ^ HASH64_K1, hash64_read8(p + 24) ^ lane[1]);
        lane[2] = hash64_mix(hash64_read8(p + 32) ^ HASH64_K2, hash64_read8(p + 40) ^ lane[2]);
        lane[3] = hash64_mix(hash64_read8(p + 48) ^ HASH64_K3, hash64_read8(p + 56) ^ lane[3]);
    }
    uint64_t rest = hash64(p, left, size);
    uint64_t first = hash64_mix(lane[0] ^ HASH64_K2, lane[1] ^ HASH64_K3);
    uint64_t second = hash64_mix(lane[2] ^ HASH64_K0, lane[3] ^ HASH64_K1);
    return hash64_mix(first ^ rest, second ^ HASH64_K1);
}
