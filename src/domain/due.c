#include "domain/due.h"

#include "base/str.h"

#include <string.h>

#define MINUTE_MS INT64_C(60000)

int64_t due_start_ms(const struct pack_deadline *deadline, const struct act *act)
{
    static const char BODY[] = "body.";
    if (streq(deadline->from, "recorded"))
        return act->recorded_ms;
    if (!deadline->from || strncmp(deadline->from, BODY, strlen(BODY)) != 0)
        return act->happened_ms;
    const char *text = json_string_value(json_object_get(act->body, deadline->from + strlen(BODY)));
    int64_t told = 0;
    if (text && civil_parse_time(text, &told, NULL) == ERR_OK)
        return told;
    /* Where the act was to state the time and did not, there is none. */
    return deadline->kind == DEADLINE_STATED ? 0 : act->happened_ms;
}

/* The last millisecond of a day in China. */
static int64_t day_end_ms(int32_t day)
{
    return civil_day_start_ms(civil_from_days(day), CIVIL_CHINA_MIN) + CIVIL_DAY_MS - 1;
}

static int32_t day_at(int64_t ms)
{
    return civil_to_days(civil_date_at(ms, CIVIL_CHINA_MIN));
}

static enum errc working_days(const struct calendar *calendar, int64_t n, int64_t from_ms, int64_t as_of_ms,
                              struct due *out, struct err *err)
{
    struct calendar_basis basis;
    int32_t day = 0;
    int32_t as_of = as_of_ms == INT64_MAX ? CALENDAR_LATEST : day_at(as_of_ms);
    enum errc rc = calendar_add(calendar, day_at(from_ms), n, as_of, &day, &basis, err);
    if (rc < 0)
        return rc;
    out->due_ms = day_end_ms(day);
    out->provisional = basis.provisional;
    memcpy(out->calendar, basis.version, sizeof out->calendar);
    return ERR_OK;
}

enum errc due_compute(const struct calendar *calendar, const struct pack_deadline *deadline, int64_t from_ms,
                      int64_t as_of_ms, struct due *out, struct err *err)
{
    struct due due = {.due_ms = 0};
    enum errc rc = ERR_OK;
    if (deadline->n < 0 || deadline->n > CALENDAR_DAYS_MAX)
        return err_field(err, ERR_INVALID, "n", "a deadline counts from 0 to %d", CALENDAR_DAYS_MAX);
    switch (deadline->kind) {
    case DEADLINE_MINUTES: due.due_ms = from_ms + deadline->n * MINUTE_MS; break;
    case DEADLINE_HOURS: due.due_ms = from_ms + deadline->n * 60 * MINUTE_MS; break;
    case DEADLINE_DAYS: due.due_ms = day_end_ms(day_at(from_ms) + (int32_t)deadline->n); break;
    case DEADLINE_WORKING_DAYS: rc = working_days(calendar, deadline->n, from_ms, as_of_ms, &due, err); break;
    case DEADLINE_YEARLY:
        due.due_ms = day_end_ms(
            civil_to_days((struct civil_date){civil_date_at(from_ms, CIVIL_CHINA_MIN).year, 12, 31}));
        break;
    case DEADLINE_STATED: due.due_ms = from_ms; break;
    case DEADLINE_IMMEDIATE:
    case DEADLINE_PROMPT:
    case DEADLINE_CONTINUOUS: break;
    }
    if (rc == ERR_OK)
        *out = due;
    return rc;
}
