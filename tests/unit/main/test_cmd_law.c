#include "base/doc.h"
#include "lib/check.h"
#include "unit/main/cli_fixture.h"

#include <string.h>

/* Runs a line, checks its exit code and gives the document it wrote. */
static json_t *run(const char *line, const char *input, int code)
{
    struct err err;
    json_t *doc = NULL;
    struct cli_result result = cli_fixture_run(&COMMANDS, line, input);
    if (result.code != code)
        fail_msg("'%s' gives %d: %s", line, result.code, result.err);
    assert_ok(doc_parse(result.out, result.out_bytes, &doc, &err), &err);
    cli_fixture_done(&result);
    return doc;
}

static const char *text(const json_t *doc, const char *name)
{
    const char *said = json_string_value(json_object_get(doc, name));
    return said ? said : "";
}

static void expect_error(const char *line, const char *input, int code, const char *words)
{
    struct cli_result result = cli_fixture_run(&COMMANDS, line, input);
    assert_int_equal(result.code, code);
    assert_string_equal(result.out, "");
    if (!strstr(result.err, words))
        fail_msg("'%s' says %s", line, result.err);
    cli_fixture_done(&result);
}

static void grade_proposes_a_level(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *level;
        const char *decidable;
    } ROWS[] = {
        {"{\"leaked_users\":1000000}", "III", "machine"},
        {"{\"leaked_users\":999999}", "IV", "machine"},
        {"{\"leaked_records\":999999999}", "", "human"},
        {"{\"judged\":{\"cn_tld_degraded\":true}}", "I", "human"},
        {"{}", "", "human"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        json_t *doc = run("grade -", ROWS[i].facts, CLI_DONE);
        assert_string_equal(text(doc, "pack"), "miit-2017-281");
        assert_string_equal(text(doc, "level"), ROWS[i].level);
        assert_string_equal(text(doc, "decidable"), ROWS[i].decidable);
        assert_int_equal(json_array_size(json_object_get(doc, "conditions")), 19);
        json_decref(doc);
    }
}

static void grade_takes_another_pack_or_all(void **state)
{
    (void)state;
    json_t *doc = run("grade --pack cac-2025", "{\"leaked_users\":100000}", CLI_DONE);
    assert_string_equal(text(doc, "pack"), "cac-2025");
    assert_true(json_is_null(json_object_get(doc, "level")));
    json_decref(doc);
    doc = run("grade --pack all -", "{\"leaked_users\":1000000}", CLI_DONE);
    assert_int_equal(json_array_size(doc), 2);
    json_decref(doc);
    expect_error("grade --pack order-11 -", "{}", CLI_USAGE, "no pack 'order-11'");
    expect_error("grade --pack shca-2020 -", "{}", CLI_FAILED, "no levels");
}

static void grade_names_the_field_of_bad_input(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *words;
    } ROWS[] = {
        {"{\"leaked_users\":-1}", "leaked_users"},
        {"{\"leaked_users\":0.5}", "leaked_users"},
        {"{\"leaked_users\":1,\"leaked_users\":2}", "leaked_users"},
        {"{\"leaked_users\":999999999999999999999}", "leaked_users"},
        {"{\"scope\":{\"provinces\":[\"999999\"]}}", "scope.provinces[0]"},
        {"{\"victim\":\"x\"}", "victim"},
        {"{\"happened\":\"yes\"}", "happened"},
        {"{\"leaked_users\":", "JSON"},
        {"[]", "object"},
        {"", "JSON"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        expect_error("grade -", ROWS[i].facts, CLI_FAILED, ROWS[i].words);
    expect_error("grade /nonexistent/facts.json", "", CLI_FAILED, "/nonexistent");
}

static void due_adds_working_days(void **state)
{
    (void)state;
    json_t *doc = run("due --from 2020-01-22 --working-days 10", "", CLI_DONE);
    assert_string_equal(text(doc, "due"), "2020-02-13");
    assert_string_equal(text(doc, "from"), "2020-01-22");
    assert_int_equal(json_integer_value(json_object_get(doc, "working_days")), 10);
    assert_true(json_is_false(json_object_get(doc, "provisional")));
    assert_string_equal(text(doc, "calendar"), "cn 2020@2020-01-27");
    json_decref(doc);
    doc = run("due --from 2020-01-22 --working-days 10 --as-of 2020-01-22", "", CLI_DONE);
    assert_string_equal(text(doc, "due"), "2020-02-11");
    json_decref(doc);
    doc = run("due --from 2026-12-24 --working-days 20", "", CLI_DONE);
    assert_true(json_is_true(json_object_get(doc, "provisional")));
    json_decref(doc);
    expect_error("due --from 2018-09-31 --working-days 1", "", CLI_USAGE, "2018-09-31");
    expect_error("due --from 2020-01-22", "", CLI_USAGE, "working-days");
    expect_error("due --from 2020-01-22 --working-days -1", "", CLI_USAGE, "working-days");
    expect_error("due --from 2020-01-22 --working-days 1.5", "", CLI_USAGE, "working-days");
}

static void may_answers_and_refuses_with_the_clause(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int code;
        const char *clause;
    } ROWS[] = {
        {"may --act warning.publish --tier province --region 330000 --colour blue", CLI_DONE, "4.4"},
        {"may --act warning.publish --tier province --region 330000 --colour orange", CLI_REFUSED, "4.4"},
        {"may --act warning.publish --tier province --region 330000 --colour blue --target-region 320000",
         CLI_REFUSED, "4.4"},
        {"may --act warning.publish --tier province --colour red", CLI_REFUSED, "4.4"},
        {"may --act warning.lift --tier ministry --colour yellow --publisher province:330000", CLI_REFUSED,
         "4.6"},
        {"may --act warning.lift --tier province --region 330000 --colour yellow --publisher province:330000",
         CLI_DONE, "4.6"},
        {"may --act response.start --tier ministry --level I --basis leading-group", CLI_DONE, "5.3"},
        {"may --act response.start --tier ministry --level I --basis none", CLI_REFUSED, "5.3"},
        {"may --act response.end --tier ministry --level II", CLI_DONE, "5.6"},
        {"may --act order.issue --tier ministry --level II --response-started no", CLI_REFUSED, "5.5"},
        {"may --act release.public --tier enterprise --consent no", CLI_REFUSED, "5.5"},
        {"may --act release.public --tier enterprise --consent yes", CLI_DONE, "5.5"},
        {"may --act draw.run --tier ministry", CLI_DONE, "四(二)"},
        {"may --act notice.rectify --tier vendor", CLI_REFUSED, "四(三)"},
        {"may --act unit.review --tier province --region 310000", CLI_DONE, "三(一)"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        json_t *doc = run(ROWS[i].line, "", ROWS[i].code);
        assert_int_equal(json_is_true(json_object_get(doc, "allowed")), ROWS[i].code == CLI_DONE);
        assert_string_equal(text(doc, "clause"), ROWS[i].clause);
        assert_true(text(doc, "why")[0] != '\0' && json_is_array(json_object_get(doc, "then")));
        json_decref(doc);
    }
}

static void may_asks_for_what_is_missing_or_wrong(void **state)
{
    (void)state;
    expect_error("may --act warning.publish --tier province", "", CLI_USAGE, "colour");
    expect_error("may --act warning.paint --tier province", "", CLI_USAGE, "warning.paint");
    expect_error("may --act warning.publish --tier county --colour red", "", CLI_USAGE, "tier");
    expect_error("may --act warning.publish --tier province --region 999999 --colour blue", "", CLI_USAGE,
                 "999999");
    expect_error("may --act warning.publish --tier province --region 330000 --colour blue --target-region 0",
                 "", CLI_USAGE, "target-region");
    expect_error("may --act warning.lift --tier province --colour blue --publisher mayor", "", CLI_USAGE,
                 "publisher");
    expect_error("may --act warning.lift --tier province --colour blue --publisher province:77", "",
                 CLI_USAGE, "publisher");
    expect_error("may --tier province", "", CLI_USAGE, "act");
}

static void other_rules_can_be_given(void **state)
{
    (void)state;
    json_t *doc = run("due --from 2025-01-24 --working-days 10 --rules rules", "", CLI_DONE);
    assert_string_equal(text(doc, "due"), "2025-02-13");
    json_decref(doc);
    expect_error("grade --rules /nonexistent -", "{}", CLI_FAILED, "/nonexistent");
    expect_error("due --from 2025-01-24 --working-days 10 --rules /nonexistent", "", CLI_FAILED,
                 "/nonexistent");
    expect_error("may --act draw.run --tier ministry --rules /nonexistent", "", CLI_FAILED, "/nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grade_proposes_a_level),
        cmocka_unit_test(grade_takes_another_pack_or_all),
        cmocka_unit_test(grade_names_the_field_of_bad_input),
        cmocka_unit_test(due_adds_working_days),
        cmocka_unit_test(may_answers_and_refuses_with_the_clause),
        cmocka_unit_test(may_asks_for_what_is_missing_or_wrong),
        cmocka_unit_test(other_rules_can_be_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
