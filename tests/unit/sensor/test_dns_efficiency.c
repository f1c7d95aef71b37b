#include "sensor/dns_efficiency.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <string.h>

static struct dns_told told;
static struct dns_open_list list;
static struct dns_efficiency efficiency;

static int begin(void **state)
{
    (void)state;
    struct err err;
    dns_fixture_list(&list, &told);
    assert_ok(dns_efficiency_init(&efficiency, &list, &err), &err);
    return 0;
}

static int end(void **state)
{
    (void)state;
    dns_efficiency_done(&efficiency);
    dns_open_list_done(&list);
    return 0;
}

/* A window of 500 questions, of which so many of a hundred are answered, after wait_ms, with rcode. */
static void window(int number, int answered, int64_t wait_ms, int rcode)
{
    struct dns_fixture_event one;
    for (int i = 0; i < 500; i++) {
        int64_t now = number * EFFICIENCY_WINDOW_MS + i * 10;
        dns_fixture_event(&one, (uint16_t)i, "www.example.cn", DNS_A, -1, NULL, now);
        dns_efficiency_add(&efficiency, &one.event);
        if (i % 100 >= answered)
            continue;
        dns_fixture_event(&one, (uint16_t)i, "www.example.cn", DNS_A, rcode, rcode ? NULL : "192.0.2.1",
                          now + wait_ms);
        dns_efficiency_add(&efficiency, &one.event);
    }
    dns_efficiency_tick(&efficiency, (number + 1) * EFFICIENCY_WINDOW_MS);
}

static void expect(size_t count, const char *reason)
{
    dns_fixture_end(&list);
    assert_int_equal(told.count, count);
    if (count == 0)
        return;
    assert_string_equal(told.kinds[0], "dns-efficiency");
    assert_string_equal(told.targets[0], "cn");
    assert_non_null(strstr(told.evidence[0], reason));
}

static void fewer_answers_than_usual_are_told(void **state)
{
    (void)state;
    for (int i = 1; i <= 8; i++)
        window(i, 99, 20, 0);
    window(9, 77, 20, 0);
    window(10, 77, 20, 0);
    expect(1, "\"reason\":\"unanswered\"");
}

static void failures_and_slowness_are_told(void **state)
{
    (void)state;
    for (int i = 1; i <= 8; i++)
        window(i, 100, 20, 0);
    window(9, 100, 20, DNS_SERVFAIL);
    window(10, 100, 20, DNS_SERVFAIL);
    expect(1, "\"reason\":\"failing\"");
}

static void slow_answers_are_told(void **state)
{
    (void)state;
    for (int i = 1; i <= 8; i++)
        window(i, 100, 20, 0);
    window(9, 100, 900, 0);
    window(10, 100, 900, 0);
    expect(1, "\"reason\":\"slow\"");
}

static void one_bad_window_is_nothing(void **state)
{
    (void)state;
    for (int i = 1; i <= 20; i++)
        window(i, i == 10 || i == 15 ? 50 : 98, 20, 0);
    expect(0, NULL);
}

static void questions_alone_say_nothing(void **state)
{
    (void)state;
    for (int i = 1; i <= 20; i++)
        window(i, 0, 0, 0);
    expect(0, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fewer_answers_than_usual_are_told, begin, end),
        cmocka_unit_test_setup_teardown(failures_and_slowness_are_told, begin, end),
        cmocka_unit_test_setup_teardown(slow_answers_are_told, begin, end),
        cmocka_unit_test_setup_teardown(one_bad_window_is_nothing, begin, end),
        cmocka_unit_test_setup_teardown(questions_alone_say_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
