#include "lib/check.h"
#include "lib/shared.h"
#include "seal/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[SHARED_PATH_SIZE];

static int set_up(void **state)
{
    (void)state;
    return shared_folder(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

static void keys_come_back_and_are_never_replaced(void **state)
{
    (void)state;
    struct err err;
    struct sign_key *key = NULL;
    struct sign_key *read = NULL;
    char path[FILES_PATH_SIZE];
    struct stat info;
    assert_ok(sign_key_generate(SUITE_SM2_SM3, &key, &err), &err);
    assert_ok(files_write_key(folder, "a.pem", "secret", key, &err), &err);
    assert_code(files_write_key(folder, "a.pem", NULL, key, &err), ERR_CONFLICT);
    assert_code(files_read_key(folder, "a.pem", NULL, &read, &err), ERR_SYNTAX);
    assert_ok(files_read_key(folder, "a.pem", "secret", &read, &err), &err);
    assert_ok(files_path(folder, "a.pem", path, &err), &err);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_ok(files_path(folder, "a.pem.new", path, &err), &err);
    assert_int_not_equal(access(path, F_OK), 0);
    sign_key_free(key);
    sign_key_free(read);
}

static void what_others_could_use_is_refused(void **state)
{
    (void)state;
    struct err err;
    char path[FILES_PATH_SIZE];
    char text[100];
    assert_ok(files_write(folder, "a", "text", &err), &err);
    assert_ok(files_read(folder, "a", text, sizeof text, &err), &err);
    assert_string_equal(text, "text");
    assert_ok(files_path(folder, "a", path, &err), &err);
    assert_int_equal(chmod(path, 0640), 0);
    assert_code(files_read(folder, "a", text, sizeof text, &err), ERR_PERMISSION);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_code(files_make_folder(folder, &err), ERR_PERMISSION);
    assert_int_equal(chmod(folder, 0700), 0);
    assert_ok(files_make_folder(folder, &err), &err);
}

static void bounds_and_absence_are_told_apart(void **state)
{
    (void)state;
    struct err err;
    char text[5];
    char longer[FILES_PATH_SIZE + 1];
    assert_code(files_read(folder, "none", text, sizeof text, &err), ERR_NOT_FOUND);
    assert_ok(files_write(folder, "four", "1234", &err), &err);
    assert_ok(files_read(folder, "four", text, sizeof text, &err), &err);
    assert_ok(files_write(folder, "five", "12345", &err), &err);
    assert_code(files_read(folder, "five", text, sizeof text, &err), ERR_LIMIT);
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_code(files_read(longer, "a", text, sizeof text, &err), ERR_LIMIT);
    assert_code(files_write(longer, "a", "b", &err), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_come_back_and_are_never_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_others_could_use_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds_and_absence_are_told_apart, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
