#include "domain/pack.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static struct pack_set *SET;
static const struct pack *PLAN;

static struct node_card card(const char *role, bool large)
{
    return (struct node_card){
        .id = "a", .tier = TIER_ENTERPRISE, .roles = {role}, .role_count = 1, .large = large};
}

static void a_role_is_itself_and_what_it_is_a_kind_of(void **state)
{
    (void)state;
    static const struct {
        const char *has;
        bool large;
        const char *asked;
        bool yes;
    } ROWS[] = {
        {"TEL", false, "TEL", true},     {"TEL-P", false, "TEL", true},    {"TEL", false, "TEL-P", false},
        {"TEL-G", false, "NOP", true},   {"INT", false, "INT-L", false},   {"INT", true, "INT-L", true},
        {"INT-II", true, "INT-L", true}, {"TEL", true, "INT-L", false},    {"VAT", false, "INT", true},
        {"MEO", false, "TRA", true},     {"PCA", false, "TRA", true},      {"PCA", false, "MIIT", false},
        {"PRO", false, "SEC", false},    {"unknown", false, "INT", false}, {"INT-L", false, "INT", true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct node_card one = card(ROWS[i].has, ROWS[i].large);
        if (pack_role(PLAN, &one, ROWS[i].asked) != ROWS[i].yes)
            fail_msg("%s as %s", ROWS[i].has, ROWS[i].asked);
    }
    struct node_card one = card("DNS", false);
    assert_true(pack_any_role(PLAN, &one, &(struct names){NULL, 0}));
    const char *roles[] = {"TEL", "DNS"};
    assert_true(pack_any_role(PLAN, &one, &(struct names){roles, 2}));
    assert_false(pack_any_role(PLAN, &one, &(struct names){roles, 1}));
    /* The other packs speak the same words. */
    assert_true(pack_role(pack_set_find(SET, "cac-2025"), &one, "NOP"));
}

static void a_condition_matches_when_all_its_keys_do(void **state)
{
    (void)state;
    struct node_card one = card("TEL", false);
    enum level levels[] = {LEVEL_I, LEVEL_II};
    enum tier tiers[] = {TIER_ENTERPRISE};
    enum colour colours[] = {COLOUR_NONE};
    const char *roles[] = {"TEL"};
    struct pack_when when = {.level = levels,
                             .level_count = 2,
                             .tier = tiers,
                             .tier_count = 1,
                             .colour = colours,
                             .colour_count = 1,
                             .role = {roles, 1}};
    struct pack_case subject = {.actor = &one, .level = LEVEL_II};
    assert_true(pack_when(PLAN, &when, &subject));
    assert_true(pack_when(PLAN, &(struct pack_when){0}, &(struct pack_case){0}));
    subject.level = LEVEL_NONE;
    assert_false(pack_when(PLAN, &when, &subject));
    subject.level = LEVEL_I;
    subject.colour = COLOUR_RED;
    assert_false(pack_when(PLAN, &when, &subject));
    subject.colour = COLOUR_NONE;
    subject.actor = NULL;
    assert_false(pack_when(PLAN, &when, &subject));
    one.tier = TIER_MINISTRY;
    subject.actor = &one;
    assert_false(pack_when(PLAN, &when, &subject));
    when = (struct pack_when){.happened = ANSWER_NO};
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.happened = ANSWER_UNKNOWN}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.happened = ANSWER_NO}));
}

static void a_field_is_looked_for_in_act_matter_and_root(void **state)
{
    (void)state;
    const char *values[] = {"duty_24h", "true"};
    struct pack_when when = {.field = "measure", .value = {values, 2}};
    json_t *yes = json_pack("{s:s}", "measure", "duty_24h");
    json_t *list = json_pack("{s:[s, s]}", "measure", "patch", "duty_24h");
    json_t *other = json_pack("{s:s}", "measure", "patch");
    json_t *truth = json_pack("{s:b}", "measure", 1);
    json_t *number = json_pack("{s:i}", "measure", 1);
    json_t *empty = json_object();
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = yes}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = list}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = truth}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.body = other, .doc = yes}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.body = number}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.body = empty}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = empty, .doc = yes}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = empty, .doc = empty, .root_doc = yes}));
    const char *none[] = {"none"};
    when.value = (struct names){none, 1};
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.body = empty}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.body = yes}));
    json_decref(yes);
    json_decref(list);
    json_decref(other);
    json_decref(truth);
    json_decref(number);
    json_decref(empty);
}

static void newly_graded_means_by_this_act(void **state)
{
    (void)state;
    enum level levels[] = {LEVEL_I, LEVEL_II, LEVEL_III};
    struct pack_when when = {.graded = levels, .graded_count = 3, .newly = true};
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.graded = LEVEL_III}));
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.graded = LEVEL_III, .graded_before = LEVEL_IV}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.graded = LEVEL_II, .graded_before = LEVEL_III}));
    assert_false(pack_when(PLAN, &when, &(struct pack_case){.graded = LEVEL_IV}));
    when.newly = false;
    assert_true(pack_when(PLAN, &when, &(struct pack_case){.graded = LEVEL_II, .graded_before = LEVEL_III}));
}

static void rows_are_found_by_their_ids(void **state)
{
    (void)state;
    assert_string_equal(pack_clause(PLAN, "3.2(4)")->text, "（4）1千万以上互联网用户信息泄露；");
    assert_string_equal(pack_provision(PLAN, "004.6.1a")->clause, "6.1");
    assert_string_equal(pack_level(PLAN, LEVEL_III)->name, "较大");
    assert_string_equal(pack_power(PLAN, "publish-orange")->act, "warning.publish");
    assert_int_equal(pack_duty(PLAN, "004.6.1b")->deadline.n, 20);
    assert_string_equal(pack_route(PLAN, "4.2-i-ii")->to.at[0], "meo");
    assert_int_equal(pack_enum(PLAN, "incident.kind")->values_count, 8);
    assert_string_equal(pack_role_row(PLAN, "PCA")->of, "TRA");
    assert_true(pack_ambiguity(PLAN, "17")->plan);
    assert_null(pack_clause(PLAN, "10"));
    assert_null(pack_duty(PLAN, NULL));
    assert_null(pack_level(PLAN, LEVEL_NONE));
    assert_string_equal(pack_outside_name("x:NCEO"), "国家网络安全应急办公室");
    assert_null(pack_outside_name("x:NOBODY"));
    assert_null(pack_outside_name("miit"));
}

/* The two routes of the plan, for a card with a role. */
static bool routed(const char *act, const char *role, enum level level, const char *to)
{
    struct node_card one = card(role, false);
    struct pack_case subject = {.actor = &one, .level = level};
    for (uint32_t i = 0; i < PLAN->routes_count; i++) {
        const struct route_row *row = &PLAN->routes[i];
        if (streq(row->act, act) && pack_when(PLAN, &row->when, &subject) && names_have(&row->to, to))
            return true;
    }
    return false;
}

static void what_happened_goes_to_both_and_what_may_happen_to_one(void **state)
{
    (void)state;
    static const enum level ALL[] = {LEVEL_NONE, LEVEL_I, LEVEL_II, LEVEL_III, LEVEL_IV};
    static const char *const ROLES[] = {"TEL", "DNS", "INT", "PRO", "SEC"};
    for (size_t r = 0; r < 5; r++) {
        for (size_t l = 0; l < 5; l++) {
            bool grave = ALL[l] == LEVEL_I || ALL[l] == LEVEL_II;
            bool unknown = ALL[l] == LEVEL_NONE;
            assert_true(routed("incident.reported", ROLES[r], ALL[l], "meo"));
            assert_true(routed("incident.reported", ROLES[r], ALL[l], "pca_relevant"));
            assert_int_equal(routed("incident.hazard_reported", ROLES[r], ALL[l], "meo"), grave || unknown);
            assert_int_equal(routed("incident.hazard_reported", ROLES[r], ALL[l], "pca_relevant"), !grave);
        }
    }
    assert_false(routed("incident.reported", "PCA", LEVEL_I, "meo"));
}

static void the_plan_has_what_its_tables_have(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t count;
    } FIELDS[] = {{"incident_report", 5}, {"warning", 8}, {"situation_report", 3}, {"summary", 10}};
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++)
        for (uint32_t f = 0; f < PLAN->fields_count; f++)
            if (streq(PLAN->fields[f].name, FIELDS[i].name))
                assert_int_equal(PLAN->fields[f].fields_count, FIELDS[i].count);
    static const struct {
        const char *name;
        uint32_t count;
    } ENUMS[] = {{"incident.cause", 4},    {"incident.kind", 8}, {"level", 4},     {"notice.type", 5},
                 {"report.misconduct", 4}, {"measure", 11},      {"workgroup", 7}, {"tool", 5},
                 {"sanction", 4},          {"urgency", 8}};
    for (size_t i = 0; i < sizeof ENUMS / sizeof ENUMS[0]; i++)
        assert_int_equal(pack_enum(PLAN, ENUMS[i].name)->values_count, ENUMS[i].count);
    assert_int_equal(PLAN->ambiguities_count, 55);
    assert_int_equal(PLAN->clauses_count, 75);
}

/* Every duty with a number, and no number where the law has a word. */
static void only_the_law_s_own_numbers_are_deadlines(void **state)
{
    (void)state;
    size_t numeric = 0;
    for (uint32_t i = 0; i < PLAN->duties_count; i++) {
        const struct duty_row *row = &PLAN->duties[i];
        if (row->deadline.n == 0)
            continue;
        numeric++;
        assert_int_equal(row->deadline.kind, DEADLINE_WORKING_DAYS);
        assert_string_equal(row->law->clause, "6.1");
    }
    assert_int_equal(numeric, 3);
    assert_int_equal(pack_duty(PLAN, "004.4.1b")->deadline.kind, DEADLINE_IMMEDIATE);
    assert_int_equal(pack_duty(PLAN, "004.4.1d")->deadline.kind, DEADLINE_PROMPT);
    assert_int_equal(pack_duty(PLAN, "004.7.2b.2")->deadline.kind, DEADLINE_YEARLY);
}

/* INT that is not large makes a plan and need not file it. */
static void filing_binds_the_large_only(void **state)
{
    (void)state;
    const struct duty_row *make = pack_duty(PLAN, "004.9.1c");
    const struct duty_row *file = pack_duty(PLAN, "004.9.1d");
    struct node_card small = card("INT", false);
    struct node_card large = card("INT", true);
    assert_true(pack_when(PLAN, &make->when, &(struct pack_case){.actor = &small}));
    assert_false(pack_when(PLAN, &file->when, &(struct pack_case){.actor = &small}));
    assert_true(pack_when(PLAN, &file->when, &(struct pack_case){.actor = &large}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_is_itself_and_what_it_is_a_kind_of),
        cmocka_unit_test(a_condition_matches_when_all_its_keys_do),
        cmocka_unit_test(a_field_is_looked_for_in_act_matter_and_root),
        cmocka_unit_test(newly_graded_means_by_this_act),
        cmocka_unit_test(rows_are_found_by_their_ids),
        cmocka_unit_test(what_happened_goes_to_both_and_what_may_happen_to_one),
        cmocka_unit_test(the_plan_has_what_its_tables_have),
        cmocka_unit_test(only_the_law_s_own_numbers_are_deadlines),
        cmocka_unit_test(filing_binds_the_large_only),
    };
    SET = rules_load();
    PLAN = pack_set_main(SET);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
