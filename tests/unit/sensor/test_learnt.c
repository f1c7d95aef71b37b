#include "sensor/learnt.h"

#include "lib/check.h"

static void nothing_is_usual_before_it_was_seen_for_a_while(void **state)
{
    (void)state;
    struct learnt learnt;
    struct err err;
    struct cell_key key = {.address = ip_from_ip4(1)};
    struct cell_key other = {.address = ip_from_ip4(2)};
    assert_ok(learnt_init(&learnt, &err), &err);
    for (int i = 1; i < LEARNT_WINDOWS_MIN; i++)
        learnt_add(&learnt, &key, 100);
    assert_int_equal(learnt_of(&learnt, &key), 0);
    learnt_add(&learnt, &key, 100);
    assert_int_equal(learnt_of(&learnt, &key), 100);
    assert_int_equal(learnt_of(&learnt, &other), 0);
    learnt_done(&learnt);
}

static void a_mean_moves_slowly(void **state)
{
    (void)state;
    struct learnt learnt;
    struct err err;
    struct cell_key key = {.address = ip_from_ip4(1)};
    assert_ok(learnt_init(&learnt, &err), &err);
    for (int i = 0; i < LEARNT_WINDOWS_MIN; i++)
        learnt_add(&learnt, &key, 100);
    learnt_add(&learnt, &key, 100000);
    assert_in_range(learnt_of(&learnt, &key), 101, 600);
    learnt_done(&learnt);
}

static void the_quietest_of_a_full_bucket_makes_room(void **state)
{
    (void)state;
    struct learnt learnt;
    struct err err;
    assert_ok(learnt_init(&learnt, &err), &err);
    for (uint32_t i = 0; i < 3 * LEARNT_BUCKETS * LEARNT_WAYS; i++) {
        struct cell_key key = {.address = ip_from_ip4(i), .start_ms = i};
        learnt_add(&learnt, &key, 1);
    }
    struct cell_key last = {.address = ip_from_ip4(3 * LEARNT_BUCKETS * LEARNT_WAYS - 1)};
    for (int i = 1; i < LEARNT_WINDOWS_MIN; i++)
        learnt_add(&learnt, &last, 1);
    assert_int_equal(learnt_of(&learnt, &last), 1); /* its first window was kept */
    learnt_done(&learnt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_usual_before_it_was_seen_for_a_while),
        cmocka_unit_test(a_mean_moves_slowly),
        cmocka_unit_test(the_quietest_of_a_full_bucket_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
