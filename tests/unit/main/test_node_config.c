#include "main/node_config.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "main/cli.h"
#include "unit/main/cli_fixture.h"

#include <stdlib.h>
#include <string.h>

/* A command that says which configuration it found. */
static int run_probe(struct call *call)
{
    struct config config;
    struct err err;
    if (node_config_read(call, &config, &err) < 0)
        return call_fail(call, &err);
    (void)fprintf(call->streams.out, "%s %s %s\n", node_config_path(call), config.node_id, config.api_listen);
    return CLI_DONE;
}

static int run_write(struct call *call)
{
    struct config config;
    struct err err;
    struct node_config_new values = {.id = args_operand(call->args, 0),
                                     .data = args_text(call->args, "data"),
                                     .api_listen = args_operand(call->args, 1),
                                     .link_url = args_operand(call->args, 2)};
    if (node_config_write(call, node_config_path(call), &values, &config, &err) < 0)
        return call_fail(call, &err);
    return CLI_DONE;
}

static const struct option_row OPTIONS[] = {NODE_CONFIG_OPTIONS, {0}};
static const struct command ROWS[] = {
    {.name = "probe", .summary = "x", .options = OPTIONS, .run = run_probe},
    {.name = "write",
     .summary = "x",
     .options = OPTIONS,
     .operands = "X",
     .operands_max = 3,
     .run = run_write},
    {0},
};
static const struct command_group GROUP = {"x", ROWS};
static const struct command_group *const GROUPS[] = {&GROUP};
static const struct command_table TABLE = {GROUPS, 1};

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_run(&TABLE, line, "");
    if (result.code != code)
        print_error("%s%s", result.out, result.err);
    assert_int_equal(result.code, code);
    assert_non_null(strstr(result.out, out));
    assert_non_null(strstr(result.err, err));
    cli_fixture_done(&result);
}

static void what_was_written_is_found_by_folder_file_or_environment(void **state)
{
    char folder[SHARED_PATH_SIZE];
    char line[3 * SHARED_PATH_SIZE];
    (void)state;
    assert_true(shared_folder(folder));
    (void)snprintf(line, sizeof line, "write --data %s miit [::1]:24003 https://[::1]:24004", folder);
    expect(line, CLI_DONE, "", "");
    expect(line, CLI_FAILED, "", "cannot be made");
    (void)snprintf(line, sizeof line, "probe --data %s", folder);
    expect(line, CLI_DONE, "miit [::1]:24003", "");
    (void)snprintf(line, sizeof line, "%s/fengsui.yaml", folder);
    assert_int_equal(setenv("FENGSUI_CONFIG", line, 1), 0);
    expect("probe", CLI_DONE, "miit", "");
    (void)snprintf(line, sizeof line, "probe -c %s/fengsui.yaml --data /nowhere", folder);
    expect(line, CLI_DONE, "miit", "");
    assert_int_equal(unsetenv("FENGSUI_CONFIG"), 0);
    shared_remove(folder);
}

static void bad_values_make_no_file(void **state)
{
    char folder[SHARED_PATH_SIZE];
    char line[3 * SHARED_PATH_SIZE];
    (void)state;
    assert_true(shared_folder(folder));
    (void)snprintf(line, sizeof line, "write --data %s Miit", folder);
    expect(line, CLI_FAILED, "", "node.id");
    (void)snprintf(line, sizeof line, "write --data %s miit nowhere", folder);
    expect(line, CLI_FAILED, "", "api.listen");
    (void)snprintf(line, sizeof line, "probe --data %s", folder);
    expect(line, CLI_FAILED, "", "there is no configuration");
    shared_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_found_by_folder_file_or_environment),
        cmocka_unit_test(bad_values_make_no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
