#include "lib/files.h"
#include "lib/shared.h"
#include "unit/intel/field_fixture.h"
#include "unit/intel/json_fixture.h"

#include <stdlib.h>

static struct field_table table;
static struct read_space space;

static int make_table(void **state)
{
    (void)state;
    field_table_init(&table, FAMILY_JSON);
    return 0;
}

static const char *read_json(const char *text, bool whole)
{
    static struct fields_told told;
    told.size = 0;
    told.text[0] = '\0';
    assert_int_equal(json_read(&table, str_of(text), &space, field_fixture_take, &told), whole);
    return told.text;
}

static void gives_fields_with_their_paths(void **state)
{
    (void)state;
    assert_string_equal(
        read_json("{\"src_ip\":\"192.0.2.1\",\"src_port\":53,\"dns\":{\"rrname\":\"a.example\",\"x\":1,"
                  "\"answers\":[{\"rdata\":\"b\"},{\"rdata\":\"c\"}],\"grouped\":{\"A\":[\"d\",\"e\"]}}}",
                  true),
        "src_ip=192.0.2.1\nsrc_port=53\ndns.rrname=a.example\ndns.answers[0].rdata=b\n"
        "dns.answers[1].rdata=c\ndns.grouped.A[0]=d\ndns.grouped.A[1]=e\n");
    assert_string_equal(read_json(" { \"rrname\" :\n\t\"a\" } ", true), "rrname=a\n");
    assert_string_equal(read_json("{}", true), "");
    assert_string_equal(read_json("{\"answers\":[[\"a\"],\"b\"]}", true), "answers[0][0]=a\nanswers[1]=b\n");
}

static void escapes_are_decoded_in_keys_and_values(void **state)
{
    (void)state;
    assert_string_equal(read_json("{\"rrn\\u0061me\":\"\\u0065vil\\/\\\"\\\\\\n\"}", true),
                        "rrname=evil/\"\\\n\n");
    assert_string_equal(read_json("{\"rrname\":\"\\u70fd\\ud83d\\udd25\"}", true),
                        "rrname=烽\xF0\x9F\x94\xA5\n");
    assert_string_equal(read_json("{\"rrname\":\"\\ud83d.x\"}", true), "rrname=\xEF\xBF\xBD.x\n");
    assert_string_equal(read_json("{\"rrname\":\"a\\\"}", false), "");
}

static void broken_json_ends_the_reading(void **state)
{
    (void)state;
    assert_string_equal(read_json("{\"rrname\":\"a\",\"rdata\":\"b", false), "rrname=a\n");
    assert_string_equal(read_json("{\"rrname\"", false), "");
    assert_string_equal(read_json("{\"rrname\":", false), "");
    assert_string_equal(read_json("{\"rrname\":}", false), "");
    assert_string_equal(read_json("nothing", false), "");
    assert_string_equal(read_json("", false), "");
    assert_string_equal(read_json("{\"rrname\":\"a\"}{\"rrname\":\"b\"}", false), "rrname=a\n");
}

static void deep_containers_are_passed_over(void **state)
{
    (void)state;
    char text[1024] = "{\"rrname\":\"before\",\"x\":";
    for (int i = 0; i < 100; i++)
        text[strlen(text)] = '[';
    char tail[256] = "{\"rrname\":\"inside\"}";
    memcpy(text + strlen(text), tail, strlen(tail) + 1);
    for (int i = 0; i < 100; i++)
        text[strlen(text)] = ']';
    memcpy(text + strlen(text), ",\"rdata\":\"behind\"}", 19);
    assert_string_equal(read_json(text, true), "rrname=before\nrdata=behind\n");
}

static void a_long_path_is_passed_over(void **state)
{
    (void)state;
    char text[2048] = "{\"";
    memset(text + 2, 'k', 600);
    static const char TAIL[] = "\":{\"rrname\":\"inside\"},\"rrname\":\"behind\"}";
    memcpy(text + 602, TAIL, sizeof TAIL);
    assert_string_equal(read_json(text, true), "rrname=behind\n");
}

/* --- against jansson --- */

static void compare(struct str record)
{
    static struct fields_told ours;
    static struct fields_told theirs;
    ours.size = theirs.size = 0;
    ours.text[0] = theirs.text[0] = '\0';
    if (!json_fixture_read(&table, record, field_fixture_take, &theirs))
        return;
    if (!json_read(&table, record, &space, field_fixture_take, &ours) || strcmp(ours.text, theirs.text) != 0)
        fail_msg("%.*s\nours:\n%s\njansson:\n%s", (int)record.n, record.p, ours.text, theirs.text);
}

static void random_records_read_as_jansson_reads_them(void **state)
{
    (void)state;
    static struct json_random random = {.seed = 88172645463325252u};
    for (int i = 0; i < 20000; i++) {
        json_random_record(&random, i % 2);
        compare((struct str){random.text, random.size});
    }
}

static void the_json_test_suite_reads_as_jansson_reads_it(void **state)
{
    (void)state;
    char archive[SHARED_PATH_SIZE];
    char folder[SHARED_PATH_SIZE];
    char *paths[512];
    if (!shared_find("data/json/JSONTestSuite.tar.xz", archive))
        skip();
    assert_true(shared_unpack(archive, folder));
    char parsing[SHARED_PATH_SIZE + 16];
    (void)snprintf(parsing, sizeof parsing, "%s/test_parsing", folder);
    size_t count = folder_list(parsing, ".json", paths, sizeof paths / sizeof paths[0]);
    assert_true(count > 100);
    for (size_t i = 0; i < count; i++) {
        size_t size;
        char *bytes = shared_read(paths[i], &size);
        assert_non_null(bytes);
        /* An exact copy, so that reading outside is seen. */
        char *exact = malloc(size ? size : 1);
        assert_non_null(exact);
        memcpy(exact, bytes, size);
        compare((struct str){exact, size});
        static struct fields_told told;
        told.size = 0;
        (void)json_read(&table, (struct str){exact, size}, &space, field_fixture_take, &told);
        free(exact);
        free(bytes);
        free(paths[i]);
    }
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_fields_with_their_paths),
        cmocka_unit_test(escapes_are_decoded_in_keys_and_values),
        cmocka_unit_test(broken_json_ends_the_reading),
        cmocka_unit_test(deep_containers_are_passed_over),
        cmocka_unit_test(a_long_path_is_passed_over),
        cmocka_unit_test(random_records_read_as_jansson_reads_them),
        cmocka_unit_test(the_json_test_suite_reads_as_jansson_reads_it),
    };
    return cmocka_run_group_tests(tests, make_table, NULL);
}
