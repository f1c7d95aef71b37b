#include "main/verify.h"

#include "lib/check.h"
#include "main/file.h"
#include "unit/main/node_fixture.h"

#include <stdlib.h>
#include <string.h>

static bool is_ok(const char *path, struct arena *arena)
{
    json_t *report = NULL;
    struct err err;
    assert_ok(verify_path(path, arena, &report, &err), &err);
    bool ok = json_is_true(json_object_get(report, "ok"));
    assert_int_equal(ok, json_array_size(json_object_get(report, "problems")) == 0);
    assert_true(json_is_integer(json_object_get(report, "acts")));
    assert_true(json_is_integer(json_object_get(report, "tree_size")));
    assert_true(json_is_array(json_object_get(report, "witnesses")));
    json_decref(report);
    return ok;
}

static void a_data_directory_and_its_record_are_sound(void **state)
{
    struct node_fixture f;
    struct node node;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_true(is_ok(f.config.node_data, &f.arena));
    assert_true(is_ok(node_fixture_path(&f, "data/real"), &f.arena));
    assert_ok(node_open(&f.config, &ENV_REAL, &f.arena, &node, &err), &err);
    assert_true(is_ok(f.config.node_data, &f.arena)); /* beside the program that has it open */
    node_close(&node);
    node_fixture_end(&f);
}

/* A byte of the first act, wherever SQLite keeps it. */
static void flip(struct node_fixture *f, const char *text)
{
    size_t size = 0;
    const char *path = node_fixture_path(f, "data/real/store.db");
    char *bytes = shared_read(path, &size);
    assert_non_null(bytes);
    char *at = memmem(bytes, size, text, strlen(text));
    assert_non_null(at);
    FILE *file = fopen(path, "r+e");
    assert_non_null(file);
    assert_int_equal(fseek(file, at - bytes, SEEK_SET), 0);
    assert_int_equal(fputc(*at ^ 1, file), *at ^ 1);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

static void a_flipped_byte_is_found(void **state)
{
    struct node_fixture f;
    (void)state;
    node_fixture_begin(&f, true);
    flip(&f, "node.enrolled\",\"subject");
    assert_false(is_ok(f.config.node_data, &f.arena));
    node_fixture_end(&f);
}

static void a_broken_drill_spoils_the_whole(void **state)
{
    struct node_fixture f;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    assert_ok(file_make_folder(node_fixture_path(&f, "data/drills/d1"), &err), &err);
    assert_ok(file_write(node_fixture_path(&f, "data/drills/d1/store.db"), "nonsense", FILE_NEW, 0600, &err),
              &err);
    json_t *report = NULL;
    assert_ok(verify_path(f.config.node_data, &f.arena, &report, &err), &err);
    assert_false(json_is_true(json_object_get(report, "ok")));
    assert_int_equal(json_array_size(json_object_get(report, "drills")), 1);
    json_decref(report);
    node_fixture_end(&f);
}

static void what_cannot_be_verified_is_an_error(void **state)
{
    struct node_fixture f;
    json_t *report = NULL;
    struct err err;
    (void)state;
    node_fixture_begin(&f, false);
    assert_code(verify_path("/nowhere", &f.arena, &report, &err), ERR_NOT_FOUND);
    assert_code(verify_path(f.folder, &f.arena, &report, &err), ERR_NOT_FOUND);
    assert_ok(file_write(node_fixture_path(&f, "x"), "hello\n", FILE_NEW, 0600, &err), &err);
    assert_code(verify_path(node_fixture_path(&f, "x"), &f.arena, &report, &err), ERR_SYNTAX);
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_data_directory_and_its_record_are_sound),
        cmocka_unit_test(a_flipped_byte_is_found),
        cmocka_unit_test(a_broken_drill_spoils_the_whole),
        cmocka_unit_test(what_cannot_be_verified_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
