#include "base/buf.h"
#include "lib/check.h"

static void grows_and_terminates(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 10000);
    for (int i = 0; i < 1000; i++)
        buf_addf(&buf, "%d,", i % 10);
    assert_int_equal(buf.size_bytes, 2000);
    assert_int_equal(buf.data[2000], 0);
    buf_consume(&buf, 1996);
    assert_string_equal(buf.data, "8,9,");
    buf_done(&buf);
}

static void fails_at_the_cap_and_keeps_what_it_has(void **state)
{
    (void)state;
    struct buf buf;
    struct err err;
    buf_init(&buf, 5);
    buf_adds(&buf, "12345");
    assert_ok(buf_check(&buf, &err), &err);
    buf_adds(&buf, "6");
    assert_code(buf_check(&buf, &err), ERR_LIMIT);
    assert_string_equal(buf.data, "12345");
    buf_reset(&buf);
    buf_adds(&buf, "6");
    assert_ok(buf_check(&buf, &err), &err);
    buf_done(&buf);
}

static void what_was_added_can_be_taken_back(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100);
    buf_adds(&buf, "abcdef");
    buf_cut(&buf, 9);
    assert_string_equal(buf.data, "abcdef");
    buf_cut(&buf, 2);
    assert_string_equal(buf.data, "ab");
    assert_int_equal(buf.size_bytes, 2);
    buf_done(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_can_be_taken_back),
        cmocka_unit_test(grows_and_terminates),
        cmocka_unit_test(fails_at_the_cap_and_keeps_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
