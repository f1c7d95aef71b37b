#include "intel/collect.h"
#include "intel/find.h"
#include "unit/intel/index_fixture.h"
#include "unit/intel/input_fixture.h"

#include <string.h>

static void ignore_bad(void *context, const char *list, uint64_t number, struct str text)
{
    (void)list;
    (void)number;
    (void)text;
    ++*(unsigned *)context;
}

static void ignore_progress(void *context, const char *list, uint64_t indicators, uint64_t done,
                            uint64_t total)
{
    (void)context;
    (void)list;
    (void)indicators;
    (void)done;
    (void)total;
}

static void collect(struct index_fixture *f, const char *name, const char *text, unsigned *bad)
{
    struct list_options options = {
        .label = {.source = name,
                  .family = "",
                  .confidence = LABEL_UNKNOWN,
                  .valid_from_ms = LABEL_NO_TIME,
                  .valid_until_ms = LABEL_NO_TIME},
        .hash64_kind = KIND_SHA256,
    };
    struct collect_report report = {bad, ignore_bad, ignore_progress};
    struct list_counts counts;
    struct err err;
    struct input *input = input_fixture(text, strlen(text));
    assert_ok(collect_list(f->build, input, &options, &report, &counts, &err), &err);
    input_close(input);
}

static void every_source_is_kept_with_what_it_said(void **state)
{
    (void)state;
    struct index_fixture f;
    struct find_hits hits;
    struct label labels[4];
    struct err err;
    unsigned bad = 0;
    fixture_begin(&f);
    collect(&f, "a.csv", "value,family\nevil.example,One\nother.example,Two\nthird.example,One\n", &bad);
    collect(&f, "b.txt", "evil.example\n???\n", &bad);
    collect(&f, "c.json", "{\"name\":\"Known\",\"type\":\"string\",\"list\":[\"evil.example\"]}", &bad);
    fixture_open(&f);
    assert_int_equal(bad, 1);
    assert_ok(find_name(f.index, (struct str){"evil.example", 12}, &hits, &err), &err);
    assert_int_equal(index_labels(f.index, hits.at[0].note, labels, 4), 3);
    assert_string_equal(labels[0].source, "a.csv");
    assert_string_equal(labels[0].family, "One");
    assert_string_equal(labels[1].source, "b.txt");
    assert_string_equal(labels[2].source, "Known");
    assert_ok(find_name(f.index, (struct str){"other.example", 13}, &hits, &err), &err);
    assert_int_equal(index_labels(f.index, hits.at[0].note, labels, 4), 1);
    assert_string_equal(labels[0].family, "Two");
    assert_string_equal(index_source(f.index, 2).name, "Known");
    assert_int_equal(index_source(f.index, 1).bad_lines, 1);
    fixture_end(&f);
}

static void lists_of_one_name_keep_their_folders(void **state)
{
    (void)state;
    static const char *const PATHS[] = {"/a/list.txt", "/b/list.txt", "/b/other.txt", "plain"};
    assert_string_equal(collect_name(PATHS, 4, 0), "/a/list.txt");
    assert_string_equal(collect_name(PATHS, 4, 2), "other.txt");
    assert_string_equal(collect_name(PATHS, 4, 3), "plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_source_is_kept_with_what_it_said),
        cmocka_unit_test(lists_of_one_name_keep_their_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
