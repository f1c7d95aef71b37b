#include "intel/ip4map_build.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static uint64_t seed = 88172645463325252u;

static uint32_t choose(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed % below);
}

struct want {
    uint32_t address;
    uint8_t length;
};

static uint32_t mask(uint8_t length)
{
    return length == 0 ? 0 : UINT32_MAX << (32 - length);
}

/* Every prefix that holds the address, by looking at all of them, and the map agree. */
static void compare(const struct ip4map *map, const struct want *wants, size_t count, uint32_t address)
{
    struct ip4map_prefix found[IP4MAP_DEPTH_MAX];
    size_t naive = 0;
    uint32_t ref = ip4map_ref(map, address);
    size_t n = ref ? ip4map_prefixes(map, address, ref, found) : 0;
    for (size_t i = 0; i < count; i++)
        naive += (address & mask(wants[i].length)) == wants[i].address;
    assert_int_equal(n, naive);
    for (size_t i = 0; i < n; i++) {
        uint32_t which = found[i].note;
        assert_true(which < count && wants[which].length == found[i].length);
        assert_int_equal(wants[which].address, address & mask(wants[which].length));
        assert_true(i == 0 || found[i].length < found[i - 1].length);
    }
}

static void check(const struct want *wants, size_t count)
{
    struct err err;
    struct ip4map_build build;
    struct ip4map_parts parts;
    struct ip4map map;
    ip4map_build_init(&build);
    for (size_t i = count; i > 0; i--)
        assert_ok(ip4map_build_add(&build, wants[i - 1].address, wants[i - 1].length, (uint32_t)i - 1, &err),
                  &err);
    assert_ok(ip4map_build_sort(&build, &err), &err);
    assert_ok(ip4map_build_write(&build, &parts, &err), &err);
    assert_true(ip4map_init(&map, (struct str){(const char *)parts.dir, IP4MAP_DIR_COUNT * 4},
                            (struct str){(const char *)parts.lows, parts.low_count * 2},
                            (struct str){(const char *)parts.refs, parts.low_count * 4},
                            (struct str){(const char *)parts.prefixes, parts.prefix_count * 16}));
    for (size_t i = 0; i < count; i++) {
        uint32_t last = wants[i].address | ~mask(wants[i].length);
        compare(&map, wants, count, wants[i].address);
        compare(&map, wants, count, wants[i].address - 1);
        compare(&map, wants, count, last);
        compare(&map, wants, count, last + 1);
        compare(&map, wants, count, wants[i].address + choose(70000));
    }
    compare(&map, wants, count, 0);
    compare(&map, wants, count, UINT32_MAX);
    ip4map_parts_done(&parts);
    ip4map_build_done(&build);
}

static void nested_and_touching_prefixes(void **state)
{
    (void)state;
    static const struct want WANTS[] = {
        {0x00000000, 0},  {0x0A000000, 8},  {0x0A0A0000, 16}, {0x0A0A0A00, 24},
        {0x0A0A0A0A, 32}, {0x0A0AFFFF, 32}, {0x0A0AFF00, 24}, {0x0A0B0000, 16},
        {0x0A0B0000, 32}, {0xFFFFFFFF, 32}, {0xFFFFFF00, 24}, {0x00000000, 32},
        {0x0A0C0000, 15}, {0xC0000201, 32}, {0xC0000202, 32}, {0xC0000204, 30},
    };
    for (size_t skip = 0; skip < 2; skip++) /* with and without the one around all */
        check(WANTS + skip, sizeof WANTS / sizeof WANTS[0] - skip);
}

static void random_sets_agree_with_looking_at_all(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    struct want wants[COUNT];
    for (unsigned round = 0; round < 40; round++) {
        size_t count = 0;
        /* A small corner of the space, so that they touch and nest. */
        uint32_t corner = choose(UINT32_MAX) & 0xFFF00000;
        while (count < COUNT) {
            static const uint8_t LENGTHS[] = {32, 32, 32, 32, 31, 30, 28, 24, 22, 20, 17, 16, 15, 12, 8, 1};
            struct want w = {corner + choose(1 << (round % 2 ? 20 : 10)), LENGTHS[choose(sizeof LENGTHS)]};
            bool known = false;
            w.address &= mask(w.length);
            for (size_t i = 0; i < count; i++)
                known = known || (wants[i].address == w.address && wants[i].length == w.length);
            if (!known)
                wants[count++] = w;
            else if (choose(50) == 0)
                break;
        }
        check(wants, count);
    }
}

static void a_lone_address_takes_six_bytes(void **state)
{
    (void)state;
    struct err err;
    struct ip4map_build build;
    struct ip4map_parts parts;
    ip4map_build_init(&build);
    for (uint32_t i = 0; i < 5000; i++)
        assert_ok(ip4map_build_add(&build, i * 800001, 32, i, &err), &err);
    assert_ok(ip4map_build_sort(&build, &err), &err);
    assert_ok(ip4map_build_write(&build, &parts, &err), &err);
    assert_int_equal(parts.low_count, 5000);
    assert_int_equal(parts.prefix_count, 0);
    ip4map_parts_done(&parts);
    ip4map_build_done(&build);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested_and_touching_prefixes),
        cmocka_unit_test(random_sets_agree_with_looking_at_all),
        cmocka_unit_test(a_lone_address_takes_six_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
