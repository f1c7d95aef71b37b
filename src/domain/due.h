/* domain/due.h — when something is owed: deadlines of the law turned into instants.
 *
 * 立即 and 及时 have no number and never get one: due_ms is 0, and what is measured is the time taken.
 * Periods of days do not count their first day and end at 24:00 China time; hours count from the moment.
 *
 * Layer    domain: pure.   Owns nothing.   Threads any.
 * Errors   ERR_INVALID for a number of days out of range.
 * Data     rules/calendar/
 * Tests    tests/unit/domain/test_due.c
 */
#ifndef DOMAIN_DUE_H
#define DOMAIN_DUE_H

#include "domain/calendar.h"
#include "domain/pack_law.h"

struct due {
    int64_t due_ms; /* the last millisecond in time; 0 when the clause gives no number */
    bool provisional;
    char calendar[CALENDAR_VERSION_SIZE]; /* "" when no calendar was needed */
};

/* From which instant the deadline runs: the act's happened or recorded time, or the field of its body that
 * the rule names. When that field is absent: its happened time, or 0 for a time that the act should state. */
int64_t due_start_ms(const struct pack_deadline *deadline, const struct act *act);

/* as_of_ms: what was announced by then; INT64_MAX = all that is known. */
MUST_USE enum errc due_compute(const struct calendar *calendar, const struct pack_deadline *deadline,
                               int64_t from_ms, int64_t as_of_ms, struct due *out, struct err *err);

#endif
