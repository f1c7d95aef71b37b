/* The JSON parsing test suite against a running API: what is no JSON is refused, what is JSON is read. */
#include "lib/check.h"
#include "lib/http/office.h"
#include "lib/http/serving.h"
#include "lib/shared.h"

#include <dirent.h>
#include <string.h>

/* Valid by RFC 8259, refused here by choice: names that repeat and U+0000. */
static const char *const REFUSED_BY_CHOICE[] = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
};

struct counts {
    int refused; /* 400 or 422 */
    int read;    /* 422: it is JSON, and no set of facts */
    int by_choice;
};

static bool by_choice(const char *name)
{
    for (size_t i = 0; i < sizeof REFUSED_BY_CHOICE / sizeof REFUSED_BY_CHOICE[0]; i++)
        if (strcmp(name, REFUSED_BY_CHOICE[i]) == 0)
            return true;
    return false;
}

static int post(struct office *office, const char *token, const char *bytes, size_t size_bytes)
{
    struct buf request;
    struct buf text;
    buf_init(&request, 1 << 20);
    buf_init(&text, 1 << 20);
    buf_addf(&request,
             "POST /api/v1/grade HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
             token, size_bytes);
    buf_add(&request, bytes, size_bytes);
    int status = client_once(office_port(office), request.data, request.size_bytes, &text);
    assert_non_null(strstr(text.data, status == 200 ? "application/json" : "application/problem+json"));
    buf_done(&request);
    buf_done(&text);
    return status;
}

static void weigh(const char *name, int status, struct counts *counts)
{
    bool invalid = name[0] == 'n';
    if (invalid && status != 400 && status != 422)
        fail_msg("%s: %d", name, status);
    if (name[0] == 'y' && !by_choice(name) && status != 200 && status != 422)
        fail_msg("%s: %d", name, status);
    if (by_choice(name))
        assert_int_equal(status, 400);
    counts->refused += invalid;
    counts->read += name[0] == 'y' && !by_choice(name);
    counts->by_choice += by_choice(name);
}

static void post_all(struct office *office, const char *token, const char *folder, struct counts *counts)
{
    char path[2 * SHARED_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/test_parsing", folder);
    DIR *files = opendir(path);
    assert_non_null(files);
    for (struct dirent *file = readdir(files); file; file = readdir(files)) {
        size_t size_bytes = 0;
        (void)snprintf(path, sizeof path, "%s/test_parsing/%s", folder, file->d_name);
        char *bytes = file->d_name[0] == '.' ? NULL : shared_read(path, &size_bytes);
        if (bytes)
            weigh(file->d_name, post(office, token, bytes, size_bytes), counts);
        free(bytes);
    }
    (void)closedir(files);
}

static void no_invalid_text_passes_the_api(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    static struct world world;
    struct counts counts = {0};
    if (!shared_find("data/json/JSONTestSuite.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    world_open(&world);
    world_people(&world);
    struct office *office = office_open(&world, "tel-zj", NULL);
    const char *token = office_token(office, "viewer");
    post_all(office, token, folder, &counts);
    weigh("n_structure_no_data.json", post(office, token, "", 0), &counts); /* the archive leaves it out */
    shared_remove(folder);
    assert_int_equal(counts.refused, 188);
    assert_int_equal(counts.read, 91);
    assert_int_equal(counts.by_choice, 4);
    office_close(office);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_invalid_text_passes_the_api),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
