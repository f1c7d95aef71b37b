#include "lib/check.h"
#include "unit/main/cli_fixture.h"

#include <stdlib.h>
#include <string.h>

static int run_echo(struct call *call)
{
    struct str text;
    struct err err;
    if (call_read(call, args_operand(call->args, 0), 16, &text, &err) < 0)
        return call_fail(call, &err);
    (void)fputs(text.p, call->streams.out);
    return streq(text.p, "no") ? CLI_REFUSED : CLI_DONE;
}

static const struct command ROWS[] = {
    {.name = "echo", .summary = "repeat", .operands = "[FILE|-]", .operands_max = 1, .run = run_echo},
    {.name = "rules check", .summary = "check the rules", .run = run_echo},
    {.name = "rules list", .summary = "list the rules", .run = run_echo},
    {0},
};
static const struct command_group GROUP = {"Test", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_run(&TABLE, line, "烽燧");
    assert_int_equal(result.code, code);
    if (!strstr(result.out, out) || (out[0] == '\0' && result.out[0]))
        fail_msg("'%s' wrote '%s', not '%s'", line, result.out, out);
    if (!strstr(result.err, err) || (err[0] == '\0' && result.err[0]))
        fail_msg("'%s' complained '%s', not '%s'", line, result.err, err);
    cli_fixture_done(&result);
}

static void runs_the_command_that_is_named(void **state)
{
    (void)state;
    expect("echo", CLI_DONE, "烽燧", "");
    expect("echo -", CLI_DONE, "烽燧", "");
    expect("rules list", CLI_DONE, "烽燧", "");
}

static void the_commands_answer_is_the_exit_code(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_run(&TABLE, "echo", "no");
    assert_int_equal(result.code, CLI_REFUSED);
    cli_fixture_done(&result);
    result = cli_fixture_run(&TABLE, "echo", "this is over sixteen bytes");
    assert_int_equal(result.code, CLI_FAILED);
    assert_non_null(strstr(result.err, "standard input: more than 16 bytes"));
    cli_fixture_done(&result);
}

static void a_wrong_command_line_is_usage_with_a_suggestion(void **state)
{
    (void)state;
    expect("", CLI_USAGE, "", "Usage");
    expect("ehco", CLI_USAGE, "", "did you mean 'echo'?");
    expect("rules", CLI_USAGE, "", "rules COMMAND");
    expect("rules chekc", CLI_USAGE, "", "did you mean 'rules check'?");
    expect("ruls", CLI_USAGE, "", "did you mean 'rules check'?");
    expect("echo a b", CLI_USAGE, "", "does not take 'b'");
    expect("echo --jsno", CLI_USAGE, "", "did you mean --json?");
    expect("--bogus", CLI_USAGE, "", "no option '--bogus'");
}

static void help_goes_to_standard_output(void **state)
{
    (void)state;
    expect("--help", CLI_DONE, "rules check", "");
    expect("rules --help", CLI_DONE, "check the rules", "");
    expect("rules check --help", CLI_DONE, "fengsui rules check", "");
    expect("echo -h", CLI_DONE, "[FILE|-]", "");
}

static void errors_are_json_for_scripts(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_run(&TABLE, "echo --json /nonexistent/file", "");
    assert_int_equal(result.code, CLI_FAILED);
    json_t *doc = NULL;
    struct err err;
    assert_ok(doc_parse_object(result.err, strlen(result.err), &doc, &err), &err);
    assert_string_equal(json_string_value(json_object_get(json_object_get(doc, "error"), "code")),
                        "not-found");
    json_decref(doc);
    cli_fixture_done(&result);
}

static void output_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct streams streams = {stdin, fopen("/dev/full", "we"), open_memstream(&text, &size)};
    assert_non_null(streams.out);
    const char *words[] = {"--help"};
    assert_int_equal(cli_run(&TABLE, words, 1, streams, &ENV_REAL), CLI_FAILED);
    (void)fclose(streams.out);
    (void)fclose(streams.err);
    assert_non_null(strstr(text, "could not be written"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_the_command_that_is_named),
        cmocka_unit_test(the_commands_answer_is_the_exit_code),
        cmocka_unit_test(a_wrong_command_line_is_usage_with_a_suggestion),
        cmocka_unit_test(help_goes_to_standard_output),
        cmocka_unit_test(errors_are_json_for_scripts),
        cmocka_unit_test(output_that_cannot_be_written_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
