#include "sensor/top.h"

#include "lib/check.h"

static void the_frequent_stay_among_many(void **state)
{
    (void)state;
    struct top top = {.used = 0};
    for (uint32_t i = 0; i < 10000; i++) {
        top_add_number(&top, 1000 + i, 1);
        if (i % 3 == 0)
            top_add_number(&top, 7, 1);
    }
    top_sort(&top);
    assert_int_equal(top.used, TOP_MAX);
    assert_int_equal(top_number(&top.entries[0]), 7);
    assert_true(top.entries[0].count >= 3334);
    assert_true(top.entries[0].count - top.entries[0].doubt <= 3334);
    assert_true(top.entries[1].count - top.entries[1].doubt < 10);
}

static void few_are_counted_exactly(void **state)
{
    (void)state;
    struct top top = {.used = 0};
    struct ip one = ip_from_ip4(1);
    struct ip two = ip_from_ip4(2);
    top_add(&top, &one, 3);
    top_add(&top, &two, 5);
    top_add(&top, &one, 4);
    top_sort(&top);
    assert_int_equal(top.used, 2);
    assert_int_equal(ip4_value(&top.entries[0].address), 1);
    assert_int_equal(top.entries[0].count, 7);
    assert_int_equal(top.entries[0].doubt, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frequent_stay_among_many),
        cmocka_unit_test(few_are_counted_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
