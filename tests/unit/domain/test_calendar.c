#include "domain/calendar.h"

#include "base/doc.h"
#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"
#include "lib/shared.h"

#include <stdlib.h>
#include <string.h>

static struct pack_set *SET;
static const struct calendar *CN;

static int32_t day_of(const char *text)
{
    struct civil_date date;
    struct err err;
    assert_ok(civil_parse_date(text, &date, &err), &err);
    return civil_to_days(date);
}

static struct calendar_basis expect(const char *from, int n, const char *as_of, const char *due)
{
    struct calendar_basis basis;
    struct err err;
    char text[CIVIL_DATE_SIZE];
    int32_t day = 0;
    int32_t known = as_of ? day_of(as_of) : CALENDAR_LATEST;
    assert_ok(calendar_add(CN, day_of(from), n, known, &day, &basis, &err), &err);
    civil_format_date(civil_from_days(day), text);
    assert_string_equal(text, due);
    return basis;
}

static void counts_the_vectors_of_the_law_page(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *ten;
        const char *twenty;
    } VECTORS[] = {
        {"2025-01-24", "2025-02-13", "2025-02-27"}, {"2025-09-26", "2025-10-16", "2025-10-30"},
        {"2026-02-13", "2026-03-05", "2026-03-19"}, {"2024-12-25", "2025-01-09", "2025-01-23"},
        {"2020-01-22", "2020-02-13", "2020-02-27"},
    };
    for (size_t i = 0; i < sizeof VECTORS / sizeof VECTORS[0]; i++) {
        assert_false(expect(VECTORS[i].from, 10, NULL, VECTORS[i].ten).provisional);
        assert_false(expect(VECTORS[i].from, 20, NULL, VECTORS[i].twenty).provisional);
    }
}

static void knows_a_paper_only_from_its_day(void **state)
{
    (void)state;
    struct calendar_basis basis = expect("2020-01-22", 10, "2020-01-26", "2020-02-11");
    assert_false(basis.provisional);
    assert_string_equal(basis.version, "cn 2020@2019-11-21");
    (void)expect("2020-01-22", 20, "2020-01-26", "2020-02-25");
    basis = expect("2020-01-22", 10, "2020-01-27", "2020-02-13");
    assert_string_equal(basis.version, "cn 2020@2020-01-27");
    /* The May holiday of 2019 was one day until 2019-03-22. */
    (void)expect("2019-04-30", 1, "2019-03-21", "2019-05-02");
    (void)expect("2019-04-30", 1, "2019-03-22", "2019-05-05");
    /* The parade of 2015 was announced in May. */
    (void)expect("2015-09-02", 1, "2015-05-12", "2015-09-03");
    (void)expect("2015-09-02", 1, "2015-05-13", "2015-09-06");
    /* Before anything was announced there are only weekdays. */
    assert_true(expect("2020-01-22", 10, "2019-11-20", "2020-02-05").provisional);
}

static void says_when_a_year_is_not_announced(void **state)
{
    (void)state;
    struct calendar_basis basis = expect("2026-12-24", 10, NULL, "2027-01-07");
    assert_true(basis.provisional);
    assert_string_equal(basis.version, "cn 2026@2025-11-04 2027@none");
    assert_false(expect("2026-12-14", 10, NULL, "2026-12-28").provisional);
    assert_true(expect("2006-03-01", 1, NULL, "2006-03-02").provisional);
    basis = expect("2014-06-03", 1, NULL, "2014-06-04");
    assert_string_equal(basis.version, "cn 2014@2014-01-01?");
}

static void asks_the_next_paper_about_the_last_days_of_december(void **state)
{
    (void)state;
    assert_true(calendar_works(CN, day_of("2018-12-29"), CALENDAR_LATEST));
    assert_false(calendar_works(CN, day_of("2018-12-31"), CALENDAR_LATEST));
    assert_true(calendar_works(CN, day_of("2018-12-31"), day_of("2018-12-05")));
    assert_true(calendar_works(CN, day_of("2006-12-30"), CALENDAR_LATEST));
    /* What a paper may still say is not known before it is there. */
    assert_true(expect("2026-12-28", 1, NULL, "2026-12-29").provisional);
    assert_true(expect("2018-12-27", 2, "2018-12-05", "2018-12-31").provisional);
    assert_false(expect("2018-12-27", 2, "2018-12-06", "2018-12-29").provisional);
}

static void takes_no_working_days_as_the_same_day(void **state)
{
    (void)state;
    (void)expect("2020-01-25", 0, NULL, "2020-01-25");
    struct calendar_basis basis;
    struct err err;
    int32_t day = 7;
    assert_code(calendar_add(CN, 0, -1, CALENDAR_LATEST, &day, &basis, &err), ERR_INVALID);
    assert_string_equal(err.field, "working_days");
    assert_code(calendar_add(CN, 0, CALENDAR_DAYS_MAX + 1, CALENDAR_LATEST, &day, &basis, &err), ERR_INVALID);
    assert_int_equal(day, 7);
    /* Twenty years are more than the version can name. */
    assert_ok(calendar_add(CN, day_of("2007-01-01"), CALENDAR_DAYS_MAX, CALENDAR_LATEST, &day, &basis, &err),
              &err);
    assert_non_null(strstr(basis.version, "…"));
}

static void has_about_250_working_days_a_year(void **state)
{
    (void)state;
    for (int year = 2007; year <= 2026; year++) {
        int count = 0;
        int32_t end = civil_to_days((struct civil_date){year + 1, 1, 1});
        for (int32_t day = civil_to_days((struct civil_date){year, 1, 1}); day < end; day++)
            count += calendar_works(CN, day, CALENDAR_LATEST);
        assert_in_range(count, 248, 251);
    }
}

static void check_year(int year)
{
    char name[40];
    char path[SHARED_PATH_SIZE];
    struct err err;
    json_t *doc = NULL;
    json_t *row;
    size_t i;
    (void)snprintf(name, sizeof name, "data/calendar/%d.json", year);
    if (!shared_find(name, path))
        skip();
    size_t size_bytes = 0;
    char *text = shared_read(path, &size_bytes);
    assert_ok(doc_parse_object(text, size_bytes, &doc, &err), &err);
    json_array_foreach(json_object_get(doc, "days"), i, row)
    {
        const char *date = json_string_value(json_object_get(row, "date"));
        bool off = json_is_true(json_object_get(row, "isOffDay"));
        if (calendar_works(CN, day_of(date), CALENDAR_LATEST) == off)
            fail_msg("%s of %d.json differs", date, year);
    }
    json_decref(doc);
    free(text);
}

static void agrees_with_the_days_it_was_made_from(void **state)
{
    (void)state;
    for (int year = 2007; year <= 2027; year++)
        check_year(year);
}

static enum errc take(const char *text, struct err *err)
{
    struct calendar *calendar = calendar_new();
    enum errc rc = calendar_read(calendar, "c.yaml", text, strlen(text), err);
    if (rc == ERR_OK)
        rc = calendar_finish(calendar, err);
    calendar_free(calendar);
    return rc;
}

#define PAPER(announced, known, off)                                                                         \
    "reach_back_days: 3\nyears:\n  - year: 2020\n    papers:\n      - announced: " announced                 \
    "\n        known_from: " known "\n        basis: x\n        url: x\n        off: [" off "]\n"

static void names_the_line_of_what_is_wrong_in_a_paper(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *said;
    } BAD[] = {
        {PAPER("2019-11-21", "2019-11-21", "2020-02-30"), 9, "no day '2020-02-30'"},
        {PAPER("2019-11-21", "2019-11-21", "2021-01-01"), 9, "not in 2020"},
        {PAPER("2019-11-21", "2019-11-21", "2019-12-28"), 9, "reach_back_days"},
        {PAPER("2019-11-21", "2019-11-21", "2020-01-01, 2020-01-01"), 9, "twice"},
        {PAPER("2019-11-21", "2019-11-22", "2020-01-01"), 6, "announced"},
        {PAPER("soon", "2019-11-22", "2020-01-01"), 5, "no day 'soon'"},
        {PAPER("unknown", "2020-13-01", "2020-01-01"), 6, "no day '2020-13-01'"},
        {PAPER("unknown", "2020-01-01", ""), 9, "without days"},
        {"years:\n  - {year: 20}\n", 1, "no year"},
        {"reach_back_days: 99\n", 1, "0 to 31"},
        {"years:\n  - {year: 2020, papers: [], colour: red}\n", 2, "colour"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct err err;
        assert_true(take(BAD[i].text, &err) < 0);
        if (!strstr(err.message, BAD[i].said) || err.line != BAD[i].line)
            fail_msg("case %zu says %s", i, err.message);
    }
    struct err err;
    assert_ok(take(PAPER("unknown", "2020-01-01", "2019-12-29"), &err), &err);
}

static void refuses_two_papers_of_one_day(void **state)
{
    (void)state;
    static const char TEXT[] =
        "years:\n"
        "  - {year: 2020, papers: [{announced: unknown, known_from: 2020-01-01, basis: x, url: x, "
        "off: [2020-01-01]}, {announced: unknown, known_from: 2020-01-01, basis: x, url: x, off: "
        "[2020-01-02]}]}\n";
    struct err err;
    assert_code(take(TEXT, &err), ERR_INVALID);
    assert_non_null(strstr(err.message, "two papers"));
}

static void is_empty_without_files(void **state)
{
    (void)state;
    int first = 0;
    int last = 0;
    struct calendar *empty = calendar_new();
    assert_false(calendar_years(empty, &first, &last));
    assert_true(calendar_works(empty, day_of("2020-01-24"), CALENDAR_LATEST));
    calendar_free(empty);
    calendar_free(NULL);
    assert_true(calendar_years(CN, &first, &last));
    assert_int_equal(first, 2007);
    assert_int_equal(last, 2026);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_vectors_of_the_law_page),
        cmocka_unit_test(knows_a_paper_only_from_its_day),
        cmocka_unit_test(says_when_a_year_is_not_announced),
        cmocka_unit_test(asks_the_next_paper_about_the_last_days_of_december),
        cmocka_unit_test(takes_no_working_days_as_the_same_day),
        cmocka_unit_test(has_about_250_working_days_a_year),
        cmocka_unit_test(agrees_with_the_days_it_was_made_from),
        cmocka_unit_test(names_the_line_of_what_is_wrong_in_a_paper),
        cmocka_unit_test(refuses_two_papers_of_one_day),
        cmocka_unit_test(is_empty_without_files),
    };
    SET = rules_load();
    CN = pack_set_calendar(SET);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
