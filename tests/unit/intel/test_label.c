#include "intel/label.h"
#include "lib/check.h"

#include <string.h>

static int parse(const char *text)
{
    return tlp_parse((struct str){text, strlen(text)});
}

static void traffic_lights_are_read_in_every_spelling(void **state)
{
    (void)state;
    assert_int_equal(parse("TLP:RED"), TLP_RED);
    assert_int_equal(parse("tlp:amber+strict"), TLP_AMBER_STRICT);
    assert_int_equal(parse("Green"), TLP_GREEN);
    assert_int_equal(parse("WHITE"), TLP_CLEAR);
    assert_int_equal(parse("purple"), -1);
    assert_int_equal(parse(""), -1);
    for (int i = TLP_CLEAR; i < TLP_COUNT; i++)
        assert_int_equal(parse(tlp_name((enum tlp)i)), i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traffic_lights_are_read_in_every_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
