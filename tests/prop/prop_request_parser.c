/* The request parser gives the same result however its input is split: on every request of the lists, on
 * their mutations, and on pairs of them. The fuzz target tests/fuzz/fuzz_request_parser.c checks the same
 * property. */
#include "lib/check.h"
#include "lib/http/trace.h"

#include <string.h>

static const struct sample {
    const char *bytes;
    size_t size_bytes;
} SAMPLES[] = {
#define MALFORMED(name, status, bytes) {bytes, sizeof(bytes) - 1},
#define MALFORMED_MORE(name, status, bytes) {bytes, sizeof(bytes) - 1},
#include "lib/http/malformed.def"
#define WELLFORMED(name, bytes, trace) {bytes, sizeof(bytes) - 1},
#include "lib/http/wellformed.def"
};
enum { SAMPLE_COUNT = sizeof SAMPLES / sizeof SAMPLES[0], ROUNDS = 20000, MUTATION_BYTES_MAX = 2048 };

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void any_split_gives_the_same_result(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        http_trace_check_splits(SAMPLES[i].bytes, SAMPLES[i].size_bytes, i);
}

/* Two samples joined, then up to three bytes changed, taken out or doubled. */
static size_t mutate(uint64_t *seed, char out[MUTATION_BYTES_MAX])
{
    static const char SPICE[] = "\r\n :;,=0159aAfFxX%\"\\\t\0/?[]{}\x7F\xFF";
    const struct sample *a = &SAMPLES[next(seed) % SAMPLE_COUNT];
    const struct sample *b = &SAMPLES[next(seed) % SAMPLE_COUNT];
    memcpy(out, a->bytes, a->size_bytes);
    memcpy(out + a->size_bytes, b->bytes, b->size_bytes);
    size_t n = a->size_bytes + b->size_bytes;
    for (uint64_t left = next(seed) % 4; left > 0; left--) {
        size_t at = (size_t)(next(seed) % n);
        switch (next(seed) % 3) {
        case 0: out[at] = SPICE[next(seed) % (sizeof SPICE - 1)]; break;
        case 1: memmove(out + at, out + at + 1, --n - at); break;
        default: memmove(out + at + 1, out + at, n++ - at); break;
        }
    }
    return n;
}

static void any_split_of_a_mutation_gives_the_same_result(void **state)
{
    (void)state;
    uint64_t seed = 20170827;
    for (int i = 0; i < ROUNDS; i++) {
        char bytes[MUTATION_BYTES_MAX];
        size_t n = mutate(&seed, bytes);
        http_trace_check_splits(bytes, n, seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_split_gives_the_same_result),
        cmocka_unit_test(any_split_of_a_mutation_gives_the_same_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
