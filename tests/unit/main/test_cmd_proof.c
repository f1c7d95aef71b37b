#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[SHARED_PATH_SIZE];

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, folder, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static void a_node_and_its_export_verify(void **state)
{
    (void)state;
    expect("verify @", CLI_DONE, "\"ok\":true", "");
    expect("export --data @ --output @/ledger.jsonl", CLI_DONE, "", "");
    expect("verify @/ledger.jsonl", CLI_DONE, "\"tree_size\":1", "");
    expect("export --data @ --output @/ledger.jsonl", CLI_FAILED, "", "cannot be made");
    expect("export --data @", CLI_DONE, "\"fengsui\":\"ledger\"", "");
}

static void an_altered_act_is_named_with_exit_code_1(void **state)
{
    char path[SHARED_PATH_SIZE + 16];
    size_t size = 0;
    (void)state;
    expect("export --data @ --output @/altered.jsonl", CLI_DONE, "", "");
    (void)snprintf(path, sizeof path, "%s/altered.jsonl", folder);
    char *text = shared_read(path, &size);
    char *at = strstr(text, "系统管理员");
    assert_non_null(at);
    memcpy(at, "编", 3);
    FILE *out = fopen(path, "we");
    assert_int_equal(fwrite(text, 1, size, out), size);
    assert_int_equal(fclose(out), 0);
    free(text);
    expect("verify @/altered.jsonl", CLI_FAILED, "the act was altered", "");
    expect("verify @/altered.jsonl", CLI_FAILED, "\"problems\":[{\"act\":\"", "");
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    expect("verify @/nothing", CLI_FAILED, "", "nothing");
    expect("verify", CLI_USAGE, "", "needs PATH");
    expect("export --data @/nothing", CLI_FAILED, "", "there is no configuration");
}

static int setup(void **state)
{
    (void)state;
    if (!shared_folder(folder))
        return -1;
    expect("init --data @ --id miit --ministry --name 部 --api 127.0.0.1:0", CLI_DONE, "", "");
    return 0;
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
        cmocka_unit_test(a_node_and_its_export_verify),
        cmocka_unit_test(an_altered_act_is_named_with_exit_code_1),
        cmocka_unit_test(what_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
