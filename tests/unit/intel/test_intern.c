#include "intel/intern.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

static void equal_strings_get_one_number(void **state)
{
    (void)state;
    struct intern table;
    struct err err;
    uint32_t id;
    intern_init(&table, 9);
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            char text[16];
            int n = snprintf(text, sizeof text, "s%u", i);
            assert_ok(intern_add(&table, text, (size_t)n, &id, &err), &err);
            assert_int_equal(id, i);
        }
    assert_int_equal(table.count, 5000);
    struct str last = intern_get(&table, 4999);
    assert_true(str_eq(last, "s4999"));
    intern_done(&table);
}

static void the_empty_string_is_a_string(void **state)
{
    (void)state;
    struct intern table;
    struct err err;
    uint32_t empty;
    uint32_t other;
    uint32_t again;
    intern_init(&table, 0);
    assert_ok(intern_add(&table, "", 0, &empty, &err), &err);
    assert_ok(intern_add(&table, "\0", 1, &other, &err), &err);
    assert_ok(intern_add(&table, "", 0, &again, &err), &err);
    assert_int_equal(empty, again);
    assert_int_not_equal(empty, other);
    intern_done(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_strings_get_one_number),
        cmocka_unit_test(the_empty_string_is_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
