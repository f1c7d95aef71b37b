#include "domain/pack_diff.h"

#include "base/civil.h"
#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

/* The last change, and how many there were. */
struct seen {
    size_t count;
    char what[120];
    char before[2000];
    char after[2000];
    int32_t day;
    bool works;
};

static enum errc note(void *context, const struct pack_change *change, struct err *err)
{
    struct seen *seen = context;
    (void)err;
    seen->count++;
    (void)snprintf(seen->what, sizeof seen->what, "%s %s %s", change->pack, change->list, change->id);
    (void)snprintf(seen->before, sizeof seen->before, "%s", change->before ? change->before : "(none)");
    (void)snprintf(seen->after, sizeof seen->after, "%s", change->after ? change->after : "(none)");
    return ERR_OK;
}

static enum errc note_day(void *context, int32_t day, bool works_now, struct err *err)
{
    struct seen *seen = context;
    (void)err;
    seen->count++;
    seen->day = day;
    seen->works = works_now;
    return ERR_OK;
}

static struct pack_set *edited(const char *path, const char *from, const char *to)
{
    struct rules_copy copy;
    struct pack_set *set = NULL;
    struct err err;
    rules_copy_open(&copy);
    rules_copy_edit(&copy, path, from, to);
    assert_ok(pack_set_load(&copy.set, &set, &err), &err);
    rules_copy_done(&copy);
    return set;
}

static struct seen compare(const char *path, const char *from, const char *to)
{
    struct seen seen = {0};
    struct err err;
    struct pack_set *a = rules_load();
    struct pack_set *b = edited(path, from, to);
    assert_ok(pack_diff(a, b, note, &seen, &err), &err);
    pack_set_free(a);
    pack_set_free(b);
    return seen;
}

static void nothing_changed_is_nothing_told(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct err err;
    struct pack_set *a = rules_load();
    struct pack_set *b = rules_load();
    assert_ok(pack_diff(a, b, note, &seen, &err), &err);
    assert_ok(pack_diff_days(a, b, note_day, &seen, &err), &err);
    assert_int_equal(seen.count, 0);
    pack_set_free(a);
    pack_set_free(b);
}

static void a_changed_row_is_told_with_both_readings(void **state)
{
    (void)state;
    struct seen seen = compare("miit-2017-281/duties.yaml", "n: 10", "n: 15");
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.what, "miit-2017-281 duties 004.6.1a");
    assert_non_null(strstr(seen.before, "deadline.n: 10\n"));
    assert_non_null(strstr(seen.after, "deadline.n: 15\n"));
}

static void new_and_gone_rows_are_told(void **state)
{
    (void)state;
    static const char ROW[] = "documents:\n  - {id: extra, zh: x, en: x, group: x, clause: \"1.1\"}\n";
    struct seen seen = compare("miit-2017-281/documents.yaml", "documents:\n", ROW);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.what, "miit-2017-281 documents extra");
    assert_string_equal(seen.before, "(none)");
    struct pack_set *a = edited("miit-2017-281/documents.yaml", "documents:\n", ROW);
    struct pack_set *b = rules_load();
    struct err err;
    seen = (struct seen){0};
    assert_ok(pack_diff(a, b, note, &seen, &err), &err);
    assert_string_equal(seen.after, "(none)");
    pack_set_free(a);
    pack_set_free(b);
}

static void the_description_is_compared_too(void **state)
{
    (void)state;
    struct seen seen = compare("cac-2025/pack.yaml", "version: \"2025.1\"", "version: \"2025.2\"");
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.what, "cac-2025  ");
    assert_non_null(strstr(seen.after, "2025.2"));
}

static void a_role_is_told_once_though_all_packs_share_it(void **state)
{
    (void)state;
    assert_int_equal(compare("miit-2017-281/roles.yaml", "en: the ministry,", "en: the Ministry,").count, 1);
}

static void a_whole_pack_comes_and_goes(void **state)
{
    (void)state;
    struct embed_set none = {NULL, 0};
    struct pack_set *empty = NULL;
    struct pack_set *all = rules_load();
    struct seen came = {0};
    struct seen went = {0};
    struct err err;
    assert_ok(pack_set_load(&none, &empty, &err), &err);
    assert_ok(pack_diff(empty, all, note, &came, &err), &err);
    assert_string_equal(came.before, "(none)");
    assert_ok(pack_diff(all, empty, note, &went, &err), &err);
    assert_string_equal(went.after, "(none)");
    assert_int_equal(came.count, went.count);
    assert_true(came.count > 500);
    pack_set_free(empty);
    pack_set_free(all);
}

static void days_that_change_are_told(void **state)
{
    (void)state;
    struct seen seen = {0};
    struct err err;
    struct pack_set *a = rules_load();
    struct pack_set *b = edited("calendar/2026.yaml", "work: [\n", "work: [2026-07-04,\n");
    assert_ok(pack_diff_days(a, b, note_day, &seen, &err), &err);
    assert_int_equal(seen.count, 1);
    assert_true(seen.works);
    assert_int_equal(seen.day, civil_to_days((struct civil_date){2026, 7, 4}));
    pack_set_free(a);
    pack_set_free(b);
}

static enum errc stop(void *context, const struct pack_change *change, struct err *err)
{
    (void)context;
    (void)change;
    return err_set(err, ERR_IO, "full");
}

static void stops_when_the_visitor_does(void **state)
{
    (void)state;
    struct err err;
    struct pack_set *a = rules_load();
    struct pack_set *b = edited("miit-2017-281/duties.yaml", "n: 10", "n: 15");
    assert_code(pack_diff(a, b, stop, NULL, &err), ERR_IO);
    pack_set_free(a);
    pack_set_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_is_nothing_told),
        cmocka_unit_test(a_changed_row_is_told_with_both_readings),
        cmocka_unit_test(new_and_gone_rows_are_told),
        cmocka_unit_test(the_description_is_compared_too),
        cmocka_unit_test(a_role_is_told_once_though_all_packs_share_it),
        cmocka_unit_test(a_whole_pack_comes_and_goes),
        cmocka_unit_test(days_that_change_are_told),
        cmocka_unit_test(stops_when_the_visitor_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
