#include "base/doc.h"
#include "lib/check.h"
#include "lib/rules.h"
#include "lib/shared.h"
#include "unit/main/cli_fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void expect(const char *folder, const char *line, int code, const char *words)
{
    struct cli_result result = cli_fixture_at(&COMMANDS, folder, line, "");
    if (result.code != code)
        fail_msg("'%s' gives %d: %s", line, result.code, result.err);
    if (!strstr(code == CLI_DONE ? result.out : result.err, words))
        fail_msg("'%s' says %s%s", line, result.out, result.err);
    cli_fixture_done(&result);
}

static void write_file(const char *folder, const char *path, const char *bytes, size_t size_bytes)
{
    char whole[SHARED_PATH_SIZE + 128];
    (void)snprintf(whole, sizeof whole, "%s/%s", folder, path);
    *strrchr(whole, '/') = '\0';
    (void)mkdir(whole, 0755); /* it may be there already */
    whole[strlen(whole)] = '/';
    FILE *file = fopen(whole, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size_bytes, file), size_bytes);
    assert_int_equal(fclose(file), 0);
}

/* The rules with a change, as a folder on disk. */
static void write_copy(char folder[SHARED_PATH_SIZE], const char *path, const char *from, const char *to)
{
    struct rules_copy copy;
    rules_copy_open(&copy);
    rules_copy_edit(&copy, path, from, to);
    assert_true(shared_folder(folder));
    for (size_t i = 0; i < copy.set.count; i++)
        write_file(folder, copy.files[i].path, copy.files[i].bytes, copy.files[i].size_bytes);
    rules_copy_done(&copy);
}

static void check_says_yes_or_where_and_what_to_do(void **state)
{
    (void)state;
    char folder[SHARED_PATH_SIZE];
    expect("", "rules check", CLI_DONE, "the rules built in: 4 packs, in order");
    expect("", "rules check rules", CLI_DONE, "rules: 4 packs, in order");
    write_copy(folder, "miit-2017-281/duties.yaml", "owners: [meo]", "owners: [boss]");
    expect(folder, "rules check @", CLI_FAILED, "miit-2017-281/duties.yaml:");
    expect(folder, "rules check @", CLI_FAILED, "no resolver 'boss'; see");
    shared_remove(folder);
    write_copy(folder, "miit-2017-281/duties.yaml", "opened_by: [incident.received]",
               "opened_by: [incident.seen]");
    expect(folder, "rules check @", CLI_FAILED, "no act 'incident.seen'");
    shared_remove(folder);
    expect("", "rules check /nonexistent", CLI_FAILED, "/nonexistent");
}

static void list_tells_every_pack(void **state)
{
    (void)state;
    struct err err;
    json_t *doc = NULL;
    expect("", "rules list", CLI_DONE, "miit-2017-281  version 2017.1  (main)");
    expect("", "rules list", CLI_DONE, "working days 2007 to 2026");
    struct cli_result result = cli_fixture_run(&COMMANDS, "rules list --json", "");
    assert_int_equal(result.code, CLI_DONE);
    assert_ok(doc_parse_object(result.out, result.out_bytes, &doc, &err), &err);
    assert_int_equal(json_array_size(json_object_get(doc, "packs")), 4);
    const json_t *plan = json_array_get(json_object_get(doc, "packs"), 0);
    assert_int_equal(json_integer_value(json_object_get(plan, "conditions")), 19);
    json_decref(doc);
    cli_fixture_done(&result);
    expect("", "rules check --json", CLI_DONE, "\"calendar\":[2007,2026]");
    expect("", "rules list /nonexistent", CLI_FAILED, "/nonexistent");
}

static void show_tells_a_clause_with_its_rules(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *words;
    } ROWS[] = {
        {"rules show 6.1", "duty 004.6.1a"},
        {"rules show 6.1", "working_days 10"},
        {"rules show 6.1", "在应急响应结束后10个工作日内形成总结报告，报电信主管部门。"},
        {"rules show 004.4.4d", "power publish-orange"},
        {"rules show 4.4", "ambiguity 14"},
        {"rules show 4.4", "fields of 预警信息: 8"},
        {"rules show 4.2", "route 4.2-i-ii: incident.hazard_reported to meo"},
        {"rules show 1.4", "no rule (goal)"},
        {"rules show 3.2(4)", "condition L2-4: level II, by a number"},
        {"rules show 3.2", "contains 3.2(1)"},
        {"rules show 附件-重大", "not applied: draft of 2023"},
        {"rules show cac.4.1b", "not enforced (memory)"},
        {"rules show 四(三) --pack shca-2020", "重点抽查"},
        {"rules show --json 4.4", "\"clause\":\"4.4\""},
        {"rules show --json --pack miit-2017-281 all", "\"clause\":\"9.3\""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        expect("", ROWS[i].line, CLI_DONE, ROWS[i].words);
    expect("", "rules show 10.9", CLI_FAILED, "10.9");
    expect("", "rules show 4.4 --pack cac-2025", CLI_FAILED, "4.4");
    expect("", "rules show 4.4 --rules /nonexistent", CLI_FAILED, "/nonexistent");
    expect("", "rules show", CLI_USAGE, "CLAUSE");
}

static void diff_tells_what_changed(void **state)
{
    (void)state;
    char folder[SHARED_PATH_SIZE];
    expect("", "rules diff rules rules", CLI_DONE, "nothing changed");
    write_copy(folder, "miit-2017-281/duties.yaml", "n: 20", "n: 30");
    expect(folder, "rules diff rules @", CLI_DONE,
           "duties 004.6.1b: changed\n    - deadline.n: 20\n    + deadline.n: 30\n");
    shared_remove(folder);
    write_copy(folder, "calendar/2026.yaml", "work: [\n", "work: [2026-07-04,\n");
    expect(folder, "rules diff rules @", CLI_DONE, "calendar 2026-07-04: now a working day");
    expect(folder, "rules diff @ rules", CLI_DONE, "calendar 2026-07-04: no longer a working day");
    shared_remove(folder);
    expect("", "rules diff rules /nonexistent", CLI_FAILED, "/nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_says_yes_or_where_and_what_to_do),
        cmocka_unit_test(list_tells_every_pack),
        cmocka_unit_test(show_tells_a_clause_with_its_rules),
        cmocka_unit_test(diff_tells_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
