#include "store/subjects.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdio.h>
#include <string.h>

static void save_new(struct record *record, const struct subject *subject)
{
    assert_ok(subjects_save(record->store, subject, 0, &record->err), &record->err);
}

static struct subject_page list(struct record *record, const struct subject_filter *filter)
{
    struct subject_page page;
    assert_ok(subjects_list(record->store, filter, &record->arena, &page, &record->err), &record->err);
    return page;
}

static size_t hits(struct record *record, const char *text)
{
    struct subject_filter filter = {.text = text, .limit = 100};
    return list(record, &filter).count;
}

static void a_matter_comes_back_whole(void **state)
{
    (void)state;
    struct record record;
    struct subject got;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct subject matter = record_matter(&record, "incident", "浙江域名解析异常", "五个省");
    matter.level = LEVEL_II;
    matter.colour = COLOUR_ORANGE;
    save_new(&record, &matter);
    assert_ok(subjects_load(record.store, matter.id, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.type, "incident");
    assert_string_equal(got.root, matter.id);
    assert_string_equal(got.parent, "");
    assert_string_equal(got.state, "reported");
    assert_string_equal(got.owner, "demo-telecom-zj");
    assert_string_equal(got.region, "330000");
    assert_string_equal(got.title, "浙江域名解析异常");
    assert_int_equal(got.level, LEVEL_II);
    assert_int_equal(got.colour, COLOUR_ORANGE);
    assert_int_equal(got.rev, 1);
    assert_int_equal(got.opened_ms, matter.opened_ms);
    assert_true(json_equal(got.doc, matter.doc));
    assert_code(subjects_load(record.store, "x", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static void a_save_over_another_revision_is_a_conflict(void **state)
{
    (void)state;
    struct record record;
    struct subject got;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct subject matter = record_matter(&record, "incident", "一", "x");
    assert_code(subjects_save(record.store, &matter, 1, &record.err), ERR_CONFLICT);
    save_new(&record, &matter);
    assert_code(subjects_save(record.store, &matter, 0, &record.err), ERR_CONFLICT);
    matter.rev = 2;
    matter.state = "assessed";
    assert_code(subjects_save(record.store, &matter, 2, &record.err), ERR_CONFLICT);
    assert_ok(subjects_save(record.store, &matter, 1, &record.err), &record.err);
    assert_ok(subjects_load(record.store, matter.id, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.state, "assessed");
    assert_int_equal(got.rev, 2);
    record_commit(&record);
    record_done(&record);
}

static void search_finds_what_is_there_now_in_chinese_and_words(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct subject matter = record_matter(&record, "incident", "浙江电信域名解析异常",
                                          "DNS 查询 CVE-2021-44228 网");
    save_new(&record, &matter);
    struct subject other = record_matter(&record, "incident", "江苏联通故障", "光缆");
    save_new(&record, &other);
    assert_int_equal(hits(&record, "浙江电信"), 1);
    assert_int_equal(hits(&record, "江电"), 1);
    assert_int_equal(hits(&record, "信"), 1);
    assert_int_equal(hits(&record, "网"), 1);
    assert_int_equal(hits(&record, "江"), 2);
    assert_int_equal(hits(&record, "电信浙江"), 0);
    assert_int_equal(hits(&record, "dns 浙江"), 1);
    assert_int_equal(hits(&record, "dns 江苏"), 0);
    assert_int_equal(hits(&record, "cve-2021-44228"), 1);
    assert_int_equal(hits(&record, "44228-2021"), 0);
    assert_int_equal(hits(&record, "***"), 0);
    json_t *doc = json_pack("{s:s}", "text", "已恢复");
    matter.doc = doc;
    matter.rev = 2;
    assert_ok(subjects_save(record.store, &matter, 1, &record.err), &record.err);
    assert_int_equal(hits(&record, "dns"), 0);
    assert_int_equal(hits(&record, "已恢复"), 1);
    assert_int_equal(hits(&record, "浙江电信"), 1);
    json_decref(doc);
    matter.doc = NULL;
    record_commit(&record);
    record_done(&record);
}

/* Thirty incidents: state, level, colour, region and owner go round with different periods. */
static void save_thirty(struct record *record)
{
    static const char *const REGIONS[] = {"330000", "330100", "320000", ""};
    for (int i = 0; i < 30; i++) {
        struct subject matter = record_matter(record, i % 10 == 9 ? "warning" : "incident", "事件", "同文");
        matter.state = i % 2 ? "reported" : "closed";
        matter.level = (enum level)(i % 5);
        matter.colour = (enum colour)(i % 3);
        matter.region = REGIONS[i % 4];
        matter.owner = i % 7 ? "demo-telecom-zj" : "miit";
        matter.opened_ms = 1000 + i;
        matter.updated_ms = 5000 - i % 6; /* many at the same instant */
        save_new(record, &matter);
    }
}

static void filters_narrow_the_list(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    save_thirty(&record);
    const struct {
        struct subject_filter filter;
        size_t want;
    } CASES[] = {
        {{.limit = 100}, 30},
        {{.type = "incident", .limit = 100}, 27},
        {{.type = "warning", .limit = 100}, 3},
        {{.states = {"reported"}, .state_count = 1, .limit = 100}, 15},
        {{.states = {"reported", "closed"}, .state_count = 2, .limit = 100}, 30},
        {{.level = LEVEL_II, .limit = 100}, 6},
        {{.colour = COLOUR_RED, .limit = 100}, 10},
        {{.region = "330000", .limit = 100}, 16},
        {{.region = "330100", .limit = 100}, 8},
        {{.region = "000000", .limit = 100}, 30},
        {{.region = "310000", .limit = 100}, 0},
        {{.owner = "miit", .limit = 100}, 5},
        {{.opened_from_ms = 1010, .opened_until_ms = 1020, .limit = 100}, 10},
        {{.updated_from_ms = 5000, .limit = 100}, 5},
        {{.text = "同文 事件", .limit = 100}, 30},
        {{.text = "事件", .type = "warning", .limit = 100}, 3},
        {{.root = "none", .limit = 100}, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(list(&record, &CASES[i].filter).count, CASES[i].want);
    store_rollback(record.store);
    record_done(&record);
}

static void pages_follow_each_other_without_gap_or_repeat(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    save_thirty(&record);
    for (int way = 0; way < 4; way++) {
        struct subject_filter all = {.sort = way % 2 ? SUBJECTS_BY_OPENED : SUBJECTS_BY_UPDATED,
                                     .oldest_first = way / 2,
                                     .limit = 100};
        struct subject_page want = list(&record, &all);
        assert_int_equal(want.count, 30);
        assert_null(want.next);
        for (size_t i = 1; i < want.count; i++) {
            int64_t a = way % 2 ? want.items[i - 1].opened_ms : want.items[i - 1].updated_ms;
            int64_t b = way % 2 ? want.items[i].opened_ms : want.items[i].updated_ms;
            assert_true(way / 2 ? a <= b : a >= b);
        }
        struct subject_filter part = all;
        size_t seen = 0;
        part.limit = 7;
        do {
            struct subject_page page = list(&record, &part);
            for (size_t i = 0; i < page.count; i++)
                assert_string_equal(page.items[i].id, want.items[seen++].id);
            part.cursor = page.next;
        } while (part.cursor);
        assert_int_equal(seen, 30);
    }
    store_rollback(record.store);
    record_done(&record);
}

static void a_bad_filter_names_its_field(void **state)
{
    (void)state;
    struct record record;
    struct subject_page page;
    record_open(&record, SUITE_P256_SHA256);
    const struct {
        struct subject_filter filter;
        const char *field;
    } CASES[] = {
        {{.limit = 0}, "limit"},
        {{.limit = SUBJECTS_LIMIT_MAX + 1}, "limit"},
        {{.cursor = "", .limit = 1}, "cursor"},
        {{.cursor = "12", .limit = 1}, "cursor"},
        {{.cursor = "12.x", .limit = 1}, "cursor"},
        {{.cursor = "12.3 OR 1=1", .limit = 1}, "cursor"},
        {{.cursor = "-1.3", .limit = 1}, "cursor"},
        {{.region = "33", .limit = 1}, "region"},
        {{.region = "33%000", .limit = 1}, "region"},
        {{.state_count = SUBJECT_STATES_MAX + 1, .limit = 1}, "state"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_code(subjects_list(record.store, &CASES[i].filter, &record.arena, &page, &record.err),
                    ERR_INVALID);
        assert_string_equal(record.err.field, CASES[i].field);
    }
    record_done(&record);
}

static void documents_come_only_when_asked_for(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct subject matter = record_matter(&record, "incident", "一", "文");
    save_new(&record, &matter);
    struct subject_filter filter = {.limit = 1};
    assert_null(list(&record, &filter).items[0].doc);
    filter.with_doc = true;
    assert_string_equal(json_string_value(json_object_get(list(&record, &filter).items[0].doc, "text")),
                        "文");
    record_commit(&record);
    record_done(&record);
}

static void tallies_count_by_one_column(void **state)
{
    (void)state;
    struct record record;
    struct subject_count *counts = NULL;
    size_t count = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    save_thirty(&record);
    struct subject_filter filter = {.type = "incident"};
    assert_ok(
        subjects_tally(record.store, &filter, SUBJECTS_BY_STATE, &record.arena, &counts, &count, &record.err),
        &record.err);
    assert_int_equal(count, 2);
    assert_string_equal(counts[0].key, "closed");
    assert_int_equal(counts[0].count, 15);
    assert_int_equal(counts[1].count, 12);
    filter = (struct subject_filter){.text = "事件"};
    assert_ok(
        subjects_tally(record.store, &filter, SUBJECTS_BY_LEVEL, &record.arena, &counts, &count, &record.err),
        &record.err);
    assert_int_equal(count, 5);
    assert_string_equal(counts[0].key, "");
    assert_string_equal(counts[1].key, "I");
    assert_int_equal(counts[1].count, 6);
    filter.text = "。";
    assert_ok(
        subjects_tally(record.store, &filter, SUBJECTS_BY_LEVEL, &record.arena, &counts, &count, &record.err),
        &record.err);
    assert_int_equal(count, 0);
    store_rollback(record.store);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_matter_comes_back_whole),
        cmocka_unit_test(a_save_over_another_revision_is_a_conflict),
        cmocka_unit_test(search_finds_what_is_there_now_in_chinese_and_words),
        cmocka_unit_test(filters_narrow_the_list),
        cmocka_unit_test(pages_follow_each_other_without_gap_or_repeat),
        cmocka_unit_test(a_bad_filter_names_its_field),
        cmocka_unit_test(documents_come_only_when_asked_for),
        cmocka_unit_test(tallies_count_by_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
