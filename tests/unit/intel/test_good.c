#include "intel/good.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>
#include <string.h>

static void count_bad(void *context, const char *list, uint64_t number, struct str text)
{
    (void)list;
    (void)number;
    (void)text;
    ++*(unsigned *)context;
}

static void no_progress(void *context, const char *list, uint64_t indicators, uint64_t done, uint64_t total)
{
    (void)context;
    (void)list;
    (void)indicators;
    (void)done;
    (void)total;
}

static void lists_become_one_and_an_index_is_taken_as_it_is(void **state)
{
    (void)state;
    struct index_fixture f;
    static struct good good;
    struct err err;
    struct find_hits hits;
    char first[128];
    char second[128];
    unsigned bad = 0;
    struct collect_report report = {&bad, count_bad, no_progress};
    fixture_begin(&f);
    fixture_add(&f, "good.example", "l", "");
    fixture_open(&f);
    (void)snprintf(first, sizeof first, "%s/a.txt", f.folder);
    (void)snprintf(second, sizeof second, "%s/b.json", f.folder);
    FILE *file = fopen(first, "w");
    assert_non_null(file);
    (void)fputs("fine.example\n???\n", file);
    assert_int_equal(fclose(file), 0);
    file = fopen(second, "w");
    assert_non_null(file);
    (void)fputs("{\"name\":\"n\",\"type\":\"hostname\",\"list\":[\"known.example\"]}", file);
    assert_int_equal(fclose(file), 0);
    const char *paths[] = {first, f.path, second};
    good.count = 0;
    assert_ok(good_load(&good, paths, 3, GOOD_KNOWN, &report, &FIXTURE_ENV, &err), &err);
    assert_int_equal(good.count, 2);
    assert_int_equal(bad, 1);
    assert_int_equal(good.lists[0].weight, GOOD_KNOWN);
    assert_ok(find_name(good.lists[0].index, (struct str){"good.example", 12}, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    assert_ok(find_name(good.lists[1].index, (struct str){"known.example", 13}, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    assert_ok(find_name(good.lists[1].index, (struct str){"fine.example", 12}, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    good_done(&good);
    const char *none[] = {"/nonexistent"};
    assert_code(good_load(&good, none, 1, GOOD_ALLOW, &report, &FIXTURE_ENV, &err), ERR_NOT_FOUND);
    good_done(&good);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_become_one_and_an_index_is_taken_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
