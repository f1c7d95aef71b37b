#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/fengsui-test-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

static void put(const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Every "@" of the line becomes the folder. */
static struct cli_result run(const char *line, const char *input)
{
    char words[1024];
    size_t n = 0;
    for (const char *p = line; *p; p++)
        n += (size_t)snprintf(words + n, sizeof words - n, *p == '@' ? "%s" : "%.1s", *p == '@' ? folder : p);
    return cli_fixture_run(&COMMANDS, words, input);
}

static void expect(const char *line, const char *input, int code, const char *out, const char *err)
{
    struct cli_result result = run(line, input);
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gave %d\n%s\n%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void builds_an_index_and_tells_bad_lines(void **state)
{
    (void)state;
    put("a.txt", "evil.example\nnot one\n192.0.2.1\n");
    put("b.txt", "evil.example\n");
    expect("index build -o @/x.idx @/a.txt @/b.txt", "", CLI_DONE, "2 indicators of 2 lists",
           "a.txt:2: no indicator: not one");
    expect("index build -o @/x.idx --bad-lines 0 @/a.txt", "", CLI_DONE, "2 indicators", "1 more bad lines");
    expect("index build --json -o @/y.idx -", "evil.example\n", CLI_DONE, "\"domain\":1", "");
}

static void info_is_one_document(void **state)
{
    (void)state;
    put("a.txt", "evil.example\nbad line\n");
    expect("index build -o @/i.idx @/a.txt", "", CLI_DONE, "", "");
    struct cli_result result = run("index info @/i.idx", "");
    json_error_t why;
    json_t *doc = json_loads(result.out, 0, &why);
    assert_non_null(doc);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(doc, "counts"), "domain")), 1);
    json_t *source = json_array_get(json_object_get(doc, "sources"), 0);
    assert_string_equal(json_string_value(json_object_get(source, "name")), "a.txt");
    assert_int_equal(json_integer_value(json_object_get(source, "bad_lines")), 1);
    assert_true(json_is_string(json_object_get(doc, "checksum")));
    assert_true(json_is_integer(json_object_get(doc, "bytes")));
    json_decref(doc);
    cli_fixture_done(&result);
}

static void what_is_no_index_fails(void **state)
{
    (void)state;
    put("no.idx", "this is no index");
    expect("index info @/no.idx", "", CLI_FAILED, "", "not an index");
    expect("index info @/none.idx", "", CLI_FAILED, "", "No such file");
    expect("index build -o @/z.idx @/none.txt", "", CLI_FAILED, "", "none.txt");
    expect("index build -o @/no/such/z.idx -", "evil.example\n", CLI_FAILED, "", "cannot be written");
    expect("index build @/a.txt", "", CLI_USAGE, "", "--output");
    expect("index build -o @/z.idx", "", CLI_USAGE, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_an_index_and_tells_bad_lines),
        cmocka_unit_test(info_is_one_document),
        cmocka_unit_test(what_is_no_index_fails),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
