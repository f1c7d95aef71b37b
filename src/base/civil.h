/* base/civil.h — dates and instants without mktime: nothing is rolled over, nothing depends on TZ.
 *
 * Instants are int64_t milliseconds UTC. Dates are proleptic Gregorian, counted in days since
 * 1970-01-01. The sector's time zone is UTC+8 without daylight saving (CIVIL_CHINA_MIN).
 *
 * Layer    base.   Threads any.   Owns nothing.
 * Errors   ERR_INVALID for a date that does not exist (2018-09-31 is refused here; whoever must keep
 *          it keeps the raw text).
 * Tests    tests/unit/base/test_civil.c
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H

#include "base/err.h"

enum { CIVIL_CHINA_MIN = 8 * 60, CIVIL_DATE_SIZE = 11, CIVIL_TIME_SIZE = 30 };
#define CIVIL_DAY_MS INT64_C(86400000)

struct civil_date {
    int year; /* 1..9999 */
    int month;
    int day;
};

int civil_month_days(int year, int month); /* 0 when there is no such month */
bool civil_valid(struct civil_date date);
int32_t civil_to_days(struct civil_date date);
struct civil_date civil_from_days(int32_t days);
int civil_weekday(int32_t days); /* 1 = Monday … 7 = Sunday */

/* Exactly "YYYY-MM-DD". */
MUST_USE enum errc civil_parse_date(const char *text, struct civil_date *out, struct err *err);
void civil_format_date(struct civil_date date, char out[CIVIL_DATE_SIZE]);

/* RFC 3339 with an explicit offset or Z; up to nine fractional digits, kept to the millisecond. */
MUST_USE enum errc civil_parse_time(const char *text, int64_t *out_ms, struct err *err);
/* "2009-05-19T21:50:00.000+08:00" for CIVIL_CHINA_MIN. */
void civil_format_time(int64_t ms, int offset_min, char out[CIVIL_TIME_SIZE]);

/* The date on which an instant falls, at the given offset. */
struct civil_date civil_date_at(int64_t ms, int offset_min);
/* The first millisecond of a date at the given offset. */
int64_t civil_day_start_ms(struct civil_date date, int offset_min);

#endif
