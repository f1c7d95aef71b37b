#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <string.h>

static char folder[SHARED_PATH_SIZE];

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, folder, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void init_makes_a_node_and_its_configuration(void **state)
{
    (void)state;
    expect("init --data @/a --id miit --ministry --name 部 --api 127.0.0.1:0", CLI_DONE, "node miit is made",
           "");
    expect("check-config @/a/fengsui.yaml", CLI_DONE, "node miit", "");
    expect("init --data @/a --id miit --ministry --name 部", CLI_FAILED, "", "holds a node already");
    expect("init --data @/a --id other", CLI_USAGE, "", "of miit, not of other");
    expect("init --data @/b --id tel-zj --json", CLI_DONE, "\"enrolled\":false", "");
}

static void init_says_what_is_missing(void **state)
{
    (void)state;
    expect("init --data @/c", CLI_USAGE, "", "--id is missing");
    expect("init --data @/c --id miit --ministry", CLI_USAGE, "", "--name is missing");
    expect("init --data @/c --id miit --suite rot13", CLI_USAGE, "", "--suite takes");
}

static void serve_needs_a_node(void **state)
{
    (void)state;
    expect("serve --data @/nothing", CLI_FAILED, "", "there is no configuration");
}

static int setup(void **state)
{
    (void)state;
    return shared_folder(folder) ? 0 : -1;
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
        cmocka_unit_test(init_makes_a_node_and_its_configuration),
        cmocka_unit_test(init_says_what_is_missing),
        cmocka_unit_test(serve_needs_a_node),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
