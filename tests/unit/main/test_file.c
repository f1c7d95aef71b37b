#include "main/file.h"

#include "lib/check.h"
#include "lib/shared.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct fixture {
    char folder[SHARED_PATH_SIZE];
    struct arena arena;
    struct err err;
};

static void begin(struct fixture *f)
{
    assert_true(shared_folder(f->folder));
    arena_init(&f->arena, 1 << 20);
}

static void end(struct fixture *f)
{
    arena_done(&f->arena);
    shared_remove(f->folder);
}

static const char *path(struct fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->folder, name);
}

static void what_is_written_is_read(void **state)
{
    struct fixture f;
    struct str text;
    struct stat about;
    (void)state;
    begin(&f);
    assert_ok(file_write(path(&f, "a"), "烽燧\n", FILE_NEW, 0600, &f.err), &f.err);
    assert_ok(file_read(path(&f, "a"), 100, &f.arena, &text, &f.err), &f.err);
    assert_string_equal(text.p, "烽燧\n");
    assert_int_equal(stat(path(&f, "a"), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_false(file_exists(path(&f, "a.new")));
    end(&f);
}

static void a_new_file_replaces_nothing(void **state)
{
    struct fixture f;
    struct str text;
    (void)state;
    begin(&f);
    assert_ok(file_write(path(&f, "a"), "one", FILE_NEW, 0600, &f.err), &f.err);
    assert_code(file_write(path(&f, "a"), "two", FILE_NEW, 0600, &f.err), ERR_CONFLICT);
    assert_ok(file_read(path(&f, "a"), 100, &f.arena, &text, &f.err), &f.err);
    assert_string_equal(text.p, "one");
    assert_ok(file_write(path(&f, "a"), "two", FILE_REPLACE, 0600, &f.err), &f.err);
    assert_ok(file_read(path(&f, "a"), 100, &f.arena, &text, &f.err), &f.err);
    assert_string_equal(text.p, "two");
    end(&f);
}

static void folders_are_made_with_those_above(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    assert_ok(file_make_folder(path(&f, "x/y/z"), &f.err), &f.err);
    assert_ok(file_make_folder(path(&f, "x/y/z"), &f.err), &f.err);
    assert_true(file_exists(path(&f, "x/y/z")));
    assert_ok(file_write(path(&f, "plain"), "", FILE_NEW, 0600, &f.err), &f.err);
    assert_true(file_make_folder(path(&f, "plain/below"), &f.err) < 0);
    end(&f);
}

static void errors_name_the_path(void **state)
{
    struct fixture f;
    struct str text;
    (void)state;
    begin(&f);
    assert_code(file_read(path(&f, "nowhere"), 100, &f.arena, &text, &f.err), ERR_NOT_FOUND);
    assert_non_null(strstr(f.err.message, "nowhere"));
    assert_code(file_read(f.folder, 100, &f.arena, &text, &f.err), ERR_IO);
    assert_ok(file_write(path(&f, "long"), "0123456789", FILE_NEW, 0600, &f.err), &f.err);
    assert_code(file_read(path(&f, "long"), 9, &f.arena, &text, &f.err), ERR_LIMIT);
    assert_code(file_write(path(&f, "no/folder"), "x", FILE_NEW, 0600, &f.err), ERR_NOT_FOUND);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_new_file_replaces_nothing),
        cmocka_unit_test(folders_are_made_with_those_above),
        cmocka_unit_test(errors_name_the_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
