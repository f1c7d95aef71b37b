#include "base/civil.h"

#include <stdio.h>
#include <string.h>

static bool leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_month_days(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    return DAYS[month - 1] + (month == 2 && leap(year));
}

bool civil_valid(struct civil_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.day >= 1 &&
           date.day <= civil_month_days(date.year, date.month);
}

/* Days since 1970-01-01, counting years from March so that the leap day ends a year. */
int32_t civil_to_days(struct civil_date date)
{
    int y = date.year - (date.month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil_date civil_from_days(int32_t days)
{
    int z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int mp = (5 * day_of_year + 2) / 153;
    struct civil_date date = {.day = day_of_year - (153 * mp + 2) / 5 + 1,
                              .month = mp < 10 ? mp + 3 : mp - 9};
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

int civil_weekday(int32_t days)
{
    int w = (int)(((int64_t)days + 3) % 7); /* 1970-01-01 was a Thursday */
    return (w < 0 ? w + 7 : w) + 1;
}

/* Reads exactly n digits at *p and moves *p behind them. */
static bool digits(const char **p, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        char c = (*p)[i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *p += n;
    *out = v;
    return true;
}

static bool take(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static enum errc date_at(const char **p, const char *text, struct civil_date *out, struct err *err)
{
    struct civil_date date;
    if (!digits(p, 4, &date.year) || !take(p, '-') || !digits(p, 2, &date.month) || !take(p, '-') ||
        !digits(p, 2, &date.day))
        return err_set(err, ERR_INVALID, "'%.40s' does not begin with a date YYYY-MM-DD", text);
    if (!civil_valid(date))
        return err_set(err, ERR_INVALID, "there is no date %.10s", text);
    *out = date;
    return ERR_OK;
}

enum errc civil_parse_date(const char *text, struct civil_date *out, struct err *err)
{
    const char *p = text;
    struct civil_date date;
    enum errc rc = date_at(&p, text, &date, err);
    if (rc < 0)
        return rc;
    if (*p)
        return err_set(err, ERR_INVALID, "'%.40s' is not just a date YYYY-MM-DD", text);
    *out = date;
    return ERR_OK;
}

void civil_format_date(struct civil_date date, char out[CIVIL_DATE_SIZE])
{
    (void)snprintf(out, CIVIL_DATE_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000u,
                   (unsigned)date.month % 100u, (unsigned)date.day % 100u);
}

/* ".123456789" to milliseconds; the rest of the digits is dropped. */
static bool fraction(const char **p, int *out_ms)
{
    *out_ms = 0;
    if (!take(p, '.'))
        return true;
    int scale = 100;
    int n = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++, n++) {
        *out_ms += (**p - '0') * scale;
        scale /= 10;
    }
    return n >= 1 && n <= 9;
}

static bool offset(const char **p, int *out_min)
{
    *out_min = 0;
    if (take(p, 'Z') || take(p, 'z'))
        return true;
    int sign = **p == '-' ? -1 : 1;
    int h = 0;
    int m = 0;
    if ((!take(p, '+') && !take(p, '-')) || !digits(p, 2, &h) || !take(p, ':') || !digits(p, 2, &m) ||
        h > 23 || m > 59)
        return false;
    *out_min = sign * (h * 60 + m);
    return true;
}

enum errc civil_parse_time(const char *text, int64_t *out_ms, struct err *err)
{
    const char *p = text;
    struct civil_date date;
    enum errc rc = date_at(&p, text, &date, err);
    if (rc < 0)
        return rc;
    int h = 0;
    int m = 0;
    int s = 0;
    int ms = 0;
    int offset_min = 0;
    bool shaped = (take(&p, 'T') || take(&p, 't')) && digits(&p, 2, &h) && take(&p, ':') &&
                  digits(&p, 2, &m) && take(&p, ':') && digits(&p, 2, &s) && fraction(&p, &ms) &&
                  offset(&p, &offset_min) && *p == '\0';
    if (!shaped)
        return err_set(err, ERR_INVALID, "'%.40s' is not a time such as 2009-05-19T21:50:00+08:00", text);
    if (h > 23 || m > 59 || s > 59)
        return err_set(err, ERR_INVALID, "'%.40s' has no such time of day", text);
    *out_ms = (int64_t)civil_to_days(date) * CIVIL_DAY_MS +
              ((h * 60 + m - offset_min) * 60 + s) * INT64_C(1000) + ms;
    return ERR_OK;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil_date civil_date_at(int64_t ms, int offset_min)
{
    return civil_from_days((int32_t)floor_div(ms + offset_min * INT64_C(60000), CIVIL_DAY_MS));
}

int64_t civil_day_start_ms(struct civil_date date, int offset_min)
{
    return (int64_t)civil_to_days(date) * CIVIL_DAY_MS - offset_min * INT64_C(60000);
}

void civil_format_time(int64_t ms, int offset_min, char out[CIVIL_TIME_SIZE])
{
    int64_t local = ms + offset_min * INT64_C(60000);
    struct civil_date date = civil_date_at(ms, offset_min);
    unsigned of_day = (unsigned)(local - floor_div(local, CIVIL_DAY_MS) * CIVIL_DAY_MS);
    unsigned zone = (unsigned)(offset_min < 0 ? -offset_min : offset_min);
    (void)snprintf(out, CIVIL_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%c%02u:%02u",
                   (unsigned)date.year % 10000u, (unsigned)date.month % 100u, (unsigned)date.day % 100u,
                   of_day / 3600000u % 24u, of_day / 60000u % 60u, of_day / 1000u % 60u, of_day % 1000u,
                   offset_min < 0 ? '-' : '+', zone / 60u % 24u, zone % 60u);
}
