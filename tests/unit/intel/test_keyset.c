#include "unit/intel/keyset_fixture.h"

#include <stdio.h>

static void fill(struct keyset_build *build, uint32_t count)
{
    struct err err;
    keyset_build_init(build, 12345, NULL);
    for (uint32_t i = 0; i < count; i++) {
        char key[24];
        int n = snprintf(key, sizeof key, "key-%u", i);
        assert_ok(keyset_build_add(build, key, (size_t)n, i * 300, &err), &err);
    }
}

static bool find(const struct keyset *set, const char *key, uint32_t *value)
{
    struct keyset_entry_view entry = {0};
    uint64_t hash = keyset_hash(set, key, strlen(key));
    if (!keyset_find(set, hash, key, strlen(key), &entry))
        return false;
    *value = entry.value;
    return true;
}

static void an_empty_set_finds_nothing(void **state)
{
    (void)state;
    struct keyset set;
    uint32_t value;
    struct str none = {NULL, 0};
    assert_true(keyset_init(&set, none, none, none, 1));
    assert_false(find(&set, "x", &value));
}

static void sizes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct keyset_build build;
    struct keyset_fixture f;
    struct keyset set;
    fill(&build, 100);
    keyset_fixture_open(&f, &build);
    struct str filter = {(const char *)build.filter, build.filter_bytes};
    struct str places = {(const char *)build.places, build.places_bytes};
    struct str entries = {(const char *)f.entries, f.size};
    assert_false(keyset_init(&set, (struct str){filter.p, filter.n - 1}, places, entries, 1));
    assert_false(keyset_init(&set, (struct str){NULL, 0}, places, entries, 1));
    assert_false(keyset_init(&set, filter, (struct str){places.p, 4}, entries, 1));
    assert_false(keyset_init(&set, filter, (struct str){places.p, places.n - 2}, entries, 1));
    keyset_fixture_close(&f);
}

/* A flipped bit may hide a key; it never finds a wrong one, and never reads outside. */
static void damaged_bytes_never_lead_outside(void **state)
{
    (void)state;
    enum { COUNT = 60 };
    struct keyset_build build;
    struct keyset_fixture f;
    fill(&build, COUNT);
    keyset_fixture_open(&f, &build);
    f.entries = realloc(f.entries, f.size); /* exactly */
    f.set.entries = f.entries;
    size_t bits = 8 * (f.size + build.places_bytes);
    for (size_t bit = 0; bit < bits; bit++) {
        uint8_t *at = bit / 8 < f.size ? f.entries + bit / 8 : (uint8_t *)build.places + (bit / 8 - f.size);
        *at ^= (uint8_t)(1u << bit % 8);
        for (uint32_t i = 0; i < COUNT; i++) {
            char key[24];
            uint32_t value;
            (void)snprintf(key, sizeof key, "key-%u", i);
            (void)find(&f.set, key, &value);
        }
        *at ^= (uint8_t)(1u << bit % 8);
    }
    keyset_fixture_close(&f);
}

static void varints_that_never_end_are_refused(void **state)
{
    (void)state;
    static const uint8_t ENDLESS[6] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    const uint8_t *p = ENDLESS;
    uint32_t value;
    assert_false(keyset_read_varint(&p, ENDLESS + 6, &value));
    p = ENDLESS;
    assert_false(keyset_read_varint(&p, ENDLESS, &value));
    static const uint8_t BIG[5] = {0xFF, 0xFF, 0xFF, 0xFF, 0x0F};
    p = BIG;
    assert_true(keyset_read_varint(&p, BIG + 5, &value));
    assert_int_equal(value, UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_set_finds_nothing),
        cmocka_unit_test(sizes_that_do_not_fit_are_refused),
        cmocka_unit_test(damaged_bytes_never_lead_outside),
        cmocka_unit_test(varints_that_never_end_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
