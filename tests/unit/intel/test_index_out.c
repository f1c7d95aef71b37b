#include "intel/hash64.h"
#include "intel/index_out.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void sections_lie_where_the_header_says(void **state)
{
    (void)state;
    char folder[] = "/tmp/fengsui-test-XXXXXX";
    char path[64];
    struct index_out out;
    struct err err;
    static uint8_t big[200000];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x", folder);
    memset(big, 7, sizeof big);
    assert_ok(index_out_open(&out, path, &err), &err);
    assert_ok(index_out_section(&out, SECTION_STRINGS, &err), &err);
    assert_ok(index_out_put(&out, "abc", 3, &err), &err);
    assert_ok(index_out_section(&out, SECTION_LABELS, &err), &err);
    assert_ok(index_out_put(&out, big, sizeof big, &err), &err);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_ok(index_out_commit(&out, &err), &err);
    index_out_done(&out);

    size_t size = 0;
    char *bytes = shared_read(path, &size);
    assert_non_null(bytes);
    const struct index_header *header = (const void *)bytes;
    assert_int_equal(header->file_bytes, size);
    assert_int_equal(header->sections[SECTION_STRINGS].at, INDEX_HEADER_BYTES);
    assert_int_equal(header->sections[SECTION_STRINGS].size_bytes, 3);
    assert_int_equal(header->sections[SECTION_LABELS].at, INDEX_HEADER_BYTES + 64);
    assert_int_equal(header->sections[SECTION_LABELS].size_bytes, sizeof big);
    assert_memory_equal(bytes + header->sections[SECTION_LABELS].at, big, sizeof big);
    assert_int_equal(header->sections[SECTION_NOTES].size_bytes, 0);
    uint64_t first;
    memcpy(&first, bytes + header->blocks_at, sizeof first);
    assert_true(first == hash64_block(bytes + INDEX_HEADER_BYTES, INDEX_BLOCK_BYTES));
    free(bytes);
    shared_remove(folder);
}

static void what_is_not_committed_is_gone(void **state)
{
    (void)state;
    char folder[] = "/tmp/fengsui-test-XXXXXX";
    char path[64];
    struct index_out out;
    struct err err;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/x", folder);
    assert_ok(index_out_open(&out, path, &err), &err);
    assert_ok(index_out_put(&out, "abc", 3, &err), &err);
    index_out_done(&out);
    assert_int_equal(rmdir(folder), 0); /* nothing is left in it */
}

static void a_full_disk_is_said(void **state)
{
    (void)state;
    struct index_out out;
    struct err err;
    static uint8_t block[INDEX_BLOCK_BYTES];
    char path[] = "/tmp/fengsui-test-out";
    assert_ok(index_out_open(&out, path, &err), &err);
    /* /dev/full answers every write as a full disk does. */
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_true(dup2(fileno(full), out.fd) >= 0);
    assert_code(index_out_put(&out, block, sizeof block, &err), ERR_FULL);
    (void)fclose(full);
    index_out_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_lie_where_the_header_says),
        cmocka_unit_test(what_is_not_committed_is_gone),
        cmocka_unit_test(a_full_disk_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
