#include "domain/facts.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static struct pack_set *SET;
static struct arena ARENA;
static json_t *DOC; /* facts point into it */

static enum errc take(const char *text, struct facts *out, struct err *err)
{
    arena_reset(&ARENA);
    json_decref(DOC);
    DOC = NULL;
    enum errc rc = doc_parse_object(text, strlen(text), &DOC, err);
    if (rc == ERR_OK)
        rc = facts_read(DOC, pack_set_regions(SET), &ARENA, out, err);
    return rc;
}

static void reads_every_field_of_the_contract(void **state)
{
    (void)state;
    static const char TEXT[] =
        "{\"happened\": true, \"cause\": \"attack\", \"kinds\": "
        "[\"outage\",\"congestion\",\"breakdown\",\"abnormal\","
        "\"leak\",\"loss\",\"virus\",\"other\"], \"leaked_users\": 12000000, \"leaked_records\": 50000000,"
        "\"scope\": {\"nationwide\": false, \"provinces\": [\"330000\",\"320000\",\"330000\"], "
        "\"prefectures\": [\"330100\"]},"
        "\"judged\": {\"many_users_offline\": true, \"cn_tld_degraded\": null, \"large_resolver_abnormal\": "
        "null,"
        "\"site_abnormal\": false, \"site_influence\": \"national\", \"virus_outbreak\": null, "
        "\"other_level\": \"IV\","
        "\"other_reason\": \"text\"}}";
    struct facts facts;
    struct err err;
    assert_ok(take(TEXT, &facts, &err), &err);
    assert_int_equal(facts.at[FACT_HAPPENED].number, 1);
    assert_string_equal(facts.at[FACT_CAUSE].text, "attack");
    assert_int_equal(facts.at[FACT_KINDS].number, 8);
    assert_int_equal(facts.at[FACT_LEAKED_USERS].number, 12000000);
    assert_int_equal(facts.at[FACT_LEAKED_RECORDS].number, 50000000);
    assert_int_equal(facts.at[FACT_PROVINCES].number, 2); /* counted once each */
    assert_int_equal(facts.at[FACT_PREFECTURES].number, 1);
    assert_true(facts.at[FACT_NATIONWIDE].known);
    assert_false(facts.at[FACT_CN_TLD_DEGRADED].known);
    assert_string_equal(facts.at[FACT_OTHER_LEVEL].text, "IV");
    assert_ok(take("{}", &facts, &err), &err);
    for (int i = 0; i < FACT_COUNT; i++)
        assert_false(facts.at[i].known);
    assert_ok(take("{\"scope\":null,\"judged\":{},\"kinds\":[]}", &facts, &err), &err);
    assert_true(facts.at[FACT_KINDS].known);
}

static void names_the_field_of_everything_that_does_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *field;
    } BAD[] = {
        {"{\"leaked_users\": -1}", "leaked_users"},
        {"{\"leaked_users\": 1.5}", "leaked_users"},
        {"{\"leaked_users\": 1e6}", "leaked_users"},
        {"{\"leaked_users\": \"1000000\"}", "leaked_users"},
        {"{\"leaked_users\": true}", "leaked_users"},
        {"{\"leaked_users\": [1]}", "leaked_users"},
        {"{\"leaked_records\": -5}", "leaked_records"},
        {"{\"happened\": 1}", "happened"},
        {"{\"happened\": \"true\"}", "happened"},
        {"{\"cause\": \"earthquake\"}", "cause"},
        {"{\"cause\": \"\"}", "cause"},
        {"{\"cause\": 1}", "cause"},
        {"{\"kinds\": \"leak\"}", "kinds"},
        {"{\"kinds\": [\"leak\", \"fire\"]}", "kinds[1]"},
        {"{\"kinds\": [null]}", "kinds[0]"},
        {"{\"scope\": []}", "scope"},
        {"{\"scope\": {\"provinces\": [\"330000\", \"990000\"]}}", "scope.provinces[1]"},
        {"{\"scope\": {\"provinces\": [\"330100\"]}}", "scope.provinces[0]"},
        {"{\"scope\": {\"provinces\": [330000]}}", "scope.provinces[0]"},
        {"{\"scope\": {\"prefectures\": [\"330000\"]}}", "scope.prefectures[0]"},
        {"{\"scope\": {\"nationwide\": \"no\"}}", "scope.nationwide"},
        {"{\"scope\": {\"cities\": []}}", "scope.cities"},
        {"{\"judged\": {\"many_users\": true}}", "judged.many_users"},
        {"{\"judged\": {\"virus_outbreak\": 0}}", "judged.virus_outbreak"},
        {"{\"judged\": {\"site_influence\": \"city\"}}", "judged.site_influence"},
        {"{\"judged\": {\"other_level\": \"V\"}}", "judged.other_level"},
        {"{\"judged\": {\"other_level\": 1}}", "judged.other_level"},
        {"{\"judged\": {\"other_reason\": 1}}", "judged.other_reason"},
        {"{\"level\": \"I\"}", "level"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct facts facts = {.at = {{.number = 7}}};
        struct err err;
        assert_code(take(BAD[i].text, &facts, &err), ERR_INVALID);
        assert_string_equal(err.field, BAD[i].field);
        assert_int_equal(facts.at[0].number, 7);
    }
}

static void refuses_broken_and_ambiguous_documents(void **state)
{
    (void)state;
    struct facts facts;
    struct err err;
    assert_code(take("{\"leaked_users\": 1, \"leaked_users\": 2}", &facts, &err), ERR_SYNTAX);
    assert_non_null(strstr(err.message, "leaked_users"));
    assert_code(take("{\"leaked_users\": 1", &facts, &err), ERR_SYNTAX);
    assert_code(take("[]", &facts, &err), ERR_INVALID);
    assert_true(take("{\"scope\": {\"provinces\": [\"330000\"], \"provinces\": []}}", &facts, &err) < 0);
    assert_non_null(strstr(err.message, "provinces"));
    assert_true(take("{\"leaked_users\": 99999999999999999999}", &facts, &err) < 0);
    assert_string_equal(err.field, "leaked_users");
    json_t *list = json_array();
    assert_code(facts_read(list, pack_set_regions(SET), &ARENA, &facts, &err), ERR_INVALID);
    json_decref(list);
}

static void refuses_lists_without_end(void **state)
{
    (void)state;
    struct facts facts;
    struct err err;
    char text[600 * 10 + 40] = "{\"kinds\":[\"leak\"";
    for (int i = 0; i < 600; i++)
        memcpy(text + strlen(text), ",\"leak\"", 8);
    memcpy(text + strlen(text), "]}", 3);
    assert_code(take(text, &facts, &err), ERR_INVALID);
    assert_string_equal(err.field, "kinds");
}

static void says_when_memory_is_short(void **state)
{
    (void)state;
    struct arena tiny;
    struct facts facts;
    struct err err;
    arena_init(&tiny, 8);
    json_t *doc = json_pack("{s:[s]}", "kinds", "leak");
    assert_code(facts_read(doc, pack_set_regions(SET), &tiny, &facts, &err), ERR_NOMEM);
    json_decref(doc);
    arena_done(&tiny);
}

static enum verdict ask(const char *text, struct fact_test test)
{
    struct facts facts;
    struct err err;
    assert_ok(take(text, &facts, &err), &err);
    return facts_ask(&facts, &test);
}

static void answers_met_not_met_or_unknown(void **state)
{
    (void)state;
    struct fact_test min = {.fact_id = FACT_LEAKED_USERS, .op = FACT_OP_MIN, .number = 10};
    assert_int_equal(ask("{\"leaked_users\":10}", min), VERDICT_MET);
    assert_int_equal(ask("{\"leaked_users\":9}", min), VERDICT_NOT_MET);
    assert_int_equal(ask("{\"leaked_records\":10}", min), VERDICT_UNKNOWN);
    struct fact_test max = {.fact_id = FACT_KINDS, .op = FACT_OP_MAX, .number = 1};
    assert_int_equal(ask("{\"kinds\":[\"leak\"]}", max), VERDICT_MET);
    assert_int_equal(ask("{\"kinds\":[\"leak\",\"loss\"]}", max), VERDICT_NOT_MET);
    struct fact_test has = {.fact_id = FACT_KINDS, .op = FACT_OP_HAS, .value = "leak"};
    struct fact_test lacks = {.fact_id = FACT_KINDS, .op = FACT_OP_LACKS, .value = "leak"};
    assert_int_equal(ask("{\"kinds\":[\"leak\"]}", has), VERDICT_MET);
    assert_int_equal(ask("{\"kinds\":[\"leak\"]}", lacks), VERDICT_NOT_MET);
    assert_int_equal(ask("{\"kinds\":[]}", lacks), VERDICT_MET);
    assert_int_equal(ask("{}", lacks), VERDICT_UNKNOWN);
    struct fact_test known = {.fact_id = FACT_CAUSE, .op = FACT_OP_KNOWN};
    struct fact_test unknown = {.fact_id = FACT_CAUSE, .op = FACT_OP_UNKNOWN};
    assert_int_equal(ask("{}", known), VERDICT_NOT_MET);
    assert_int_equal(ask("{}", unknown), VERDICT_MET);
    assert_int_equal(ask("{\"cause\":\"attack\"}", known), VERDICT_MET);
    struct fact_test above = {
        .fact_id = FACT_LEAKED_USERS, .op = FACT_OP_ABOVE, .other_id = FACT_LEAKED_RECORDS};
    assert_int_equal(ask("{\"leaked_users\":2,\"leaked_records\":1}", above), VERDICT_MET);
    assert_int_equal(ask("{\"leaked_users\":1,\"leaked_records\":1}", above), VERDICT_NOT_MET);
    assert_int_equal(ask("{\"leaked_users\":1}", above), VERDICT_UNKNOWN);
    struct fact_test outside = {
        .fact_id = FACT_PREFECTURES, .op = FACT_OP_OUTSIDE, .other_id = FACT_PROVINCES};
    assert_int_equal(ask("{\"scope\":{\"provinces\":[\"330000\"],\"prefectures\":[\"330100\"]}}", outside),
                     VERDICT_NOT_MET);
    assert_int_equal(
        ask("{\"scope\":{\"provinces\":[\"330000\"],\"prefectures\":[\"330100\",\"320100\"]}}", outside),
        VERDICT_MET);
    struct fact_test is = {.fact_id = FACT_HAPPENED, .op = FACT_OP_IS, .value = "false"};
    assert_int_equal(ask("{\"happened\":false}", is), VERDICT_MET);
    assert_int_equal(ask("{\"happened\":true}", is), VERDICT_NOT_MET);
}

static void every_fact_has_a_path_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < FACT_COUNT; i++)
        assert_int_equal(fact_parse(fact_path((enum fact_id)i)), i);
    assert_int_equal(fact_parse("scope"), -1);
    assert_true(fact_word_known(FACT_HAPPENED, "true"));
    assert_false(fact_word_known(FACT_HAPPENED, "yes"));
    assert_false(fact_word_known(FACT_LEAKED_USERS, "1"));
    assert_string_equal(fact_op_name(FACT_OP_OUTSIDE), "outside");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_field_of_the_contract),
        cmocka_unit_test(names_the_field_of_everything_that_does_not_fit),
        cmocka_unit_test(refuses_broken_and_ambiguous_documents),
        cmocka_unit_test(refuses_lists_without_end),
        cmocka_unit_test(says_when_memory_is_short),
        cmocka_unit_test(answers_met_not_met_or_unknown),
        cmocka_unit_test(every_fact_has_a_path_of_its_own),
    };
    SET = rules_load();
    arena_init(&ARENA, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&ARENA);
    json_decref(DOC);
    pack_set_free(SET);
    return failed;
}
