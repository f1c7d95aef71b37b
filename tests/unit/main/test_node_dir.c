#include "main/node_dir.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "main/file.h"

#include <string.h>
#include <sys/stat.h>

static void everything_lies_in_the_data_directory(void **state)
{
    struct arena arena;
    struct node_dir dir;
    struct err err;
    (void)state;
    arena_init(&arena, 4096);
    assert_ok(node_dir_of("/var/lib/fengsui", &arena, &dir, &err), &err);
    assert_string_equal(dir.real, "/var/lib/fengsui/real");
    assert_string_equal(dir.client, "/var/lib/fengsui/client.yaml");
    arena_done(&arena);
}

static void its_folders_are_the_owners_alone(void **state)
{
    char folder[SHARED_PATH_SIZE];
    struct arena arena;
    struct node_dir dir;
    struct stat about;
    struct err err;
    (void)state;
    assert_true(shared_folder(folder));
    arena_init(&arena, 8192);
    assert_ok(node_dir_of(arena_printf(&arena, "%s/deep/data", folder), &arena, &dir, &err), &err);
    assert_ok(node_dir_make(&dir, &err), &err);
    assert_int_equal(stat(dir.link, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_false(file_exists(dir.seal));
    arena_done(&arena);
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_lies_in_the_data_directory),
        cmocka_unit_test(its_folders_are_the_owners_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
