#include "base/doc.h"
#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <string.h>

static char folder[SHARED_PATH_SIZE];

static struct cli_result run(const char *line)
{
    return cli_fixture_at(&COMMANDS, folder, line, "");
}

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = run(line);
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void a_token_is_shown_once_and_listed_without_its_text(void **state)
{
    json_t *doc = NULL;
    struct err err;
    char line[200];
    (void)state;
    struct cli_result made = run(
        "token create --data @ --role officer --person 张三 --post 值班员 --days 30 --json");
    assert_int_equal(made.code, CLI_DONE);
    assert_ok(doc_parse_object(made.out, made.out_bytes, &doc, &err), &err);
    const char *text = json_string_value(json_object_get(doc, "token"));
    struct cli_result list = run("token list --data @ --json");
    assert_non_null(strstr(list.out, "\"standing\":\"valid\""));
    assert_non_null(strstr(list.out, "张三"));
    assert_null(strstr(list.out, text));
    (void)snprintf(line, sizeof line, "token revoke --data @ %s",
                   json_string_value(json_object_get(doc, "id")));
    expect(line, CLI_DONE, "is revoked", "");
    expect(line, CLI_FAILED, "", "error");
    expect("token list --data @", CLI_DONE, "revoked", "");
    cli_fixture_done(&list);
    cli_fixture_done(&made);
    json_decref(doc);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    expect("token create --data @ --role king --person 张三 --post 值班员", CLI_USAGE, "", "--role takes");
    expect("token create --data @ --role officer --person= --post 值班员", CLI_FAILED, "", "person");
    expect("token create --data @ --role officer --post 值班员", CLI_USAGE, "", "--person is missing");
    expect("token list --data @/nothing", CLI_FAILED, "", "there is no configuration");
}

static void a_stopped_node_gives_codes_to_people(void **state)
{
    (void)state;
    struct cli_result code = run("access setup-code --data @");
    assert_int_equal(code.code, CLI_DONE);
    assert_int_equal(strcspn(code.out, "\n"), 23); /* ABCDE-FGHIJ-KLMNO-PQRST */
    cli_fixture_done(&code);
    expect("access setup-code --data @ --json", CLI_DONE, "\"code\":\"", "");
    expect("access reset nobody --data @ --person 张三 --reason x", CLI_FAILED, "", "no such account");
    expect("access reset nobody --data @", CLI_USAGE, "", "--person is missing");
}

static int setup(void **state)
{
    (void)state;
    if (!shared_folder(folder))
        return -1;
    struct cli_result made = run("init --data @ --id miit --ministry --name 部 --api 127.0.0.1:0");
    int code = made.code;
    cli_fixture_done(&made);
    return code;
}

static int teardown(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_shown_once_and_listed_without_its_text),
        cmocka_unit_test(a_stopped_node_gives_codes_to_people),
        cmocka_unit_test(bad_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
