#include "base/civil.h"
#include "lib/check.h"

static void walks_every_day_of_four_centuries(void **state)
{
    (void)state;
    int32_t days = civil_to_days((struct civil_date){1900, 1, 1});
    int32_t end = civil_to_days((struct civil_date){2300, 1, 1});
    struct civil_date last = civil_from_days(days - 1);
    for (; days < end; days++) {
        struct civil_date date = civil_from_days(days);
        assert_true(civil_valid(date));
        assert_int_equal(civil_to_days(date), days);
        if (date.day != last.day + 1)
            assert_int_equal(last.day, civil_month_days(last.year, last.month));
        last = date;
    }
    assert_int_equal(civil_weekday(civil_to_days((struct civil_date){2018, 9, 30})), 7);
    assert_int_equal(civil_weekday(civil_to_days((struct civil_date){1970, 1, 1})), 4);
}

static void refuses_dates_that_do_not_exist(void **state)
{
    (void)state;
    static const char *const BAD[] = {"2018-09-31", "2019-02-29", "2018-13-01",  "2018-00-10", "2018-1-01",
                                      "20180101",   "0000-01-01", "2018-09-30x", "",           "2018-09"};
    struct civil_date date;
    struct err err;
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_code(civil_parse_date(BAD[i], &date, &err), ERR_INVALID);
    assert_ok(civil_parse_date("2020-02-29", &date, &err), &err);
}

static void reads_and_writes_instants(void **state)
{
    (void)state;
    struct err err;
    int64_t ms = 0;
    char text[CIVIL_TIME_SIZE];
    assert_ok(civil_parse_time("2009-05-19T21:50:00+08:00", &ms, &err), &err);
    assert_int_equal(ms, INT64_C(1242741000000));
    civil_format_time(ms, CIVIL_CHINA_MIN, text);
    assert_string_equal(text, "2009-05-19T21:50:00.000+08:00");
    assert_ok(civil_parse_time("1969-12-31T23:59:59.5Z", &ms, &err), &err);
    assert_int_equal(ms, -500);
    civil_format_time(ms, 0, text);
    assert_string_equal(text, "1969-12-31T23:59:59.500+00:00");
    static const char *const BAD[] = {"2009-05-19T21:50:00",        "2009-05-19 21:50:00Z",
                                      "2009-05-19T24:00:00Z",       "2009-05-19T21:50:60Z",
                                      "2009-05-19T21:50:00.Z",      "2009-05-19T21:50:00+0800",
                                      "2009-05-19T21:50:00+08:00x", "2018-09-31T00:00:00Z"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_code(civil_parse_time(BAD[i], &ms, &err), ERR_INVALID);
}

static void knows_the_day_in_china(void **state)
{
    (void)state;
    struct civil_date date = civil_date_at(INT64_C(1242741000000), CIVIL_CHINA_MIN);
    assert_int_equal(date.day, 19);
    date = civil_date_at(INT64_C(1242741000000) + 3 * INT64_C(3600000), CIVIL_CHINA_MIN);
    assert_int_equal(date.day, 20);
    assert_int_equal(civil_day_start_ms(date, CIVIL_CHINA_MIN), INT64_C(1242748800000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_every_day_of_four_centuries),
        cmocka_unit_test(refuses_dates_that_do_not_exist),
        cmocka_unit_test(reads_and_writes_instants),
        cmocka_unit_test(knows_the_day_in_china),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
