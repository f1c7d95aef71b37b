#include "base/arena.h"
#include "lib/check.h"

#include <string.h>

static void gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t size = 0; size < 9000; size += 97) {
        unsigned char *p = arena_alloc(&arena, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, size);
    }
    arena_done(&arena);
}

static void stops_at_the_cap_and_stays_stopped(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 100);
    assert_non_null(arena_alloc(&arena, 64));
    assert_null(arena_alloc(&arena, 64));
    assert_null(arena_alloc(&arena, 1));
    assert_true(arena.exhausted);
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 64));
    arena_done(&arena);
}

static void refuses_overflow(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, SIZE_MAX);
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    arena_reset(&arena);
    assert_null(arena_alloc(&arena, SIZE_MAX));
    arena_done(&arena);
}

static void copies_text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    assert_string_equal(arena_strndup(&arena, "烽燧abc", 6), "烽燧");
    assert_null(arena_strdup(&arena, NULL));
    assert_string_equal(arena_printf(&arena, "%s-%d", "x", 5), "x-5");
    arena_done(&arena);
}

static char released[8];

static void note(void *object)
{
    size_t n = strlen(released);
    released[n] = *(const char *)object;
    released[n + 1] = '\0';
}

static void releases_what_was_tied_last_first(void **state)
{
    (void)state;
    char a = 'a', b = 'b', c = 'c';
    struct arena arena;
    arena_init(&arena, 128);
    memset(released, 0, sizeof released);
    assert_true(arena_tie(&arena, note, &a));
    assert_true(arena_tie(&arena, note, &b));
    assert_string_equal(released, "");
    arena_reset(&arena);
    assert_string_equal(released, "ba");
    assert_null(arena_alloc(&arena, 1000));
    assert_false(arena_tie(&arena, note, &c));
    assert_string_equal(released, "bac");
    arena_done(&arena);
    assert_string_equal(released, "bac");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory),
        cmocka_unit_test(stops_at_the_cap_and_stays_stopped),
        cmocka_unit_test(refuses_overflow),
        cmocka_unit_test(copies_text),
        cmocka_unit_test(releases_what_was_tied_last_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
