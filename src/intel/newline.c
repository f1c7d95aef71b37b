#include "intel/newline.h"

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

size_t newline_count(const char *bytes, size_t size)
{
    size_t count = 0;
    size_t i = 0;
#ifdef __SSE2__
    const __m128i ends = _mm_set1_epi8('\n');
    while (size - i >= 16) {
        /* A byte counts to 255 before it must be added up. */
        size_t steps = (size - i) / 16 < 255 ? (size - i) / 16 : 255;
        __m128i sums = _mm_setzero_si128();
        for (size_t k = 0; k < steps; k++, i += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
            sums = _mm_sub_epi8(sums, _mm_cmpeq_epi8(v, ends));
        }
        __m128i two = _mm_sad_epu8(sums, _mm_setzero_si128());
        count += (size_t)_mm_extract_epi16(two, 0) + (size_t)_mm_extract_epi16(two, 4);
    }
#endif
    for (; i < size; i++)
        count += bytes[i] == '\n';
    return count;
}
