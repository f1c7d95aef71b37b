#include "lib/check.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_run(&COMMANDS, line, "");
    assert_int_equal(result.code, code);
    assert_non_null(strstr(result.out, out));
    assert_non_null(strstr(result.err, err));
    cli_fixture_done(&result);
}

static void help_knows_programs_and_commands(void **state)
{
    (void)state;
    expect("help", CLI_DONE, "Exit codes", "");
    expect("help version", CLI_DONE, "fengsui version --json", "");
    expect("help nothing", CLI_USAGE, "", "no command 'nothing'");
}

static void version_is_one_line_or_a_document(void **state)
{
    (void)state;
    expect("version", CLI_DONE, "fengsui ", "");
    expect("--version", CLI_DONE, "fengsui ", "");
    expect("--version --json", CLI_DONE, "{\"name\":\"fengsui\",\"version\":", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_knows_programs_and_commands),
        cmocka_unit_test(version_is_one_line_or_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
