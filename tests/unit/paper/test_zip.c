#include "paper/zip.h"

#include "lib/check.h"
#include "unit/paper/unzipped.h"

#include <stdlib.h>
#include <string.h>

static const struct zip_part PARTS[] = {
    {"b.txt", "second", 6}, {"folder/甲.txt", "first", 5}, {"empty", "", 0}};

static void parts_come_back_as_they_were(void **state)
{
    (void)state;
    struct buf out;
    struct err err;
    buf_init(&out, 100000);
    assert_ok(zip_write(PARTS, 3, &out, &err), &err);
    for (size_t i = 0; i < 3; i++) {
        char *text = unzipped(&out, PARTS[i].path);
        assert_string_equal(text, PARTS[i].bytes);
        free(text);
    }
    assert_null(unzipped(&out, "nothing"));
    buf_done(&out);
}

static void the_same_parts_give_the_same_bytes_in_every_time_zone(void **state)
{
    (void)state;
    struct buf here;
    struct buf there;
    struct err err;
    buf_init(&here, 100000);
    buf_init(&there, 100000);
    assert_int_equal(setenv("TZ", "UTC", 1), 0);
    assert_ok(zip_write(PARTS, 3, &here, &err), &err);
    assert_int_equal(setenv("TZ", "Asia/Shanghai", 1), 0);
    assert_ok(zip_write(PARTS, 3, &there, &err), &err);
    assert_int_equal(here.size_bytes, there.size_bytes);
    assert_memory_equal(here.data, there.data, here.size_bytes);
    buf_done(&here);
    buf_done(&there);
}

static void a_buffer_that_is_too_small_is_told(void **state)
{
    (void)state;
    struct buf out;
    struct err err;
    buf_init(&out, 10);
    assert_code(zip_write(PARTS, 3, &out, &err), ERR_LIMIT);
    buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_come_back_as_they_were),
        cmocka_unit_test(the_same_parts_give_the_same_bytes_in_every_time_zone),
        cmocka_unit_test(a_buffer_that_is_too_small_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
