#include "intel/json_mark.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define HAVE_X86 1
#else
#define HAVE_X86 0
#endif

static int blank(char c)
{
    return (unsigned char)c <= ' ';
}

static void mark_plain(const char *bytes, size_t words, uint64_t *marks)
{
    for (size_t w = 0; w < words; w++) {
        uint64_t word = 0;
        for (size_t i = 0; i < 64; i++) {
            const char *p = bytes + 64 * w + i;
            int colon = p[1] == ':' && (p[2] == '"' || p[2] == '[' || blank(p[2]));
            word |= (uint64_t)(p[0] == '"' && (colon || blank(p[1]))) << i;
        }
        marks[w] = word;
    }
}

#if HAVE_X86
/* Bytes at most ' ', unsigned: those that the saturated subtraction leaves zero. */
__attribute__((target("avx2"))) static __m256i blanks_avx2(__m256i v)
{
    return _mm256_cmpeq_epi8(_mm256_subs_epu8(v, _mm256_set1_epi8(' ')), _mm256_setzero_si256());
}

__attribute__((target("avx2"))) static uint32_t mark_32(const char *p)
{
    __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i next = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(p + 2));
    __m256i quote = _mm256_cmpeq_epi8(here, _mm256_set1_epi8('"'));
    __m256i colon = _mm256_cmpeq_epi8(next, _mm256_set1_epi8(':'));
    __m256i value = _mm256_or_si256(_mm256_cmpeq_epi8(second, _mm256_set1_epi8('"')),
                                    _mm256_cmpeq_epi8(second, _mm256_set1_epi8('[')));
    value = _mm256_or_si256(value, blanks_avx2(second));
    __m256i key = _mm256_or_si256(_mm256_and_si256(colon, value), blanks_avx2(next));
    return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(quote, key));
}

__attribute__((target("avx2"))) static void mark_avx2(const char *bytes, size_t words, uint64_t *marks)
{
    for (size_t w = 0; w < words; w++) {
        const char *p = bytes + 64 * w;
        marks[w] = mark_32(p) | (uint64_t)mark_32(p + 32) << 32;
    }
}

__attribute__((target("avx512f,avx512bw"))) static void mark_avx512(const char *bytes, size_t words,
                                                                    uint64_t *marks)
{
    const __m512i quotes = _mm512_set1_epi8('"');
    const __m512i blanks = _mm512_set1_epi8(' ');
    for (size_t w = 0; w < words; w++) {
        const char *p = bytes + 64 * w;
        __m512i here = _mm512_loadu_si512(p);
        __m512i next = _mm512_loadu_si512(p + 1);
        __m512i second = _mm512_loadu_si512(p + 2);
        __mmask64 quote = _mm512_cmpeq_epi8_mask(here, quotes);
        __mmask64 colon = _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8(':'));
        __mmask64 value = _mm512_cmpeq_epi8_mask(second, quotes) |
                          _mm512_cmpeq_epi8_mask(second, _mm512_set1_epi8('[')) |
                          _mm512_cmple_epu8_mask(second, blanks);
        marks[w] = quote & ((colon & value) | _mm512_cmple_epu8_mask(next, blanks));
    }
}
#endif

static const struct {
    json_mark_fn *fn;
    const char *needs;
} KINDS[] = {
#if HAVE_X86
    {mark_avx512, "avx512bw"},
    {mark_avx2, "avx2"},
#endif
    {mark_plain, ""},
};

enum { KIND_TOTAL = sizeof KINDS / sizeof KINDS[0] };

json_mark_fn *json_mark_nth(size_t n)
{
    return n < KIND_TOTAL ? KINDS[n].fn : NULL;
}

int json_mark_runs(size_t n)
{
#if HAVE_X86
    if (n < KIND_TOTAL && strcmp(KINDS[n].needs, "avx512bw") == 0)
        return __builtin_cpu_supports("avx512bw");
    if (n < KIND_TOTAL && strcmp(KINDS[n].needs, "avx2") == 0)
        return __builtin_cpu_supports("avx2");
#endif
    return n < KIND_TOTAL;
}

json_mark_fn *json_mark_best(void)
{
    size_t n = 0;
    while (!json_mark_runs(n))
        n++;
    return KINDS[n].fn;
}
