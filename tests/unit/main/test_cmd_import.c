#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <string.h>

#define MAP "incident import --map docs/import/phone-log.yaml --dry-run "

static void expect(const char *line, const char *input, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_run(&COMMANDS, line, input);
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

#define HEADING "编号,时间,单位,地区,类别,经过\n"

static void every_row_is_checked_and_told_by_its_number(void **state)
{
    (void)state;
    expect(MAP "-", HEADING "1,2018-09-31,甲,浙江,断网,x\n2,2018-09-30 10:00,乙,浙江,泄露,y\n", CLI_DONE,
           "row 2: occurred: the date '2018-09-31' does not exist", "");
    expect(MAP "-", HEADING "1,2018-09-30 10:00,甲,火星,断网,x\n2,2018-09-30 10:00,乙,浙江,泄露,y\n",
           CLI_FAILED, "row 2: failed: region: the map has no word for '火星'\n2 rows: 1 fit to be imported",
           "");
    expect(MAP "-", HEADING "1,,甲,浙江,断网,x\n", CLI_FAILED,
           "occurred: 事件发生时间 is required (clause 4.1)", "");
    expect(MAP "--json -", HEADING "1,2018-09-31,甲,浙江,断网,x\n", CLI_DONE,
           "\"occurred_raw\":\"2018-09-31\"", "");
}

static void the_shipped_examples_go_through(void **state)
{
    (void)state;
    expect(MAP "docs/import/phone-log.csv", "", CLI_FAILED, "5 rows: 2 fit to be imported", "");
}

/* The list has 334 breaches; not one may be lost. */
static void a_public_list_goes_through_whole(void **state)
{
    char line[2 * SHARED_PATH_SIZE];
    char path[SHARED_PATH_SIZE];
    (void)state;
    if (!shared_find("data/incidents/breaches-2019.json", path))
        skip();
    (void)snprintf(line, sizeof line, "incident import --map docs/import/breaches.yaml --dry-run %s", path);
    expect(line, "", CLI_DONE, "334 rows: 334 fit to be imported, 0 known already, 0 failed", "");
}

static void without_map_or_file_nothing_begins(void **state)
{
    (void)state;
    expect("incident import x.csv", "", CLI_USAGE, "", "--map is missing");
    expect("incident import --map /nothing x.csv", "", CLI_FAILED, "", "/nothing");
    expect(MAP "/nothing", "", CLI_FAILED, "", "/nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_checked_and_told_by_its_number),
        cmocka_unit_test(the_shipped_examples_go_through),
        cmocka_unit_test(a_public_list_goes_through_whole),
        cmocka_unit_test(without_map_or_file_nothing_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
