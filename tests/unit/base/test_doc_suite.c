/* base/doc.h against the JSON parsing test suite: the first letter of a file's name says what must happen. */
#include "base/doc.h"
#include "lib/check.h"
#include "lib/shared.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

/* Valid by RFC 8259, refused here by choice: names that repeat and U+0000. */
static const char *const REFUSED_BY_CHOICE[] = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
};

struct counts {
    int valid_taken;
    int valid_refused;
    int invalid_refused;
    int wrong;
};

static bool by_choice(const char *name)
{
    for (size_t i = 0; i < sizeof REFUSED_BY_CHOICE / sizeof REFUSED_BY_CHOICE[0]; i++)
        if (strcmp(name, REFUSED_BY_CHOICE[i]) == 0)
            return true;
    return false;
}

/* The copy is exact in size, so that a read behind the end is seen by the sanitizer. */
static void judge(const char *name, const char *bytes, size_t size_bytes, struct counts *counts)
{
    char *exact = malloc(size_bytes ? size_bytes : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, size_bytes);
    json_t *doc = NULL;
    struct err err = {0};
    bool taken = doc_parse(exact, size_bytes, &doc, &err) == ERR_OK;
    json_decref(doc);
    free(exact);
    if (!taken)
        assert_string_not_equal(err.message, "");
    bool want = name[0] == 'y' && !by_choice(name);
    if (name[0] != 'i' && taken != want) {
        print_error("%s: %s\n", name, taken ? "taken" : err.message);
        counts->wrong++;
    }
    counts->valid_taken += name[0] == 'y' && taken;
    counts->valid_refused += name[0] == 'y' && !taken;
    counts->invalid_refused += name[0] == 'n' && !taken;
}

static void every_invalid_text_is_refused_and_every_valid_one_taken(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    if (!shared_find("data/json/JSONTestSuite.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    struct counts counts = {0};
    char path[2 * SHARED_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/test_parsing", folder);
    DIR *files = opendir(path);
    assert_non_null(files);
    for (struct dirent *file = readdir(files); file; file = readdir(files)) {
        size_t size_bytes = 0;
        (void)snprintf(path, sizeof path, "%s/test_parsing/%s", folder, file->d_name);
        char *bytes = file->d_name[0] == '.' ? NULL : shared_read(path, &size_bytes);
        if (bytes)
            judge(file->d_name, bytes, size_bytes, &counts);
        free(bytes);
    }
    (void)closedir(files);
    shared_remove(folder);
    judge("n_structure_no_data.json", "", 0, &counts); /* an empty file: the archive leaves it out */
    assert_int_equal(counts.wrong, 0);
    assert_int_equal(counts.invalid_refused, 188);
    assert_int_equal(counts.valid_taken, 91);
    assert_int_equal(counts.valid_refused, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_invalid_text_is_refused_and_every_valid_one_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
