#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

static char folder[SHARED_PATH_SIZE];

static void expect(const char *line, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, folder, line, "");
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

static int set_up(void **state)
{
    (void)state;
    if (!shared_folder(folder))
        return -1;
    expect("init --data @/node --id miit --ministry --name 部", CLI_DONE, "miit", "");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

static void a_drill_is_made_once_and_found_again(void **state)
{
    (void)state;
    expect("drill open d1 --data @/node --api 127.0.0.1:1 --compression 60 --peer x=https://y", CLI_DONE,
           "60 times as fast", "");
    expect("drill open d1 --data @/node --api 127.0.0.1:1", CLI_FAILED, "", "take another id");
    expect("drill open d2 --data @/node --api 127.0.0.1:1 --json", CLI_DONE, "\"officer\":\"fst_", "");
    expect("drill summary d1 --data @/node", CLI_FAILED, "", "nothing has happened");
    expect("drill summary d9 --data @/node", CLI_FAILED, "", "there is no drill 'd9'");
    expect("verify @/node", CLI_DONE, "\"ok\":true", "");
}

static void wrong_words_are_refused(void **state)
{
    (void)state;
    expect("drill open d1 --data @/node", CLI_USAGE, "", "--api is missing");
    expect("drill open d3 --data @/node --api 127.0.0.1:1 --peer x", CLI_USAGE, "", "NODE=URL");
    expect("drill open d3 --data @/node --api 127.0.0.1:1 --compression 0", CLI_USAGE, "", "1 to 10000");
    expect("serve --data @/node --drill d9", CLI_USAGE, "", "go together");
    expect("serve --data @/node --drill d9 --api 127.0.0.1:1", CLI_FAILED, "", "there is no drill 'd9'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_drill_is_made_once_and_found_again),
        cmocka_unit_test(wrong_words_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
