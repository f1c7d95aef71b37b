#include "main/act_body.h"

#include "lib/check.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <string.h>

static char folder[SHARED_PATH_SIZE];

static int set_up(void **state)
{
    (void)state;
    return shared_folder(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    shared_remove(folder);
    return 0;
}

/* --dry-run shows the body that would be sent. */
static void gives(const char *line, const char *input, int code, const char *out, const char *err)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, folder, line, input);
    if (result.code != code || !strstr(result.out, out) || !strstr(result.err, err))
        fail_msg("%s gives %d\n%s%s", line, result.code, result.out, result.err);
    cli_fixture_done(&result);
}

#define TIME "2009-05-19T21:50:00+08:00"
#define FOUR "--scope 浙江 --harm 断网 --measures 扩容 --advice 无"

static void options_become_members_of_their_type(void **state)
{
    (void)state;
    gives("incident report --dry-run --title 断网 --occurred " TIME " " FOUR, "", CLI_DONE,
          "{\"title\":\"断网\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\"", "");
    gives("tool set --dry-run --title 清洗 --kind other --count 3 --ready yes", "", CLI_DONE,
          "\"count\":3,\"ready\":true", "");
    gives("plan review --dry-run 1 --year 2026 --finding 合理 --revise no", "", CLI_DONE, "\"revise\":false",
          "");
}

static void lists_are_given_again_and_again_and_codes_with_commas(void **state)
{
    (void)state;
    gives("incident correct 1 --dry-run --reason x --regions 330000,320000 --regions 310000", "", CLI_DONE,
          "\"regions\":[\"330000\",\"320000\",\"310000\"]", "");
    gives("users notify 1 --dry-run --when 2009-05-19T21:50:00+08:00 --channels 短信,电话 --channels 网站 "
          "--text x --advice y",
          "", CLI_DONE, "\"channels\":[\"短信,电话\",\"网站\"]", "");
}

static void documents_are_typed_or_come_from_a_file(void **state)
{
    char path[SHARED_PATH_SIZE + 16];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/facts.json", folder);
    FILE *file = fopen(path, "we");
    (void)fputs("{\"happened\":true}", file);
    (void)fclose(file);
    gives("incident correct 1 --dry-run --reason x --facts {\"leaked_users\":5}", "", CLI_DONE,
          "\"facts\":{\"leaked_users\":5}", "");
    struct cli_result result;
    char line[SHARED_PATH_SIZE + 80];
    (void)snprintf(line, sizeof line, "incident correct 1 --dry-run --reason x --facts @%s", path);
    result = cli_fixture_run(&COMMANDS, line, "");
    assert_non_null(strstr(result.out, "\"facts\":{\"happened\":true}"));
    cli_fixture_done(&result);
    gives("incident correct 1 --dry-run --reason x --facts {\"a\":1,\"a\":2}", "", CLI_FAILED, "", "facts");
    gives("incident correct 1 --dry-run --reason x --facts {", "", CLI_FAILED, "", "JSON");
}

static void what_is_typed_stands_above_what_the_file_says(void **state)
{
    (void)state;
    gives("incident assess 1 --dry-run --file - --level I", "{\"level\":\"II\",\"reason\":\"x\"}", CLI_DONE,
          "{\"reason\":\"x\",\"level\":\"I\"}", "");
    gives("incident assess 1 --dry-run --file -", "[1]", CLI_FAILED, "", "object");
    gives("incident assess 1 --dry-run --file @/nothing", "", CLI_FAILED, "", "nothing");
    gives("incident assess 1 --dry-run --level I --happened 2009-05-19T21:50:00+08:00", "", CLI_DONE,
          "\"happened\":\"2009-05-19T21:50:00+08:00\"", "");
}

static void everything_that_is_missing_is_named_at_once_with_its_clause(void **state)
{
    (void)state;
    gives("incident report --dry-run --title x --occurred 2009-05-19T21:50:00+08:00", "", CLI_USAGE, "",
          "--scope (初步判定的影响范围，4.1), --harm");
    gives("incident report --dry-run --json", "", CLI_USAGE, "", "\"field\":\"title\"");
}

static void words_are_checked_before_anything_is_sent(void **state)
{
    (void)state;
    gives("incident assess 1 --level V", "", CLI_USAGE, "", "--level takes I|II|III|IV, not 'V'");
    gives("incident asses 1", "", CLI_USAGE, "", "did you mean 'incident assess'");
    gives("tool set --dry-run --title x --kind other --count many --ready yes", "", CLI_USAGE, "",
          "whole number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_become_members_of_their_type),
        cmocka_unit_test(lists_are_given_again_and_again_and_codes_with_commas),
        cmocka_unit_test(documents_are_typed_or_come_from_a_file),
        cmocka_unit_test(what_is_typed_stands_above_what_the_file_says),
        cmocka_unit_test(everything_that_is_missing_is_named_at_once_with_its_clause),
        cmocka_unit_test(words_are_checked_before_anything_is_sent),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
