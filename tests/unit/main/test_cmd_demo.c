/* The whole scenario of demo/, as a user plays it: every act, every expected refusal with its clause, every
 * outcome at another node, every ledger verified from the disk afterwards. */
#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char FOLDER[300];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(FOLDER, sizeof FOLDER, "%s/fengsui-demo-test-XXXXXX",
                   getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    return mkdtemp(FOLDER) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(FOLDER);
    return 0;
}

static void the_scenario_comes_out_as_it_says(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_at(&COMMANDS, FOLDER, "demo --run-all --json --data @/country",
                                              "");
    if (result.code != CLI_DONE)
        fail_msg("%s%s", result.err, result.out);
    assert_non_null(strstr(result.out, "\"ok\":true"));
    assert_non_null(strstr(result.out, "\"failed\":0"));
    assert_non_null(strstr(result.out, "\"unsound\":0"));
    cli_fixture_done(&result);
}

static void a_country_is_not_built_over_another(void **state)
{
    (void)state;
    struct cli_result result = cli_fixture_at(&COMMANDS, FOLDER, "demo --json --data @/country", "");
    assert_int_equal(result.code, CLI_FAILED);
    assert_non_null(strstr(result.err, "conflict"));
    cli_fixture_done(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scenario_comes_out_as_it_says),
        cmocka_unit_test(a_country_is_not_built_over_another),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
