#include "intel/find.h"
#include "unit/intel/index_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void counts_each_indicator_once(void **state)
{
    (void)state;
    struct index_fixture f;
    fixture_begin(&f);
    fixture_add(&f, "evil.example", "a", "");
    fixture_add(&f, "EVIL.example.", "b", "");
    fixture_add(&f, "evil.example", "a", "");
    fixture_add(&f, "192.0.2.1", "a", "");
    fixture_add(&f, "192.0.2.1", "b", "");
    fixture_add(&f, "192.0.2.1:80", "b", "");
    fixture_add(&f, "192.0.2.7:80", "b", "");
    fixture_add(&f, "[2001:db8::1]:80", "b", "");
    fixture_add(&f, "http://evil.example/x", "b", "");
    fixture_add(&f, "https://evil.example/x", "b", "");
    fixture_add(&f, "+86138*", "b", "");
    fixture_add(&f, "+86138*", "c", "");
    fixture_open(&f);
    struct index_summary summary = index_summary(f.index);
    assert_int_equal(summary.counts[KIND_DOMAIN], 1);
    assert_int_equal(summary.counts[KIND_IPV4], 1);
    assert_int_equal(summary.counts[KIND_IPV6], 0);
    assert_int_equal(summary.counts[KIND_ENDPOINT], 3);
    assert_int_equal(summary.counts[KIND_URL], 1);
    assert_int_equal(summary.counts[KIND_NUMBER], 1);
    assert_int_equal(summary.total, 7);
    assert_int_equal(summary.built_ms, 1700000000000);
    fixture_end(&f);
}

static void keeps_sources_and_all_of_a_label(void **state)
{
    (void)state;
    struct index_fixture f;
    struct err err;
    uint32_t number;
    struct indicator indicator;
    struct find_hits hits;
    struct label got;
    struct label label = {"feed", "Botnet", 80, TLP_AMBER, MATCH_EXACT, 1000, 2000};
    struct index_source_info source = {"feed", 10, 7, 3};
    fixture_begin(&f);
    assert_ok(index_build_label(f.build, &label, &number, &err), &err);
    assert_true(indicator_parse((struct str){"evil.example", 12}, KIND_SHA256, &indicator));
    assert_ok(index_build_add(f.build, &indicator, number, &err), &err);
    assert_ok(index_build_source(f.build, &source, &err), &err);
    fixture_open(&f);
    assert_int_equal(index_summary(f.index).source_count, 1);
    source = index_source(f.index, 0);
    assert_string_equal(source.name, "feed");
    assert_int_equal(source.lines, 10);
    assert_int_equal(source.bad_lines, 3);
    assert_ok(find_name(f.index, (struct str){"evil.example", 12}, &hits, &err), &err);
    assert_int_equal(index_labels(f.index, hits.at[0].note, &got, 1), 1);
    assert_string_equal(got.family, "Botnet");
    assert_int_equal(got.confidence, 80);
    assert_int_equal(got.tlp, TLP_AMBER);
    assert_int_equal(got.match, MATCH_EXACT);
    assert_int_equal(got.valid_from_ms, 1000);
    assert_int_equal(got.valid_until_ms, 2000);
    fixture_end(&f);
}

static void an_empty_index_is_an_index(void **state)
{
    (void)state;
    struct index_fixture f;
    struct find_hits hits;
    struct err err;
    struct ip ip = ip_from_ip4(0x0A000001);
    fixture_begin(&f);
    fixture_open(&f);
    assert_int_equal(index_summary(f.index).total, 0);
    assert_ok(find_name(f.index, (struct str){"evil.example", 12}, &hits, &err), &err);
    assert_ok(find_ip(f.index, &ip, &hits, &err), &err);
    assert_int_equal(hits.count, 0);
    fixture_end(&f);
}

static unsigned files_in(const char *folder)
{
    unsigned count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
        count += entry->d_name[0] != '.';
    (void)closedir(dir);
    return count;
}

static void a_failed_build_leaves_the_old_file_alone(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index_build *second;
    struct err err;
    char path[128];
    struct stat st;
    fixture_begin(&f);
    fixture_add(&f, "evil.example", "a", "");
    fixture_open(&f);
    assert_int_equal(files_in(f.folder), 1);
    assert_int_equal(stat(f.path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_ok(index_build_new(&FIXTURE_ENV, &second, &err), &err);
    (void)snprintf(path, sizeof path, "%s/no/such/folder", f.folder);
    assert_code(index_build_write(second, path, &err), ERR_IO);
    assert_int_equal(files_in(f.folder), 1);
    index_build_free(second);
    fixture_end(&f);
}

static void the_same_lists_give_the_same_bytes(void **state)
{
    (void)state;
    struct index_fixture f[2];
    uint64_t checksum[2];
    for (int i = 0; i < 2; i++) {
        fixture_begin(&f[i]);
        for (unsigned n = 0; n < 3000; n++) {
            char text[32];
            (void)snprintf(text, sizeof text, "n%u.evil.example", n % 2000);
            fixture_add(&f[i], text, n % 3 ? "a" : "b", "");
        }
        fixture_open(&f[i]);
        checksum[i] = index_summary(f[i].index).checksum;
    }
    assert_true(checksum[0] == checksum[1]);
    fixture_end(&f[0]);
    fixture_end(&f[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_indicator_once),
        cmocka_unit_test(keeps_sources_and_all_of_a_label),
        cmocka_unit_test(an_empty_index_is_an_index),
        cmocka_unit_test(a_failed_build_leaves_the_old_file_alone),
        cmocka_unit_test(the_same_lists_give_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
