#include "sensor/wire.h"

#include "lib/check.h"

static void numbers_are_in_network_order(void **state)
{
    static const uint8_t BYTES[] = {1, 2, 3, 4, 5, 6, 7, 8};
    (void)state;
    struct wire wire = wire_of(BYTES, sizeof BYTES);
    assert_int_equal(wire_u8(&wire), 1);
    assert_int_equal(wire_u16(&wire), 0x203);
    assert_int_equal(wire_u32(&wire), 0x4050607);
    assert_int_equal(wire.n, 1);
    assert_false(wire.bad);
}

static void nothing_is_read_behind_the_end(void **state)
{
    static const uint8_t BYTES[] = {1, 2, 3};
    (void)state;
    struct wire wire = wire_of(BYTES, sizeof BYTES);
    assert_int_equal(wire_u32(&wire), 0);
    assert_true(wire.bad);
    assert_int_equal(wire.n, 0);
    assert_null(wire_take(&wire, 1));
    wire = wire_of(BYTES, sizeof BYTES);
    struct wire part = wire_part(&wire, 4);
    assert_true(part.bad);
    assert_int_equal(part.n, 0);
}

static void a_part_ends_where_it_says(void **state)
{
    static const uint8_t BYTES[] = {1, 2, 3};
    (void)state;
    struct wire wire = wire_of(BYTES, sizeof BYTES);
    struct wire part = wire_part(&wire, 2);
    assert_int_equal(wire_u16(&part), 0x102);
    assert_int_equal(wire_u8(&part), 0);
    assert_true(part.bad);
    assert_int_equal(wire_u8(&wire), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_in_network_order),
        cmocka_unit_test(nothing_is_read_behind_the_end),
        cmocka_unit_test(a_part_ends_where_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
