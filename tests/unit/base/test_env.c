#include "base/env.h"
#include "lib/check.h"

#include <string.h>

static void makes_sortable_unique_ids(void **state)
{
    (void)state;
    struct err err;
    char last[UUID_TEXT_SIZE] = "";
    int64_t last_ms = 0;
    for (int i = 0; i < 1000; i++) {
        char id[UUID_TEXT_SIZE];
        int64_t ms = env_now_ms(&ENV_REAL);
        assert_ok(env_uuid(&ENV_REAL, id, &err), &err);
        assert_true(uuid_valid(id));
        assert_int_equal(id[14], '7');
        assert_string_not_equal(id, last);
        if (ms > last_ms)
            assert_true(strncmp(id, last, 13) >= 0);
        memcpy(last, id, sizeof last);
        last_ms = ms;
    }
    assert_false(uuid_valid("0190b9a8-7c3e-7d2a-9b4f-0123456789AB"));
    assert_false(uuid_valid(""));
    assert_false(uuid_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(makes_sortable_unique_ids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
