#include "sensor/dns_open.h"

#include "lib/check.h"
#include "unit/sensor/dns_fixture.h"

#include <stdio.h>
#include <string.h>

static const struct loss NONE = {0, 0};

static void a_detection_is_told_when_it_begins_and_ends(void **state)
{
    (void)state;
    struct dns_told told;
    struct dns_open_list list;
    struct err err;
    dns_fixture_list(&list, &told);
    list.tell_starts = true;
    struct dns_open *open = dns_open_begin(&list, "k", 7, "target", 100, 200);
    open->end_ms = 1000;
    dns_open_name(open, "a.example", 9);
    dns_open_name(open, "a.example", 9);
    assert_ptr_equal(dns_open_find(&list, "k", 7), open);
    assert_null(dns_open_find(&list, "other", 7));
    assert_null(dns_open_find(&list, "k", 8));
    assert_ok(dns_open_tick(&list, 300, &NONE, &err), &err);
    assert_ok(dns_open_tick(&list, 1200, &NONE, &err), &err);
    assert_int_equal(told.count, 1);
    assert_ok(dns_open_tick(&list, 1201, &NONE, &err), &err);
    assert_int_equal(told.count, 2);
    assert_non_null(strstr(told.evidence[1], "\"state\":\"ended\""));
    assert_non_null(strstr(told.evidence[1], "\"names\":1,"));
    assert_non_null(strstr(told.evidence[1], "\"examples\":[\"a.example\"]"));
    assert_null(dns_open_find(&list, "k", 7));
    dns_open_list_done(&list);
}

static void there_is_room_for_so_many(void **state)
{
    (void)state;
    struct dns_told told;
    struct dns_open_list list;
    dns_fixture_list(&list, &told);
    for (uint64_t i = 0; i < DNS_OPEN_MAX; i++)
        assert_non_null(dns_open_begin(&list, "k", i, "t", 0, 0));
    assert_null(dns_open_begin(&list, "k", 1000, "t", 0, 0));
    assert_int_equal(list.suppressed, 1);
    dns_open_list_done(&list);
}

static void long_names_are_cut_and_few_are_kept(void **state)
{
    (void)state;
    struct dns_told told;
    struct dns_open_list list;
    char name[DNS_OPEN_NAME_SIZE + 50];
    dns_fixture_list(&list, &told);
    struct dns_open *open = dns_open_begin(&list, "k", 7, "target", 0, 0);
    for (int i = 0; i < 2 * DNS_OPEN_NAMES; i++) {
        memset(name, 'a' + i, sizeof name);
        dns_open_name(open, name, sizeof name);
    }
    assert_int_equal(open->name_count, DNS_OPEN_NAMES);
    assert_int_equal(strlen(open->names[0]), DNS_OPEN_NAME_SIZE - 1);
    dns_fixture_end(&list);
    assert_int_equal(told.count, 1);
    dns_open_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detection_is_told_when_it_begins_and_ends),
        cmocka_unit_test(there_is_room_for_so_many),
        cmocka_unit_test(long_names_are_cut_and_few_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
