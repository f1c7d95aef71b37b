#include "store/files.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void fresh_dir(char dir[RECORD_PATH_SIZE])
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(dir, RECORD_PATH_SIZE, "%s/fengsui-files-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
}

static void write_file(const char *path, size_t size_bytes)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < size_bytes; i++)
        (void)fputc((int)(i % 251), file);
    assert_int_equal(fclose(file), 0);
}

static void a_copy_is_whole_and_overwrites_nothing(void **state)
{
    (void)state;
    struct err err;
    char dir[RECORD_PATH_SIZE], a[FILES_PATH_SIZE], b[FILES_PATH_SIZE];
    fresh_dir(dir);
    assert_ok(files_join(a, dir, "a", &err), &err);
    assert_ok(files_join(b, dir, "b", &err), &err);
    write_file(a, 1000003);
    assert_ok(files_copy(a, b, &err), &err);
    FILE *file = fopen(b, "r");
    size_t n = 0;
    for (int c = fgetc(file); c != EOF; c = fgetc(file), n++)
        assert_int_equal(c, n % 251);
    (void)fclose(file);
    assert_int_equal(n, 1000003);
    assert_code(files_copy(a, b, &err), ERR_IO);
    assert_code(files_copy("/nonexistent", b, &err), ERR_IO);
    assert_non_null(strstr(err.message, "/nonexistent"));
    record_remove(dir);
}

static void folders_are_made_synced_and_removed_with_their_content(void **state)
{
    (void)state;
    struct err err;
    char dir[RECORD_PATH_SIZE], sub[FILES_PATH_SIZE], file[FILES_PATH_SIZE], link[FILES_PATH_SIZE];
    fresh_dir(dir);
    assert_ok(files_join(sub, dir, "sub", &err), &err);
    assert_ok(files_make_dir(sub, &err), &err);
    assert_ok(files_make_dir(sub, &err), &err);
    assert_ok(files_join(file, sub, "f", &err), &err);
    write_file(file, 10);
    assert_ok(files_join(link, sub, "l", &err), &err);
    assert_int_equal(symlink(dir, link), 0);
    assert_ok(files_sync(file, &err), &err);
    assert_ok(files_sync(sub, &err), &err);
    assert_ok(files_remove_tree(sub, &err), &err);
    assert_false(files_exists(sub));
    assert_true(files_exists(dir)); /* the link was not followed */
    assert_ok(files_remove_tree(sub, &err), &err);
    assert_code(files_sync(sub, &err), ERR_IO);
    assert_code(files_make_dir("/nonexistent/a", &err), ERR_IO);
    record_remove(dir);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct err err;
    char out[FILES_PATH_SIZE], name[FILES_PATH_SIZE];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    assert_code(files_join(out, "/tmp", name, &err), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_whole_and_overwrites_nothing),
        cmocka_unit_test(folders_are_made_synced_and_removed_with_their_content),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
