#include "main/import_report.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/law.h"

#include <stdlib.h>
#include <string.h>

static struct law LAW;
static struct arena ARENA;

static int set_up(void **state)
{
    (void)state;
    law_open(&LAW);
    arena_init(&ARENA, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    law_close(&LAW);
    arena_done(&ARENA);
    return 0;
}

static void reads(const char *text, const char *want, const char *noted)
{
    struct err err;
    const char *time = NULL;
    const char *said = NULL;
    assert_ok(import_time(text, &ARENA, &time, &said, &err), &err);
    assert_string_equal(time, want);
    if (!strstr(said ? said : "", noted))
        fail_msg("%s: %s", text, said ? said : "no note");
    assert_int_equal(said == NULL, *noted == '\0');
}

static void times_are_read_in_the_forms_of_tables(void **state)
{
    (void)state;
    reads("2009-05-19T21:50:00+08:00", "2009-05-19T21:50:00+08:00", "");
    reads("2009/5/19 21:50", "2009-05-19T21:50:00+08:00", "");
    reads("2009年5月19日 21时50分", "2009-05-19T21:50:00+08:00", "");
    reads("2009-05-19", "2009-05-19T00:00:00+08:00", "names no hour");
    reads("2009年5月", "2009-05-01T00:00:00+08:00", "names no day");
}

static void a_date_that_does_not_exist_is_put_on_the_nearest_day_and_noted(void **state)
{
    struct err err;
    const char *time = NULL;
    const char *said = NULL;
    (void)state;
    reads("2018-09-31", "2018-09-30T00:00:00+08:00", "does not exist");
    reads("2019-02-29 10:00", "2019-02-28T10:00:00+08:00", "does not exist");
    assert_code(import_time("昨天", &ARENA, &time, &said, &err), ERR_INVALID);
    assert_code(import_time("2018-13-01", &ARENA, &time, &said, &err), ERR_INVALID);
    assert_code(import_time("2018-09-01 25:00", &ARENA, &time, &said, &err), ERR_INVALID);
    assert_code(import_time("31/09/2018", &ARENA, &time, &said, &err), ERR_INVALID);
}

static struct import_field FIELDS[] = {
    {.field = "title", .from = "name", .before = "泄露："},
    {.field = "occurred", .from = "when"},
    {.field = "scope", .from = "text", .html = true, .otherwise = "未知"},
    {.field = "regions", .from = "where"},
    {.field = "facts.leaked_users", .from = "users"},
    {.field = "facts.scope.nationwide", .from = "all"},
    {.field = "facts.kinds", .text = "leak"},
};
static struct import_map MAP = {.source = "清单", .id = "name", .fields = FIELDS, .fields_count = 7};

static void drop(void *doc)
{
    json_decref(doc);
}

static enum errc make(const char *row, struct import_report *out, struct err *err)
{
    json_t *values = json_loads(row, 0, NULL);
    assert_non_null(values);
    const struct act_row *act = catalogue_act(LAW.catalogue, "incident.reported", NULL);
    enum errc rc = import_report_make(&MAP, act, values, &ARENA, out, err);
    assert_true(arena_tie(&ARENA, drop, values));
    return rc;
}

static void gives(const char *row, const char *part)
{
    struct err err;
    struct import_report report;
    assert_ok(make(row, &report, &err), &err);
    char *text = json_dumps(report.body, JSON_COMPACT);
    if (!strstr(text, part))
        fail_msg("%s", text);
    free(text);
    json_decref(report.body);
    json_decref(report.notes);
}

static void columns_become_fields_and_facts(void **state)
{
    (void)state;
    gives("{\"name\":\"a\",\"when\":\"2018-09-31\"}",
          "{\"title\":\"泄露：a\",\"occurred\":\"2018-09-30T00:00:00+08:00\",\"occurred_raw\":\"2018-09-31\","
          "\"scope\":\"未知\"");
    gives("{\"name\":\"a\",\"text\":\"<b>x</b> &amp; y < z\"}", "\"scope\":\"x & y < z\"");
    gives("{\"name\":\"a\",\"users\":5,\"all\":false}",
          "\"facts\":{\"leaked_users\":5,\"scope\":{\"nationwide\":false},\"kinds\":[\"leak\"]}");
    gives("{\"name\":\"a\",\"where\":\"330000;320000\"}", "\"regions\":[\"330000\",\"320000\"]");
}

static void every_report_names_its_row_by_a_mark_that_stays_the_same(void **state)
{
    struct err err;
    struct import_report one;
    struct import_report again;
    struct import_report other;
    (void)state;
    assert_ok(make("{\"name\":\"a\"}", &one, &err), &err);
    assert_ok(make("{\"name\":\"a\",\"users\":1}", &again, &err), &err);
    assert_ok(make("{\"name\":\"b\"}", &other, &err), &err);
    assert_string_equal(one.mark, again.mark);
    assert_string_not_equal(one.mark, other.mark);
    const char *source = json_string_value(json_object_get(one.body, "source"));
    assert_non_null(strstr(source, "清单"));
    assert_non_null(strstr(source, one.mark));
    json_decref(one.body);
    json_decref(one.notes);
    json_decref(again.body);
    json_decref(again.notes);
    json_decref(other.body);
    json_decref(other.notes);
}

static void what_does_not_fit_is_named(void **state)
{
    struct err err;
    struct import_report report;
    (void)state;
    assert_code(make("{\"name\":\"a\",\"users\":\"viele\"}", &report, &err), ERR_INVALID);
    assert_string_equal(err.field, "leaked_users");
    assert_code(make("{\"name\":\"a\",\"when\":\"nie\"}", &report, &err), ERR_INVALID);
    assert_string_equal(err.field, "occurred");
    assert_code(make("{\"users\":1}", &report, &err), ERR_INVALID);
    assert_string_equal(err.field, "name");
}

static void a_text_that_is_too_long_is_cut_and_noted(void **state)
{
    struct err err;
    struct import_report report;
    char row[1200];
    size_t n = (size_t)snprintf(row, sizeof row, "{\"name\":\"");
    (void)state;
    for (int i = 0; i < 250; i++)
        n += (size_t)snprintf(row + n, sizeof row - n, "网");
    (void)snprintf(row + n, sizeof row - n, "\"}");
    assert_ok(make(row, &report, &err), &err);
    const char *title = json_string_value(json_object_get(report.body, "title"));
    assert_int_equal(utf8_count(title, strlen(title)), 200);
    assert_int_equal(json_array_size(report.notes), 1);
    json_decref(report.body);
    json_decref(report.notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_in_the_forms_of_tables),
        cmocka_unit_test(a_date_that_does_not_exist_is_put_on_the_nearest_day_and_noted),
        cmocka_unit_test(columns_become_fields_and_facts),
        cmocka_unit_test(every_report_names_its_row_by_a_mark_that_stays_the_same),
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(a_text_that_is_too_long_is_cut_and_noted),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
