#include "domain/calendar.h"

#include "base/str.h"
#include "base/yamldoc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 64, PAPERS_MAX = 256 };

/* As the YAML files have it. */
struct paper_row {
    const char *announced;  /* YYYY-MM-DD, or "unknown" */
    const char *known_from; /* the day from which it counts as known */
    const char *basis;      /* how known_from is known */
    const char *url;
    const char **off; /* every day of the year that differs from its weekday, or is named by the paper */
    uint32_t off_count;
    const char **work;
    uint32_t work_count;
};
struct year_row {
    int year;
    struct paper_row *papers;
    uint32_t papers_count;
};
struct calendar_file {
    const char *source;
    int reach_back_days;
    struct year_row *years;
    uint32_t years_count;
};

static const cyaml_schema_field_t PAPER_FIELDS[] = {
    YAML_TEXT("announced", struct paper_row, announced),
    YAML_TEXT("known_from", struct paper_row, known_from),
    YAML_TEXT("basis", struct paper_row, basis),
    YAML_TEXT("url", struct paper_row, url),
    YAML_LIST_OPTIONAL("off", struct paper_row, off, &YAML_NAME),
    YAML_LIST_OPTIONAL("work", struct paper_row, work, &YAML_NAME),
    YAML_END,
};
static const cyaml_schema_value_t PAPER = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct paper_row, PAPER_FIELDS),
};
static const cyaml_schema_field_t YEAR_FIELDS[] = {
    CYAML_FIELD_INT("year", CYAML_FLAG_DEFAULT, struct year_row, year),
    YAML_LIST_OPTIONAL("papers", struct year_row, papers, &PAPER),
    YAML_END,
};
static const cyaml_schema_value_t YEAR = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct year_row, YEAR_FIELDS),
};
static const cyaml_schema_field_t FILE_FIELDS[] = {
    YAML_TEXT_OPTIONAL("source", struct calendar_file, source),
    YAML_INT_OPTIONAL("reach_back_days", struct calendar_file, reach_back_days),
    YAML_LIST_OPTIONAL("years", struct calendar_file, years, &YEAR),
    YAML_END,
};
static const cyaml_schema_value_t CALENDAR_FILE = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct calendar_file, FILE_FIELDS),
};

struct paper_day {
    int32_t day;
    bool works;
};

/* As the questions need it. */
struct paper {
    int year;
    int32_t known; /* the day from which it counts as known */
    const char *known_text;
    bool assumed; /* the day of the announcement itself is not known */
    struct paper_day *days;
    size_t day_count;
};

struct calendar {
    struct calendar_file *files[FILES_MAX];
    size_t file_count;
    struct paper papers[PAPERS_MAX]; /* sorted by year, then by the day they became known */
    size_t paper_count;
    int reach_back_days; /* how many last days of a year the paper of the next one has ever listed */
};

struct calendar *calendar_new(void)
{
    return calloc(1, sizeof(struct calendar));
}

void calendar_free(struct calendar *calendar)
{
    if (!calendar)
        return;
    for (size_t i = 0; i < calendar->paper_count; i++)
        free(calendar->papers[i].days);
    for (size_t i = 0; i < calendar->file_count; i++)
        yamldoc_free(&CALENDAR_FILE, calendar->files[i]);
    free(calendar);
}

/* Where a paper stands in its file, for messages. */
struct at {
    const char *file;
    const char *text;
    size_t size_bytes;
    uint32_t year;
    uint32_t paper;
    int reach_back_days;
};

#define fault(at, err, member, ...) fault(at, err, member, __VA_ARGS__)

static enum errc fault(const struct at *at, struct err *err, const char *member, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static enum errc fault(const struct at *at, struct err *err, const char *member, const char *fmt, ...)
{
    char path[80];
    char message[300];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    (void)snprintf(path, sizeof path, "years[%u].papers[%u].%s", at->year, at->paper, member);
    return yamldoc_fault(err, at->file, at->text, at->size_bytes, path, "%s", message);
}

/* The day a paper lists: in its own year, or among the last days of the year before. */
static enum errc read_day(const struct at *at, int year, const char *text, const char *member, int32_t *out,
                          struct err *err)
{
    struct civil_date date;
    if (civil_parse_date(text, &date, NULL) < 0)
        return fault(at, err, member, "there is no day '%s'; write YYYY-MM-DD", text);
    int32_t day = civil_to_days(date);
    int32_t first = civil_to_days((struct civil_date){year, 1, 1});
    if (date.year != year && (day >= first || first - day > at->reach_back_days))
        return fault(at, err, member,
                     "%s is not in %d, nor among the %d days before it; move it, or raise reach_back_days",
                     text, year, at->reach_back_days);
    *out = day;
    return ERR_OK;
}

static int by_day(const void *a, const void *b)
{
    const struct paper_day *x = a;
    const struct paper_day *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static enum errc read_days(const struct at *at, const struct paper_row *row, struct paper *paper,
                           struct err *err)
{
    size_t count = (size_t)row->off_count + row->work_count;
    if (count == 0)
        return fault(at, err, "off", "a paper without days; a year that is not announced has no papers");
    paper->days = calloc(count, sizeof *paper->days);
    if (!paper->days)
        return err_set(err, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        char member[24];
        bool works = i >= row->off_count;
        size_t k = works ? i - row->off_count : i;
        (void)snprintf(member, sizeof member, "%s[%zu]", works ? "work" : "off", k);
        const char *text = works ? row->work[k] : row->off[k];
        enum errc rc = read_day(at, paper->year, text, member, &paper->days[i].day, err);
        if (rc < 0)
            return rc;
        paper->days[i].works = works;
    }
    paper->day_count = count;
    qsort(paper->days, count, sizeof *paper->days, by_day);
    for (size_t i = 1; i < count; i++) {
        char day[CIVIL_DATE_SIZE];
        civil_format_date(civil_from_days(paper->days[i].day), day);
        if (paper->days[i].day == paper->days[i - 1].day)
            return fault(at, err, "off", "%s is listed twice; remove one", day);
    }
    return ERR_OK;
}

static enum errc read_paper(struct calendar *calendar, const struct at *at, int year,
                            const struct paper_row *row, struct err *err)
{
    struct civil_date known;
    struct civil_date announced;
    if (calendar->paper_count == PAPERS_MAX)
        return err_set(err, ERR_LIMIT, "%s: more than %d papers", at->file, PAPERS_MAX);
    if (civil_parse_date(row->known_from, &known, NULL) < 0)
        return fault(at, err, "known_from", "there is no day '%s'; write YYYY-MM-DD", row->known_from);
    bool assumed = streq(row->announced, "unknown");
    if (!assumed && civil_parse_date(row->announced, &announced, NULL) < 0)
        return fault(at, err, "announced", "there is no day '%s'; write YYYY-MM-DD, or unknown",
                     row->announced);
    if (!assumed && civil_to_days(announced) != civil_to_days(known))
        return fault(at, err, "known_from", "a paper is known from the day it is announced, %s",
                     row->announced);
    struct paper *paper = &calendar->papers[calendar->paper_count++];
    *paper = (struct paper){
        .year = year,
        .known = civil_to_days(known),
        .known_text = row->known_from,
        .assumed = assumed,
    };
    return read_days(at, row, paper, err);
}

enum errc calendar_read(struct calendar *calendar, const char *file, const char *text, size_t size_bytes,
                        struct err *err)
{
    void *data = NULL;
    if (calendar->file_count == FILES_MAX)
        return err_set(err, ERR_LIMIT, "%s: more than %d calendar files", file, FILES_MAX);
    enum errc rc = yamldoc_load(file, text, size_bytes, &CALENDAR_FILE, &data, err);
    if (rc < 0 || !data)
        return rc;
    struct calendar_file *rows = data;
    calendar->files[calendar->file_count++] = rows;
    if (rows->reach_back_days < 0 || rows->reach_back_days > 31)
        return yamldoc_fault(err, file, text, size_bytes, "reach_back_days", "a number of days from 0 to 31");
    if (rows->reach_back_days > calendar->reach_back_days)
        calendar->reach_back_days = rows->reach_back_days;
    for (uint32_t y = 0; y < rows->years_count; y++) {
        const struct year_row *year = &rows->years[y];
        if (year->year < 1949 || year->year > 9000)
            return yamldoc_fault(err, file, text, size_bytes, "years", "%d is no year of a calendar",
                                 year->year);
        for (uint32_t p = 0; p < year->papers_count && rc == ERR_OK; p++) {
            struct at at = {file, text, size_bytes, y, p, rows->reach_back_days};
            rc = read_paper(calendar, &at, year->year, &year->papers[p], err);
        }
        if (rc < 0)
            return rc;
    }
    return rc;
}

static int by_year(const void *a, const void *b)
{
    const struct paper *x = a;
    const struct paper *y = b;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    return (x->known > y->known) - (x->known < y->known);
}

enum errc calendar_finish(struct calendar *calendar, struct err *err)
{
    qsort(calendar->papers, calendar->paper_count, sizeof calendar->papers[0], by_year);
    for (size_t i = 1; i < calendar->paper_count; i++) {
        const struct paper *paper = &calendar->papers[i];
        if (by_year(paper - 1, paper) == 0)
            return err_set(err, ERR_INVALID, "calendar: %d has two papers of %s; keep one", paper->year,
                           paper->known_text);
    }
    return ERR_OK;
}

bool calendar_years(const struct calendar *calendar, int *out_first, int *out_last)
{
    if (calendar->paper_count == 0)
        return false;
    *out_first = calendar->papers[0].year;
    *out_last = calendar->papers[calendar->paper_count - 1].year;
    return true;
}

/* The last paper of a year that was known by then; NULL when the year was not announced. */
static const struct paper *paper_of(const struct calendar *calendar, int year, int32_t as_of)
{
    const struct paper *found = NULL;
    for (size_t i = 0; i < calendar->paper_count; i++)
        if (calendar->papers[i].year == year && calendar->papers[i].known <= as_of)
            found = &calendar->papers[i];
    return found;
}

static const struct paper_day *listed(const struct paper *paper, int32_t day)
{
    struct paper_day key = {.day = day};
    return paper ? bsearch(&key, paper->days, paper->day_count, sizeof key, by_day) : NULL;
}

/* Whether the paper of the next year has a say on this day. */
static bool reached_back(const struct calendar *calendar, int32_t day, int year)
{
    return civil_to_days((struct civil_date){year + 1, 1, 1}) - day <= calendar->reach_back_days;
}

/* Works or not, and whether that is only its weekday because a paper that could say is not there yet. */
static bool works(const struct calendar *calendar, int32_t day, int32_t as_of, bool *out_guessed)
{
    int year = civil_from_days(day).year;
    const struct paper *own = paper_of(calendar, year, as_of);
    const struct paper *next = NULL;
    *out_guessed = !own;
    if (reached_back(calendar, day, year)) {
        next = paper_of(calendar, year + 1, as_of);
        *out_guessed |= !next;
    }
    const struct paper_day *said = listed(next, day);
    if (!said)
        said = listed(own, day);
    return said ? said->works : civil_weekday(day) <= 5;
}

bool calendar_works(const struct calendar *calendar, int32_t day, int32_t as_of)
{
    bool guessed = false;
    return works(calendar, day, as_of, &guessed);
}

/* "cn 2020@2020-01-27 2021@2020-11-25": the papers of the years from first to last. "?" marks a day of
 * announcement that is assumed, "@none" a year that is not announced. */
static void write_version(const struct calendar *calendar, int first, int last, int32_t as_of, char *out)
{
    size_t used = (size_t)snprintf(out, CALENDAR_VERSION_SIZE, "cn");
    for (int year = first; year <= last; year++) {
        const struct paper *paper = paper_of(calendar, year, as_of);
        int n = snprintf(out + used, CALENDAR_VERSION_SIZE - used, " %d@%s%s", year,
                         paper ? paper->known_text : "none", paper && paper->assumed ? "?" : "");
        if (n < 0 || (size_t)n >= CALENDAR_VERSION_SIZE - used - sizeof " …") {
            (void)snprintf(out + used, CALENDAR_VERSION_SIZE - used, " …");
            return;
        }
        used += (size_t)n;
    }
}

enum errc calendar_add(const struct calendar *calendar, int32_t from, int64_t n, int32_t as_of,
                       int32_t *out_day, struct calendar_basis *out_basis, struct err *err)
{
    struct calendar_basis basis = {.provisional = false};
    int32_t day = from;
    if (n < 0 || n > CALENDAR_DAYS_MAX)
        return err_field(err, ERR_INVALID, "working_days", "%lld working days; from 0 to %d can be counted",
                         (long long)n, CALENDAR_DAYS_MAX);
    for (int64_t left = n; left > 0;) {
        bool guessed = false;
        left -= works(calendar, ++day, as_of, &guessed);
        basis.provisional |= guessed;
    }
    int first = civil_from_days(n > 0 ? from + 1 : from).year;
    int last = civil_from_days(day).year;
    if (reached_back(calendar, day, last))
        last++;
    write_version(calendar, first, last, as_of, basis.version);
    *out_day = day;
    *out_basis = basis;
    return ERR_OK;
}
