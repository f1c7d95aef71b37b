#include "intel/ip4map.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_MAX = 32 };

bool ip4map_init(struct ip4map *map, struct str dir, struct str lows, struct str refs, struct str prefixes)
{
    *map = (struct ip4map){0};
    if (dir.n == 0 && lows.n == 0 && refs.n == 0 && prefixes.n == 0)
        return true;
    size_t count = lows.n / sizeof *map->lows;
    if (dir.n != IP4MAP_DIR_COUNT * sizeof *map->dir || lows.n % sizeof *map->lows != 0 ||
        count >= IP4MAP_SINGLE || refs.n != count * sizeof *map->refs ||
        prefixes.n % sizeof *map->prefixes != 0 || prefixes.n / sizeof *map->prefixes >= IP4MAP_SINGLE)
        return false;
    map->dir = (const void *)dir.p;
    map->lows = (const void *)lows.p;
    map->refs = (const void *)refs.p;
    map->prefixes = (const void *)prefixes.p;
    map->low_count = (uint32_t)count;
    map->prefix_count = (uint32_t)(prefixes.n / sizeof *map->prefixes);
    return true;
}

void ip4map_prefetch_dir(const struct ip4map *map, uint32_t address)
{
    __builtin_prefetch(map->dir + (address >> 16), 0, 3);
}

void ip4map_prefetch_run(const struct ip4map *map, uint32_t address)
{
    uint32_t at = map->dir[address >> 16];
    __builtin_prefetch(map->lows + (at < map->low_count ? at : 0), 0, 3);
}

/* How many of count sorted lows are at most low. */
static uint32_t count_up_to(const uint16_t *lows, uint32_t count, uint16_t low)
{
    uint32_t n = 0;
    uint32_t i = 0;
#ifdef __SSE2__
    __m128i key = _mm_set1_epi16((short)low);
    for (; i + 8 <= count; i += 8) {
        __m128i eight = _mm_loadu_si128((const __m128i *)(const void *)(lows + i));
        /* Saturating: 0 where eight <= key. */
        __m128i above = _mm_subs_epu16(eight, key);
        int at_most = _mm_movemask_epi8(_mm_cmpeq_epi16(above, _mm_setzero_si128()));
        n += (uint32_t)__builtin_popcount((unsigned)at_most) / 2;
        if (at_most != 0xFFFF)
            return n;
    }
#endif
    for (; i < count && lows[i] <= low; i++)
        n++;
    return n;
}

uint32_t ip4map_ref(const struct ip4map *map, uint32_t address)
{
    if (!map->dir)
        return 0;
    uint32_t from = map->dir[address >> 16];
    uint32_t to = map->dir[(address >> 16) + 1];
    uint16_t low = (uint16_t)address;
    if (from >= to || to > map->low_count)
        return 0;
    const uint16_t *lows = map->lows + from;
    uint32_t count = to - from;
    uint32_t base = 0;
    while (count > SCAN_MAX) {
        uint32_t half = count / 2;
        bool right = lows[base + half] <= low;
        base = right ? base + half : base;
        count = right ? count - half : half;
    }
    base += count_up_to(lows + base, count, low);
    if (base == 0)
        return 0;
    uint32_t ref = map->refs[from + base - 1];
    bool beside = (ref & IP4MAP_SINGLE) && lows[base - 1] != low;
    return beside ? 0 : ref;
}

size_t ip4map_prefixes(const struct ip4map *map, uint32_t address, uint32_t ref,
                       struct ip4map_prefix out[IP4MAP_DEPTH_MAX])
{
    if (ref & IP4MAP_SINGLE) {
        out[0] = (struct ip4map_prefix){address, 0, ref & ~IP4MAP_SINGLE, 32};
        return 1;
    }
    size_t count = 0;
    while (ref > 0 && ref <= map->prefix_count && count < IP4MAP_DEPTH_MAX) {
        out[count] = map->prefixes[ref - 1];
        ref = out[count++].around;
    }
    return count;
}
