#include "bell/hmac.h"

#include "lib/check.h"

#include <string.h>

/* RFC 4231, test case 2. */
static void the_published_vector_comes_out(void **state)
{
    (void)state;
    struct arena arena;
    const char *mac = NULL;
    struct err err;
    arena_init(&arena, 4096);
    static const char MESSAGE[] = "what do ya want for nothing?";
    assert_ok(
        hmac_base64((struct str){"Jefe", 4}, (struct str){MESSAGE, strlen(MESSAGE)}, &arena, &mac, &err),
        &err);
    assert_string_equal(mac, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    arena_done(&arena);
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct arena arena;
    const char *mac = NULL;
    struct err err;
    arena_init(&arena, 8);
    assert_code(hmac_base64((struct str){"k", 1}, (struct str){"m", 1}, &arena, &mac, &err), ERR_NOMEM);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_vector_comes_out),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
