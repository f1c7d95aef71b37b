#include "intel/hash64.h"
#include "lib/check.h"

#include <stdlib.h>

static void every_bit_of_every_size_counts(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 80; size++) {
        /* An exact copy: reading one byte outside is seen by the sanitizer. */
        uint8_t *bytes = calloc(size, 1);
        assert_non_null(bytes);
        uint64_t whole = hash64(bytes, size, 7);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_true(hash64(bytes, size, 7) != whole);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_true(hash64(bytes, size, 8) != whole);
        assert_true(hash64(bytes, size - 1, 7) != whole);
        free(bytes);
    }
}

static void values_are_those_of_the_file_format(void **state)
{
    (void)state;
    /* Files keep these: another value here needs another INDEX_VERSION. */
    assert_true(hash64("evil.example", 12, 0) == UINT64_C(0x9b64ca6b855a12cf));
    assert_true(hash64("http://evil.example/a/b/c", 25, 1) == UINT64_C(0x3d4685c75c51103e));
    uint8_t block[1000];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (uint8_t)(i * 31);
    assert_true(hash64_block(block, sizeof block) == UINT64_C(0xb195bf17436002a2));
}

static void a_block_notices_any_flipped_bit(void **state)
{
    (void)state;
    static uint8_t block[4096 + 37];
    uint64_t whole = hash64_block(block, sizeof block);
    for (size_t bit = 0; bit < 8 * sizeof block; bit += 7) {
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(hash64_block(block, sizeof block) != whole);
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void ranges_keep_the_order(void **state)
{
    (void)state;
    assert_int_equal(hash64_range(0, 10), 0);
    assert_int_equal(hash64_range(UINT64_MAX, 10), 9);
    assert_true(hash64_range(UINT64_C(1) << 63, 10) == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_of_every_size_counts),
        cmocka_unit_test(values_are_those_of_the_file_format),
        cmocka_unit_test(a_block_notices_any_flipped_bit),
        cmocka_unit_test(ranges_keep_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
