#include "unit/intel/keyset_fixture.h"

#include <stdio.h>

static void first_half(const uint8_t *key, size_t size, uint64_t seed, keyset_stem_fn *stem, void *context)
{
    stem(context, hash64(key, size / 2, seed));
}

static void every_key_is_found_and_no_other(void **state)
{
    (void)state;
    enum { COUNT = 40000 };
    struct keyset_build build;
    struct keyset_fixture f;
    struct err err;
    char key[32];
    keyset_build_init(&build, 77, first_half);
    for (uint32_t i = 0; i < COUNT; i++) {
        int n = snprintf(key, sizeof key, "%u.name.example", i);
        assert_ok(keyset_build_add(&build, key, (size_t)n, i, &err), &err);
    }
    keyset_fixture_open(&f, &build);
    unsigned wrong = 0;
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        size_t n = (size_t)snprintf(key, sizeof key, "%u.name.example", i);
        struct keyset_entry_view entry = {0};
        uint64_t hash = keyset_hash(&f.set, key, n);
        bool found = keyset_find(&f.set, hash, key, n, &entry);
        bool maybe = keyset_maybe(&f.set, hash) & KEYSET_KEY;
        assert_int_equal(found, i < COUNT);
        assert_true(maybe || !found);
        wrong += maybe && !found;
        if (!found)
            continue;
        assert_int_equal(entry.value, i);
        assert_memory_equal(entry.bytes + entry.size - n, key, n);
        assert_true(keyset_maybe(&f.set, keyset_hash(&f.set, key, n / 2)) & KEYSET_STEM);
    }
    assert_true(wrong < COUNT / 20); /* the filter is wrong for a few percent */
    keyset_fixture_close(&f);
}

static void equal_keys_stay_together_in_their_order(void **state)
{
    (void)state;
    struct keyset_build build;
    struct keyset_fixture f;
    struct err err;
    keyset_build_init(&build, 5, NULL);
    for (uint32_t i = 0; i < 1000; i++) {
        char key[16];
        int n = snprintf(key, sizeof key, "k%u", i % 100);
        assert_ok(keyset_build_add(&build, key, (size_t)n, i, &err), &err);
    }
    keyset_fixture_open(&f, &build);
    struct keyset_entry_view entry = {0};
    uint64_t hash = keyset_hash(&f.set, "k42", 3);
    for (uint32_t i = 0; i < 10; i++) {
        assert_true(keyset_find(&f.set, hash, "k42", 3, &entry));
        assert_int_equal(entry.value, 42 + 100 * i);
    }
    assert_false(keyset_find(&f.set, hash, "k42", 3, &entry));
    keyset_fixture_close(&f);
}

static void an_empty_builder_gives_an_empty_set(void **state)
{
    (void)state;
    struct keyset_build build;
    struct keyset_fixture f;
    keyset_build_init(&build, 5, NULL);
    keyset_fixture_open(&f, &build);
    assert_int_equal(f.set.line_count, 0);
    keyset_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_found_and_no_other),
        cmocka_unit_test(equal_keys_stay_together_in_their_order),
        cmocka_unit_test(an_empty_builder_gives_an_empty_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
