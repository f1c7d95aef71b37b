#include "intel/find.h"
#include "lib/shared.h"
#include "unit/intel/index_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void small(struct index_fixture *f)
{
    fixture_begin(f);
    fixture_add(f, "evil.example", "list.txt", "bad");
    fixture_add(f, "evil.example", "other.txt", "");
    fixture_add(f, "10.0.0.0/8", "list.txt", "");
    fixture_add(f, "192.0.2.1", "list.txt", "");
    fixture_add(f, "2001:db8::/32", "list.txt", "");
    fixture_add(f, "files.example/a", "list.txt", "");
    fixture_add(f, "+8613800130000-+8613800139999", "list.txt", "");
    fixture_add(f, "d41d8cd98f00b204e9800998ecf8427e", "list.txt", "");
    fixture_open(f);
}

/* The file as memory at a multiple of 64, exactly as long as it is. */
static uint8_t *load(const struct index_fixture *f, size_t *size)
{
    char *file = shared_read(f->path, size);
    assert_non_null(file);
    uint8_t *bytes = aligned_alloc(64, (*size + 63) / 64 * 64);
    assert_non_null(bytes);
    memcpy(bytes, file, *size);
    free(file);
    return bytes;
}

static void a_hit_has_what_every_source_said(void **state)
{
    (void)state;
    struct index_fixture f;
    struct find_hits hits;
    struct label labels[4];
    struct err err;
    small(&f);
    assert_ok(find_name(f.index, (struct str){"a.evil.example", 14}, &hits, &err), &err);
    assert_int_equal(hits.count, 1);
    assert_int_equal(index_labels(f.index, hits.at[0].note, labels, 4), 2);
    assert_string_equal(labels[0].source, "list.txt");
    assert_string_equal(labels[0].family, "bad");
    assert_string_equal(labels[1].source, "other.txt");
    assert_int_equal(index_labels(f.index, 0, labels, 4), 0);
    assert_int_equal(index_labels(f.index, 1000, labels, 4), 0);
    fixture_end(&f);
}

static void another_version_says_what_to_do(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index *index;
    struct err err;
    size_t size;
    small(&f);
    uint8_t *bytes = load(&f, &size);
    bytes[8]++;
    assert_code(index_open_memory(bytes, size, INDEX_CHECK_ALL, &index, &err), ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "build it again"));
    free(bytes);
    fixture_end(&f);
}

static void any_shorter_file_is_refused(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index *index;
    struct err err;
    size_t size;
    small(&f);
    uint8_t *bytes = load(&f, &size);
    for (size_t n = 0; n < size; n += n < 5000 ? 1 : 4093)
        assert_code(index_open_memory(bytes, n, INDEX_CHECK_TABLES, &index, &err), ERR_DAMAGED);
    free(bytes);
    fixture_end(&f);
}

/* Every byte counts: header and tables at once, the rest when all is checked. */
static void any_changed_byte_is_refused(void **state)
{
    (void)state;
    struct index_fixture f;
    struct index *index;
    struct err err;
    size_t size;
    small(&f);
    uint8_t *bytes = load(&f, &size);
    for (size_t i = 0; i < size; i += i < 1024 ? 1 : 499) {
        bytes[i] ^= (uint8_t)(1u << i % 8);
        assert_true(index_open_memory(bytes, size, INDEX_CHECK_ALL, &index, &err) < 0);
        if (i < 4096)
            assert_true(index_open_memory(bytes, size, INDEX_CHECK_TABLES, &index, &err) < 0);
        bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    assert_ok(index_open_memory(bytes, size, INDEX_CHECK_ALL, &index, &err), &err);
    index_close(index);
    free(bytes);
    fixture_end(&f);
}

static void ask(const struct index *index, const char *name, const char *address)
{
    struct find_hits hits;
    struct ip ip;
    struct err err;
    enum errc rc = find_name(index, (struct str){name, strlen(name)}, &hits, &err);
    assert_true(rc == ERR_OK || rc == ERR_DAMAGED);
    for (size_t i = 0; rc == ERR_OK && i < hits.count; i++) {
        char text[INDICATOR_TEXT_SIZE];
        struct label label;
        (void)find_format(&hits.at[i], text);
        assert_string_equal(text, "evil.example");
        assert_int_equal(index_labels(index, hits.at[i].note, &label, 1), 2);
        assert_string_equal(label.source, "list.txt");
    }
    assert_true(ip_parse((struct str){address, strlen(address)}, &ip));
    rc = find_ip(index, &ip, &hits, &err);
    assert_true(rc == ERR_OK || rc == ERR_DAMAGED);
}

/* Opened without reading everything, a damaged file hides indicators or says that it is damaged: what it
 * does tell is true. */
static void a_damaged_file_never_invents_a_hit(void **state)
{
    (void)state;
    struct index_fixture f;
    struct err err;
    size_t size;
    small(&f);
    uint8_t *bytes = load(&f, &size);
    for (size_t i = 4096; i < size; i += i < 8192 ? 1 : 101) {
        struct index *index = NULL;
        bytes[i] ^= (uint8_t)(1u << i % 8);
        if (index_open_memory(bytes, size, INDEX_CHECK_TABLES, &index, &err) == ERR_OK) {
            ask(index, "a.evil.example", "10.1.2.3");
            ask(index, "good.example", "192.0.2.1");
            ask(index, "evil.example", "2001:db8::1");
            assert_code(index_verify(index, &err), ERR_DAMAGED);
            index_close(index);
        }
        bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    free(bytes);
    fixture_end(&f);
}

static void what_is_no_index_is_refused_by_name(void **state)
{
    (void)state;
    struct index *index;
    struct err err;
    assert_code(index_open("/nonexistent.idx", INDEX_CHECK_ALL, &index, &err), ERR_NOT_FOUND);
    assert_non_null(strstr(err.message, "/nonexistent.idx"));
    assert_code(index_open("/dev/null", INDEX_CHECK_ALL, &index, &err), ERR_DAMAGED);
    assert_code(index_open("/bin/sh", INDEX_CHECK_ALL, &index, &err), ERR_DAMAGED);
    assert_code(index_open("/tmp", INDEX_CHECK_ALL, &index, &err), ERR_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_has_what_every_source_said),
        cmocka_unit_test(another_version_says_what_to_do),
        cmocka_unit_test(any_shorter_file_is_refused),
        cmocka_unit_test(any_changed_byte_is_refused),
        cmocka_unit_test(a_damaged_file_never_invents_a_hit),
        cmocka_unit_test(what_is_no_index_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
