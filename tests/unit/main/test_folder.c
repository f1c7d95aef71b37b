#include "main/folder.h"

#include "base/str.h"
#include "lib/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    struct arena arena;
    struct err err;
    struct embed_set set;
};

static void write_file(const struct fixture *f, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const struct fixture *f, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", f->folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/test_folder.XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    arena_init(&f->arena, 1 << 20);
}

static int take_away(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void done(struct fixture *f)
{
    assert_int_equal(nftw(f->folder, take_away, 16, FTW_DEPTH | FTW_PHYS), 0);
    arena_done(&f->arena);
}

static enum errc read_yaml(struct fixture *f, size_t size_max_bytes)
{
    return folder_read(f->folder, ".yaml", size_max_bytes, &f->arena, &f->set, &f->err);
}

static void reads_what_ends_so_sorted_and_below_folders(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    make_folder(&f, "b");
    write_file(&f, "b/z.yaml", "烽燧");
    write_file(&f, "b/a.yaml", "");
    write_file(&f, "b.yaml", "x");
    write_file(&f, "README.md", "not this");
    write_file(&f, ".hidden.yaml", "nor this");
    assert_ok(read_yaml(&f, 100), &f.err);
    assert_int_equal(f.set.count, 3);
    assert_string_equal(f.set.files[0].path, "b.yaml");
    assert_string_equal(f.set.files[1].path, "b/a.yaml");
    assert_int_equal(f.set.files[1].size_bytes, 0);
    assert_string_equal(embed_find(&f.set, "b/z.yaml")->bytes, "烽燧");
    done(&f);
}

static void bytes_depth_and_memory_are_limited(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    write_file(&f, "a.yaml", "12345");
    write_file(&f, "b.yaml", "12345");
    assert_code(read_yaml(&f, 9), ERR_LIMIT);
    assert_int_equal(f.set.count, 0);
    assert_ok(read_yaml(&f, 10), &f.err);
    char deep[64] = "d";
    for (int i = 0; i <= FOLDER_DEPTH_MAX; i++) {
        make_folder(&f, deep);
        (void)snprintf(deep + strlen(deep), sizeof deep - strlen(deep), "/d");
    }
    assert_code(read_yaml(&f, 10), ERR_LIMIT);
    f.arena.cap_bytes = f.arena.used_bytes + 100;
    assert_code(read_yaml(&f, 10), ERR_NOMEM);
    done(&f);
}

static void too_many_files_are_an_error(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i <= FOLDER_FILES_MAX; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%d.yaml", i);
        write_file(&f, name, "");
    }
    assert_code(read_yaml(&f, 10), ERR_LIMIT);
    done(&f);
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_code(folder_read("/nonexistent", "", 10, &f.arena, &f.set, &f.err), ERR_NOT_FOUND);
    assert_non_null(strstr(f.err.message, "/nonexistent"));
    char loop[128];
    (void)snprintf(loop, sizeof loop, "%s/loop.yaml", f.folder);
    assert_int_equal(symlink("loop.yaml", loop), 0);
    assert_code(read_yaml(&f, 10), ERR_IO);
    assert_non_null(strstr(f.err.message, "loop.yaml"));
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_ends_so_sorted_and_below_folders),
        cmocka_unit_test(bytes_depth_and_memory_are_limited),
        cmocka_unit_test(too_many_files_are_an_error),
        cmocka_unit_test(what_cannot_be_read_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
