#include "main/embedded.h"

#include "lib/check.h"
#include "main/folder.h"

#include <string.h>

/* What is in the binary is what is in the repository: same paths, same bytes, nothing else. */
static void same_as(const struct embed_set *set, const char *folder, const char *ending)
{
    struct arena arena;
    struct embed_set disk;
    struct err err;
    arena_init(&arena, 64 << 20);
    assert_ok(folder_read(folder, ending, 32 << 20, &arena, &disk, &err), &err);
    assert_true(disk.count > 0);
    assert_int_equal(disk.count, set->count);
    for (size_t i = 0; i < disk.count; i++) {
        const struct embed_file *file = embed_find(set, disk.files[i].path);
        assert_non_null(file);
        assert_int_equal(file->size_bytes, disk.files[i].size_bytes);
        assert_memory_equal(file->bytes, disk.files[i].bytes, disk.files[i].size_bytes + 1);
    }
    arena_done(&arena);
}

static void the_binary_holds_the_contract_of_the_api(void **state)
{
    (void)state;
    same_as(&EMBED_api, "api", ".yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_binary_holds_the_contract_of_the_api)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
