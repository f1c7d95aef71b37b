#include "intel/hash64.h"
#include "intel/sketch.h"
#include "lib/check.h"

static void counts_distinct_hashes_to_a_few_percent(void **state)
{
    (void)state;
    static const uint64_t COUNTS[] = {0, 1, 10, 1000, 30000, 50000, 1000000};
    for (size_t c = 0; c < sizeof COUNTS / sizeof COUNTS[0]; c++) {
        struct sketch sketch;
        sketch_init(&sketch);
        for (int twice = 0; twice < 2; twice++)
            for (uint64_t i = 0; i < COUNTS[c]; i++)
                sketch_add(&sketch, hash64(&i, sizeof i, 3));
        double count = sketch_count(&sketch);
        double want = (double)COUNTS[c];
        assert_true(count >= want * 0.96 - 0.5 && count <= want * 1.04 + 0.5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_distinct_hashes_to_a_few_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
