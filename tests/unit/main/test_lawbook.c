#include "main/lawbook.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "main/file.h"

#include <string.h>

static void the_binary_holds_the_whole_law(void **state)
{
    struct lawbook law;
    struct err err;
    (void)state;
    assert_ok(lawbook_open(NULL, &law, &err), &err);
    assert_non_null(catalogue_act(law.catalogue, "incident.reported", NULL));
    assert_non_null(pack_set_main(law.packs));
    lawbook_close(&law);
    lawbook_close(&law);
}

static void a_folder_takes_the_place_of_the_packs(void **state)
{
    struct lawbook law;
    struct err err;
    char folder[SHARED_PATH_SIZE];
    (void)state;
    assert_ok(lawbook_open("rules", &law, &err), &err);
    lawbook_close(&law);
    assert_code(lawbook_open("/nowhere", &law, &err), ERR_NOT_FOUND);
    assert_true(shared_folder(folder));
    struct arena arena;
    arena_init(&arena, 4096);
    assert_ok(file_make_folder(arena_printf(&arena, "%s/x", folder), &err), &err);
    assert_ok(
        file_write(arena_printf(&arena, "%s/x/pack.yaml", folder), "nonsense: [\n", FILE_NEW, 0600, &err),
        &err);
    assert_code(lawbook_open(folder, &law, &err), ERR_SYNTAX);
    assert_non_null(strstr(err.message, "x/pack.yaml"));
    arena_done(&arena);
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_binary_holds_the_whole_law),
        cmocka_unit_test(a_folder_takes_the_place_of_the_packs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
