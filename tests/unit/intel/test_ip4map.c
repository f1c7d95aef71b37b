#include "intel/ip4map_build.h"
#include "lib/check.h"

#include <string.h>

/* Parts of a map that holds 10.0.0.0/8 with note 1 and, alone, 192.0.2.1 with note 2. */
static void small(struct ip4map_parts *parts, struct ip4map *map)
{
    struct err err;
    struct ip4map_build build;
    ip4map_build_init(&build);
    assert_ok(ip4map_build_add(&build, 0x0A000000, 8, 1, &err), &err);
    assert_ok(ip4map_build_add(&build, 0xC0000201, 32, 2, &err), &err);
    assert_ok(ip4map_build_sort(&build, &err), &err);
    assert_ok(ip4map_build_write(&build, parts, &err), &err);
    ip4map_build_done(&build);
    assert_true(ip4map_init(map, (struct str){(const char *)parts->dir, IP4MAP_DIR_COUNT * 4},
                            (struct str){(const char *)parts->lows, parts->low_count * 2},
                            (struct str){(const char *)parts->refs, parts->low_count * 4},
                            (struct str){(const char *)parts->prefixes, parts->prefix_count * 16}));
}

static void finds_prefixes_and_lone_addresses(void **state)
{
    (void)state;
    struct ip4map_parts parts;
    struct ip4map map;
    struct ip4map_prefix found[IP4MAP_DEPTH_MAX];
    small(&parts, &map);
    assert_int_equal(ip4map_ref(&map, 0x09FFFFFF), 0);
    assert_int_not_equal(ip4map_ref(&map, 0x0A000000), 0);
    assert_int_not_equal(ip4map_ref(&map, 0x0AFFFFFF), 0);
    assert_int_equal(ip4map_ref(&map, 0x0B000000), 0);
    assert_int_equal(ip4map_ref(&map, 0xC0000200), 0);
    assert_int_equal(ip4map_ref(&map, 0xC0000201), IP4MAP_SINGLE | 2);
    assert_int_equal(ip4map_ref(&map, 0xC0000202), 0);
    assert_int_equal(ip4map_prefixes(&map, 0x0A010203, ip4map_ref(&map, 0x0A010203), found), 1);
    assert_int_equal(found[0].note, 1);
    ip4map_parts_done(&parts);
}

static void an_empty_map_holds_nothing(void **state)
{
    (void)state;
    struct ip4map map;
    struct str none = {NULL, 0};
    assert_true(ip4map_init(&map, none, none, none, none));
    assert_int_equal(ip4map_ref(&map, 0x0A000000), 0);
}

static void sizes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct ip4map_parts parts;
    struct ip4map map;
    small(&parts, &map);
    struct str dir = {(const char *)parts.dir, IP4MAP_DIR_COUNT * 4};
    struct str lows = {(const char *)parts.lows, parts.low_count * 2};
    struct str refs = {(const char *)parts.refs, parts.low_count * 4};
    struct str prefixes = {(const char *)parts.prefixes, parts.prefix_count * 16};
    assert_false(ip4map_init(&map, (struct str){dir.p, dir.n - 4}, lows, refs, prefixes));
    assert_false(ip4map_init(&map, dir, (struct str){lows.p, lows.n - 2}, refs, prefixes));
    assert_false(ip4map_init(&map, dir, lows, (struct str){refs.p, refs.n - 1}, prefixes));
    assert_false(ip4map_init(&map, dir, lows, refs, (struct str){prefixes.p, 15}));
    ip4map_parts_done(&parts);
}

static void damaged_offsets_never_lead_outside(void **state)
{
    (void)state;
    struct ip4map_parts parts;
    struct ip4map map;
    struct ip4map_prefix found[IP4MAP_DEPTH_MAX];
    small(&parts, &map);
    for (unsigned bit = 0; bit < 32; bit++) {
        parts.dir[0x0A01] ^= 1u << bit;
        (void)ip4map_ref(&map, 0x0A010203);
        (void)ip4map_ref(&map, 0x0A000203);
        parts.dir[0x0A01] ^= 1u << bit;
        for (size_t i = 0; i < parts.low_count; i++) {
            parts.refs[i] ^= 1u << bit;
            size_t count = ip4map_prefixes(&map, 0x0A010203, ip4map_ref(&map, 0x0A010203), found);
            assert_true(count <= IP4MAP_DEPTH_MAX);
            parts.refs[i] ^= 1u << bit;
        }
    }
    /* A prefix around itself is no endless walk. */
    parts.prefixes[0].around = 1;
    assert_int_equal(ip4map_prefixes(&map, 0x0A010203, 1, found), IP4MAP_DEPTH_MAX);
    ip4map_parts_done(&parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_prefixes_and_lone_addresses),
        cmocka_unit_test(an_empty_map_holds_nothing),
        cmocka_unit_test(sizes_that_do_not_fit_are_refused),
        cmocka_unit_test(damaged_offsets_never_lead_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
