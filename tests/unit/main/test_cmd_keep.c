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

static void a_backup_verifies_and_restores(void **state)
{
    (void)state;
    expect("backup --data @/node @/backup", CLI_DONE, "1 acts of miit, verified", "");
    expect("verify @/backup", CLI_DONE, "\"ok\":true", "");
    expect("backup --data @/node @/backup", CLI_FAILED, "", "is there already");
    expect("restore --data @/node @/backup", CLI_FAILED, "", "--replace");
    expect("restore --data @/node --replace @/backup", CLI_DONE, "1 acts, verified", "");
    expect("verify @/node", CLI_DONE, "\"ok\":true", "");
    expect("restore --data @/node --replace --json @/backup", CLI_DONE, "\"given_up\":0", "");
}

static void what_is_no_backup_is_refused(void **state)
{
    (void)state;
    expect("restore --data @/node --replace @/nothing", CLI_FAILED, "", "nothing");
    expect("restore --data @/node", CLI_USAGE, "", "needs BACKUP");
    expect("backup --data @/nothing @/backup", CLI_FAILED, "", "there is no configuration");
}

static void tables_are_compared_with_the_acts(void **state)
{
    (void)state;
    expect("rebuild --data @/node --check", CLI_DONE, "row for row", "");
    expect("rebuild --data @/node --json", CLI_DONE, "\"identical\":true", "");
}

static void a_record_is_decided_again_under_other_rules(void **state)
{
    (void)state;
    expect("replay --data @/node", CLI_DONE, "nothing would be different", "");
    expect("replay --data @/node --json", CLI_DONE, "\"same\":true", "");
    expect("replay --data @/node --rules @/nothing", CLI_FAILED, "", "nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_backup_verifies_and_restores, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_backup_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_are_compared_with_the_acts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_record_is_decided_again_under_other_rules, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
