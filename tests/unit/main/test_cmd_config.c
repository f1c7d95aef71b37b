#include "lib/check.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

static void check_config_says_yes_or_what_is_wrong(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_run(&COMMANDS, "check-config -", "node: {id: miit}\n");
    assert_int_equal(result.code, CLI_DONE);
    assert_string_equal(result.out, "-: the settings of node miit are in order\n");
    cli_fixture_done(&result);
    result = cli_fixture_run(&COMMANDS, "check-config -", "node: {id: miit}\nlimits:\n  idle: 5 MiB\n");
    assert_int_equal(result.code, CLI_FAILED);
    assert_non_null(strstr(result.err, "error: -:3: limits.idle takes"));
    cli_fixture_done(&result);
    result = cli_fixture_run(&COMMANDS, "check-config /nonexistent", "");
    assert_int_equal(result.code, CLI_FAILED);
    cli_fixture_done(&result);
    result = cli_fixture_run(&COMMANDS, "check-config", "");
    assert_int_equal(result.code, CLI_USAGE);
    cli_fixture_done(&result);
}

static void check_config_shows_what_holds(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_run(&COMMANDS, "check-config --json -", "node: {id: miit}\n");
    assert_int_equal(result.code, CLI_DONE);
    assert_non_null(strstr(result.out, "\"retry_longest_ms\":300000"));
    cli_fixture_done(&result);
}

static void the_sample_passes_the_check(void **state)
{
    (void)state;
    struct cli_result sample = cli_fixture_run(&COMMANDS, "sample-config", "");
    assert_int_equal(sample.code, CLI_DONE);
    struct cli_result result = cli_fixture_run(&COMMANDS, "check-config -", sample.out);
    assert_int_equal(result.code, CLI_DONE);
    cli_fixture_done(&result);
    cli_fixture_done(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_config_says_yes_or_what_is_wrong),
        cmocka_unit_test(check_config_shows_what_holds),
        cmocka_unit_test(the_sample_passes_the_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
