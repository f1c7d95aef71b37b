#include "intel/newline.h"
#include "lib/check.h"

#include <stdlib.h>
#include <string.h>

static void counts_at_every_size(void **state)
{
    (void)state;
    for (size_t size = 0; size < 5000; size += size < 70 ? 1 : 331) {
        char *bytes = malloc(size ? size : 1);
        assert_non_null(bytes);
        memset(bytes, '\n', size);
        assert_int_equal(newline_count(bytes, size), size);
        size_t want = 0;
        for (size_t i = 0; i < size; i++) {
            bytes[i] = i % 7 == 3 ? '\n' : (char)i;
            want += bytes[i] == '\n';
        }
        assert_int_equal(newline_count(bytes, size), want);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_at_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
