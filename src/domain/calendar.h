/* domain/calendar.h — working days of the State Council, as they were announced and when.
 *
 * A year is ruled by its papers: the first one, and later ones that replaced it, each with the day on
 * which it became known. A day that no paper lists is judged by its weekday. A paper may list days of the
 * year before (2018-12-29 stands in the paper of 2019).
 *
 * Layer    domain: pure.
 * Owns     calendar_new gives an object freed by calendar_free; a pack_set owns the one it loaded.
 * Threads  immutable after calendar_finish.
 * Errors   ERR_SYNTAX or ERR_INVALID with file, line and what to do.
 * Data     rules/calendar/
 * Tests    tests/unit/domain/test_calendar.c
 */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include "base/civil.h"

struct calendar;

enum { CALENDAR_VERSION_SIZE = 160, CALENDAR_DAYS_MAX = 10000 };

/* Days are counted from 1970-01-01, as in base/civil.h. as_of: only what was announced by that day. */
#define CALENDAR_LATEST INT32_MAX

/* What an answer rests on. */
struct calendar_basis {
    bool provisional; /* some day of it lies in a year that is not announced, and went by its weekday */
    char version[CALENDAR_VERSION_SIZE]; /* "cn 2020@2020-01-27" … the papers used, by year and day */
};

struct calendar *calendar_new(void); /* NULL when out of memory */
void calendar_free(struct calendar *calendar);
/* Adds the years of one file; after the last, calendar_finish sorts and checks. */
MUST_USE enum errc calendar_read(struct calendar *calendar, const char *file, const char *text,
                                 size_t size_bytes, struct err *err);
MUST_USE enum errc calendar_finish(struct calendar *calendar, struct err *err);

/* The first and last year with a paper; false when there is none. */
bool calendar_years(const struct calendar *calendar, int *out_first, int *out_last);

bool calendar_works(const struct calendar *calendar, int32_t day, int32_t as_of);

/* The n-th working day after `from`, which itself is not counted; n from 0 to CALENDAR_DAYS_MAX. */
MUST_USE enum errc calendar_add(const struct calendar *calendar, int32_t from, int64_t n, int32_t as_of,
                                int32_t *out_day, struct calendar_basis *out_basis, struct err *err);

#endif
