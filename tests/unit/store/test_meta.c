#include "store/meta.h"
#include "lib/check.h"
#include "lib/record.h"

static void values_are_set_replaced_and_read(void **state)
{
    (void)state;
    struct record record;
    const char *text = NULL;
    int64_t number = 5;
    record_open(&record, SUITE_P256_SHA256);
    assert_code(meta_get(record.store, "x", &record.arena, &text, &record.err), ERR_NOT_FOUND);
    assert_ok(meta_get_int(record.store, "x", &number, &record.err), &record.err);
    assert_int_equal(number, 0);
    record_begin(&record);
    assert_ok(meta_set(record.store, "x", "一", &record.err), &record.err);
    assert_ok(meta_set(record.store, "x", "二", &record.err), &record.err);
    assert_ok(meta_set_int(record.store, "n", INT64_MIN, &record.err), &record.err);
    record_commit(&record);
    assert_ok(meta_get(record.store, "x", &record.arena, &text, &record.err), &record.err);
    assert_string_equal(text, "二");
    assert_ok(meta_get_int(record.store, "n", &number, &record.err), &record.err);
    assert_true(number == INT64_MIN);
    assert_code(meta_get_int(record.store, "x", &number, &record.err), ERR_DAMAGED);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_set_replaced_and_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
