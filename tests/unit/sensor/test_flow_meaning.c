#include "sensor/flow_meaning.h"

#include "lib/check.h"

static void elements_have_the_meaning_of_the_registry(void **state)
{
    (void)state;
    assert_int_equal(flow_meaning_of(0, 1), MEANING_BYTES);
    assert_int_equal(flow_meaning_of(0, 8), MEANING_SOURCE_IP4);
    assert_int_equal(flow_meaning_of(0, 28), MEANING_TARGET_IP6);
    assert_int_equal(flow_meaning_of(ENTERPRISE_REVERSE, 1), MEANING_REVERSE_BYTES);
    assert_int_equal(flow_meaning_of(9, 1), MEANING_NONE); /* of a vendor: something else */
    assert_int_equal(flow_meaning_of(0, 65000), MEANING_NONE);
}

static void the_end_of_a_flow_is_behind_its_start(void **state)
{
    (void)state;
    assert_int_equal(MEANING_LAST_MS, MEANING_FIRST_MS + 1);
    assert_int_equal(MEANING_LAST_S, MEANING_FIRST_S + 1);
    assert_int_equal(MEANING_LAST_NTP, MEANING_FIRST_NTP + 1);
    assert_int_equal(MEANING_LAST_UPTIME, MEANING_FIRST_UPTIME + 1);
    assert_int_equal(MEANING_LAST_AGO_US, MEANING_FIRST_AGO_US + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_have_the_meaning_of_the_registry),
        cmocka_unit_test(the_end_of_a_flow_is_behind_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
