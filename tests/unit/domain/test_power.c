#include "domain/power.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static struct pack_set *SET;

/* A question in the words of `fengsui may`, so that a row of a test reads like the command. */
struct question {
    const char *act;
    enum tier tier;
    const char *region;
    const char *colour;
    const char *level;
    const char *target;
    const char *publisher; /* "province:330000" */
    const char *basis;
    const char *consent;
    const char *started;
};

static enum answer answer_of(const char *word)
{
    return !word ? ANSWER_UNKNOWN : streq(word, "yes") ? ANSWER_YES : ANSWER_NO;
}

static enum errc ask(const struct question *q, struct power_answer *out, struct err *err)
{
    struct power_query query = power_query(q->act, q->tier);
    char tier[20];
    query.region = q->region;
    query.colour = colour_parse(q->colour);
    query.level = level_parse(q->level);
    query.target_region = q->target;
    query.basis = q->basis ? (enum basis)basis_parse(q->basis) : BASIS_NONE;
    query.consent = answer_of(q->consent);
    query.response_started = answer_of(q->started);
    const char *colon = q->publisher ? strchr(q->publisher, ':') : NULL;
    if (q->publisher) {
        (void)snprintf(tier, sizeof tier, "%.*s", (int)strcspn(q->publisher, ":"), q->publisher);
        query.publisher_tier = tier_parse(tier);
        query.publisher_region = colon ? colon + 1 : NULL;
    }
    return power_check(SET, &query, out, err);
}

static bool then_says(const struct power_answer *answer, const char *words)
{
    for (uint32_t i = 0; i < answer->then->count; i++)
        if (strstr(answer->then->at[i].en, words))
            return true;
    return false;
}

struct expected {
    struct question q;
    bool allowed;
    const char *clause;
    const char *then; /* words of one of the things then; NULL = not asked */
};

static void check_all(const struct expected *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct power_answer answer;
        struct err err;
        assert_ok(ask(&rows[i].q, &answer, &err), &err);
        if (answer.allowed != rows[i].allowed)
            fail_msg("row %zu: %s of %s: %s", i, rows[i].q.act, tier_name(rows[i].q.tier), answer.why.en);
        assert_string_equal(answer.clause, rows[i].clause);
        assert_true(answer.why.zh[0] && answer.why.en[0]);
        if (rows[i].then && !then_says(&answer, rows[i].then))
            fail_msg("row %zu: nothing about '%s' then", i, rows[i].then);
        assert_true(answer.allowed == !answer.need);
    }
}
#define CHECK(rows) check_all(rows, sizeof rows / sizeof rows[0])

static const struct expected COLOURS[] = {
    {{"warning.publish", TIER_MINISTRY, .colour = "red"}, false, "4.4", "NCEO"},
    {{"warning.publish", TIER_PROVINCE, .colour = "red"}, false, "4.4", "report to ministry"},
    {{"warning.publish", TIER_ENTERPRISE, .colour = "red"}, false, "4.4", "report to ministry"},
    {{"warning.publish", TIER_MINISTRY, .colour = "orange"}, true, "4.4", "NCEO"},
    {{"warning.publish", TIER_MINISTRY, .colour = "orange"}, true, "4.4", "MLG"},
    {{"warning.publish", TIER_PROVINCE, .colour = "orange"}, false, "4.4", "ministry"},
    {{"warning.publish", TIER_VENDOR, .colour = "orange"}, false, "4.4", "report to ministry"},
    {{"warning.publish", TIER_PROVINCE, .region = "330000", .colour = "blue"},
     true,
     "4.4",
     "report to ministry"},
    {{"warning.publish", TIER_PROVINCE, .region = "330000", .colour = "yellow"},
     true,
     "4.4",
     "local departments"},
    {{"warning.publish", TIER_PROVINCE, .region = "330000", .colour = "blue", .target = "330100"},
     true,
     "4.4",
     NULL},
    {{"warning.publish", TIER_PROVINCE, .region = "330000", .colour = "blue", .target = "320000"},
     false,
     "4.4",
     NULL},
    {{"warning.publish", TIER_PROVINCE, .region = "330000", .colour = "blue", .target = "000000"},
     false,
     "4.4",
     NULL},
    {{"warning.publish", TIER_MINISTRY, .colour = "yellow"}, false, "4.4", "province"},
    {{"warning.publish", TIER_ENTERPRISE, .region = "330000", .colour = "yellow"},
     false,
     "4.4",
     "provincial administration"},
    {{"warning.publish", TIER_INSTITUTION, .colour = "blue"}, false, "4.4", NULL},
    {{"warning.forward", TIER_MINISTRY, .colour = "red"}, true, "4.4", "MLG"},
    {{"warning.forward", TIER_MINISTRY, .region = NULL}, true, "4.4", NULL},
    {{"warning.forward", TIER_PROVINCE, .colour = "red"}, false, "4.4", NULL},
    {{"warning.forward", TIER_MINISTRY, .colour = "orange"}, false, "4.4", NULL},
    {{"risktip.publish", TIER_MINISTRY, .region = NULL}, true, "4.4", NULL},
    {{"risktip.publish", TIER_PROVINCE, .region = "330000"}, true, "4.4", NULL},
    {{"risktip.publish", TIER_PROVINCE, .region = "330000", .target = "320000"}, false, "2.3", NULL},
    {{"risktip.publish", TIER_ENTERPRISE, .region = NULL}, false, "4.4", NULL},
    {{"measure.require", TIER_MINISTRY, .colour = "red"}, true, "4.5.2", NULL},
    {{"measure.require", TIER_PROVINCE, .region = "330000", .colour = "orange"}, false, "4.5.2", NULL},
    {{"measure.require", TIER_PROVINCE, .region = "330000", .colour = "blue"}, true, "4.5.1", NULL},
    {{"measure.require", TIER_PROVINCE, .region = "330000", .colour = "blue", .target = "320000"},
     false,
     "2.3",
     NULL},
};

static void every_colour_has_its_publisher(void **state)
{
    (void)state;
    CHECK(COLOURS);
}

static const struct expected LIFTS[] = {
    {{"warning.lift", TIER_PROVINCE, .region = "330000", .colour = "yellow", .publisher = "province:330000"},
     true,
     "4.6",
     "report to ministry"},
    {{"warning.lift", TIER_PROVINCE, .region = "330000", .colour = "yellow", .publisher = "province:320000"},
     false,
     "4.6",
     NULL},
    {{"warning.lift", TIER_MINISTRY, .region = NULL, .colour = "yellow", .publisher = "province:320000"},
     false,
     "4.6",
     NULL},
    {{"warning.lift", TIER_MINISTRY, .region = NULL, .colour = "blue"}, false, "4.6", NULL},
    {{"warning.lift", TIER_MINISTRY, .region = NULL, .colour = "yellow", .publisher = "ministry"},
     true,
     "4.6",
     NULL},
    {{"warning.lift", TIER_ENTERPRISE, .region = "330000", .colour = "blue", .publisher = "province:330000"},
     false,
     "4.6",
     NULL},
    {{"warning.lift", TIER_MINISTRY, .region = NULL, .colour = "orange"}, true, "4.6", "measures"},
    {{"warning.lift", TIER_MINISTRY, .region = NULL, .colour = "red"}, true, "4.6", NULL},
    {{"warning.lift", TIER_PROVINCE, .region = "330000", .colour = "orange", .publisher = "ministry"},
     false,
     "4.6",
     "ministry"},
    {{"warning.lift", TIER_PROVINCE, .region = "330000", .colour = "red"}, false, "4.6", NULL},
    {{"warning.lift", TIER_PROVINCE, .region = "330000"}, true, "4.6", NULL},
    {{"warning.lift", TIER_PROVINCE, .region = "330000", .publisher = "ministry:000000"}, false, "4.6", NULL},
    {{"warning.adjust", TIER_PROVINCE, .region = "330000", .colour = "blue", .publisher = "province:330000"},
     true,
     "4.6",
     NULL},
    {{"warning.adjust", TIER_PROVINCE, .region = "330000", .colour = "blue", .publisher = "province:320000"},
     false,
     "4.6",
     NULL},
    {{"warning.adjust", TIER_PROVINCE, .region = "330000", .colour = "orange",
      .publisher = "province:330000"},
     false,
     "4.4",
     "ministry"},
    {{"warning.adjust", TIER_MINISTRY, .region = NULL, .colour = "orange", .publisher = "province:330000"},
     false,
     "4.6",
     NULL},
    {{"warning.adjust", TIER_MINISTRY, .region = NULL, .colour = "orange"}, true, "4.6", "NCEO"},
    {{"warning.adjust", TIER_MINISTRY, .region = NULL, .colour = "red"}, false, "4.4", NULL},
    {{"warning.adjust", TIER_MINISTRY, .region = NULL, .colour = "yellow", .publisher = "ministry"},
     true,
     "4.6",
     "province"},
    {{"warning.adjust", TIER_MINISTRY, .region = NULL, .colour = "yellow", .publisher = "province:330000"},
     false,
     "4.6",
     NULL},
};

static void a_warning_is_adjusted_and_lifted_by_its_publisher(void **state)
{
    (void)state;
    CHECK(LIFTS);
}

static const struct expected COMMANDS[] = {
    {{"response.start", TIER_MINISTRY, .level = "I"}, false, "5.3", "leading group"},
    {{"response.start", TIER_MINISTRY, .level = "I", .basis = "none"}, false, "5.3", NULL},
    {{"response.start", TIER_MINISTRY, .level = "I", .basis = "state"}, true, "5.3", "NCEO"},
    {{"response.start", TIER_MINISTRY, .level = "I", .basis = "leading-group"}, true, "5.3", NULL},
    {{"response.start", TIER_PROVINCE, .level = "I", .basis = "state"}, false, "5.3", NULL},
    {{"response.start", TIER_MINISTRY, .level = "II"}, true, "5.3", "NCEO"},
    {{"response.start", TIER_PROVINCE, .region = "330000", .level = "II"}, false, "5.3", "ministry"},
    {{"response.start", TIER_PROVINCE, .region = "330000", .level = "III"},
     true,
     "5.3",
     "report to ministry"},
    {{"response.start", TIER_PROVINCE, .region = "330000", .level = "IV", .target = "320100"},
     false,
     "5.3",
     NULL},
    {{"response.start", TIER_MINISTRY, .level = "III"}, false, "5.3", "province"},
    {{"response.start", TIER_ENTERPRISE, .region = "330000", .level = "IV"}, false, "5.3", "own plan"},
    {{"response.end", TIER_MINISTRY, .level = "I"}, false, "5.6", NULL},
    {{"response.end", TIER_MINISTRY, .level = "I", .basis = "state"}, true, "5.6", "10 working days"},
    {{"response.end", TIER_MINISTRY, .level = "II"}, true, "5.6", "MLG"},
    {{"response.end", TIER_PROVINCE, .region = "330000", .level = "II"}, false, "5.6", NULL},
    {{"response.end", TIER_PROVINCE, .region = "330000", .level = "IV"}, true, "5.6", "report to ministry"},
    {{"response.end", TIER_PROVINCE, .region = "330000", .level = "IV", .target = "320000"},
     false,
     "5.6",
     NULL},
    {{"order.issue", TIER_MINISTRY, .level = "I", .started = "yes"}, true, "5.5", NULL},
    {{"order.issue", TIER_MINISTRY, .level = "II"}, false, "5.5", "start"},
    {{"order.issue", TIER_MINISTRY, .level = "II", .started = "no"}, false, "5.5", NULL},
    {{"order.issue", TIER_MINISTRY, .level = "II", .started = "yes"}, true, "5.5", NULL},
    {{"order.issue", TIER_PROVINCE, .region = "330000", .level = "II", .started = "yes"}, false, "2.2", NULL},
    {{"order.issue", TIER_PROVINCE, .region = "330000", .level = "III", .started = "yes"}, true, "5.5", NULL},
    {{"order.issue", TIER_PROVINCE, .region = "330000", .level = "III", .started = "yes", .target = "320000"},
     false,
     "5.5",
     "support"},
    {{"order.issue", TIER_MINISTRY, .level = "IV", .started = "yes"}, false, "5.5", NULL},
    {{"order.issue", TIER_ENTERPRISE, .region = "330000", .level = "IV", .started = "yes"},
     false,
     "5.5",
     NULL},
    {{"response.coordinate", TIER_MINISTRY, .region = NULL}, true, "2.2", NULL},
    {{"response.coordinate", TIER_PROVINCE, .region = NULL}, false, "2.2", NULL},
    {{"incident.assess", TIER_MINISTRY, .level = "II"}, true, "2.2", NULL},
    {{"incident.assess", TIER_PROVINCE, .region = "330000", .level = "II"}, false, "2.2", NULL},
    {{"incident.assess", TIER_PROVINCE, .region = "330000", .level = "III"}, true, "2.3", NULL},
    {{"incident.assess", TIER_MINISTRY, .level = "IV"}, true, "2.2", NULL},
    {{"incident.assess", TIER_PROVINCE, .region = "330000"}, true, "2.3", NULL},
    {{"incident.assess", TIER_ENTERPRISE, .region = "330000", .level = "IV"}, false, "2.3", NULL},
    {{"incident.receive", TIER_PROVINCE, .region = NULL}, true, "4.1", NULL},
    {{"incident.receive", TIER_ENTERPRISE, .region = NULL}, false, "4.1", NULL},
    {{"support.request", TIER_PROVINCE, .region = NULL}, true, "5.5", NULL},
    {{"support.request", TIER_VENDOR, .region = NULL}, false, "5.5", NULL},
    {{"departments.inform", TIER_MINISTRY, .region = NULL}, true, "5.5", NULL},
    {{"departments.inform", TIER_PROVINCE, .region = NULL}, false, "5.5", NULL},
};

static void every_level_has_its_commander(void **state)
{
    (void)state;
    CHECK(COMMANDS);
}

static void the_public_is_told_with_consent_and_users_without(void **state)
{
    (void)state;
    static const struct expected ROWS[] = {
        {{"release.public", TIER_ENTERPRISE, .region = NULL}, false, "5.5", "consent"},
        {{"release.public", TIER_ENTERPRISE, .consent = "no"}, false, "5.5", NULL},
        {{"release.public", TIER_ENTERPRISE, .consent = "yes"}, true, "5.5", NULL},
        {{"release.public", TIER_PROVINCE, .region = NULL}, false, "5.5", NULL},
        {{"release.public", TIER_MINISTRY, .region = NULL}, true, "5.5", NULL},
        {{"release.consent", TIER_MINISTRY, .region = NULL}, true, "5.5", NULL},
        {{"release.consent", TIER_PROVINCE, .region = NULL}, false, "5.5", NULL},
        {{"users.notify", TIER_ENTERPRISE, .region = NULL}, true, "5.5", "reduce the harm"},
        {{"summary.consolidate", TIER_PROVINCE, .region = NULL}, true, "6.1", NULL},
        {{"summary.consolidate", TIER_ENTERPRISE, .region = NULL}, false, "6.1", NULL},
        {{"commendation.record", TIER_MINISTRY, .region = NULL}, true, "6.2", NULL},
        {{"commendation.record", TIER_PROVINCE, .region = NULL}, false, "6.2", NULL},
        {{"accountability.record", TIER_PROVINCE, .region = "330000"}, true, "6.2", NULL},
        {{"accountability.record", TIER_PROVINCE, .region = "330000", .target = "320000"},
         false,
         "2.3",
         NULL},
        {{"accountability.record", TIER_ENTERPRISE, .region = NULL}, false, "6.2", NULL},
    };
    CHECK(ROWS);
}

static void inspections_have_their_own_powers(void **state)
{
    (void)state;
    static const struct expected ROWS[] = {
        {{"draw.run", TIER_MINISTRY, .region = NULL}, true, "四(二)", "draw"},
        {{"draw.run", TIER_PROVINCE, .region = "330000"}, true, "四(二)", NULL},
        {{"draw.run", TIER_ENTERPRISE, .region = NULL}, false, "三(三)", NULL},
        {{"draw.run", TIER_PROVINCE, .region = "330000", .target = "320000"}, false, "三(三)", NULL},
        {{"target.choose", TIER_MINISTRY, .region = NULL}, false, "四(二)", "draw"},
        {{"notice.rectify", TIER_PROVINCE, .region = "330000"}, true, "四(三)", NULL},
        {{"notice.rectify", TIER_VENDOR, .region = NULL}, false, "四(三)", NULL},
        {{"weakness.tell", TIER_VENDOR, .region = NULL}, true, "四(三)", NULL},
        {{"score.set", TIER_PROVINCE, .region = "330000"}, true, "三(三)", NULL},
        {{"unit.review", TIER_PROVINCE, .region = "310000"}, true, "三(一)", NULL},
        {{"unit.review", TIER_PROVINCE, .region = "330000"}, false, "三(一)", NULL},
        {{"unit.review", TIER_ENTERPRISE, .region = "310000"}, false, "三(一)", NULL},
        {{"cii.approve", TIER_PROVINCE, .region = "310000"}, true, "三(二)", NULL},
        {{"data.provide", TIER_ENTERPRISE, .region = NULL}, false, "四(四)", "consent"},
        {{"data.provide", TIER_ENTERPRISE, .consent = "yes"}, true, "四(四)", NULL},
        {{"data.provide", TIER_PROVINCE, .region = NULL}, true, "四(四)", NULL},
        {{"data.provide.shanghai", TIER_ENTERPRISE, .consent = "yes"}, true, "五(四)", "file it"},
        {{"fee.charge", TIER_MINISTRY, .region = NULL}, false, "四(二)", NULL},
        {{"results.pass", TIER_MINISTRY, .region = NULL}, false, "四(二)", NULL},
        {{"inspection.coordinate", TIER_PROVINCE, .region = NULL}, false, "四(四)", NULL},
        {{"penalty.impose", TIER_PROVINCE, .region = "310000"}, true, "三(四)", NULL},
        {{"outcome.publish", TIER_PROVINCE, .region = "310000"}, true, "四(四)", NULL},
        {{"target.select", TIER_PROVINCE, .region = "310000"}, true, "四(三)", NULL},
    };
    CHECK(ROWS);
}

static void asks_back_for_what_the_answer_turns_on(void **state)
{
    (void)state;
    static const struct {
        struct question q;
        const char *field;
    } ROWS[] = {
        {{"warning.publish", TIER_PROVINCE, .region = "330000"}, "colour"},
        {{"response.start", TIER_MINISTRY, .region = NULL}, "level"},
        {{"order.issue", TIER_MINISTRY, .region = NULL}, "level"},
        {{"warning.paint", TIER_MINISTRY, .region = NULL}, "act"},
        {{"warning.publish", TIER_PROVINCE, .colour = "blue", .target = "330000"}, "region"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct power_answer answer = {.clause = "untouched"};
        struct err err;
        assert_code(ask(&ROWS[i].q, &answer, &err), ERR_INVALID);
        assert_string_equal(err.field, ROWS[i].field);
        assert_string_equal(answer.clause, "untouched");
    }
    assert_true(power_known(SET, "warning.publish"));
    assert_false(power_known(SET, "warning.paint"));
}

/* Every row must be able to allow or refuse, but for another pack that says the same before it. */
static void no_row_is_dead(void **state)
{
    (void)state;
    for (size_t p = 0; p < pack_set_count(SET); p++) {
        const struct pack *pack = pack_set_at(SET, p);
        for (uint32_t i = 0; i < pack->powers_count; i++) {
            bool reached = false;
            for (int tier = 0; tier < TIER_COUNT && !reached; tier++)
                for (int l = 0; l <= 4 && !reached; l++)
                    for (int c = 0; c <= 4 && !reached; c++) {
                        struct power_query query = power_query(pack->powers[i].act, (enum tier)tier);
                        struct power_answer answer;
                        query.region = tier == TIER_MINISTRY ? "000000" : "310000";
                        query.level = (enum level)l;
                        query.colour = (enum colour)c;
                        query.publisher_tier = tier;
                        query.basis = BASIS_STATE;
                        query.consent = tier == TIER_ENTERPRISE ? ANSWER_YES : ANSWER_NO;
                        query.response_started = ANSWER_YES;
                        reached = power_check(SET, &query, &answer, NULL) == ERR_OK &&
                                  (answer.row == &pack->powers[i] || answer.pack != pack);
                    }
            if (!reached)
                fail_msg("%s %s is never the answer", pack->head->id, pack->powers[i].id);
        }
    }
}

static void writes_the_document_of_the_contract(void **state)
{
    (void)state;
    struct power_answer answer;
    struct err err;
    struct question q = {"warning.publish", TIER_PROVINCE, .colour = "orange"};
    assert_ok(ask(&q, &answer, &err), &err);
    json_t *doc = power_json(&answer);
    assert_true(json_is_false(json_object_get(doc, "allowed")));
    assert_string_equal(json_string_value(json_object_get(doc, "clause")), "4.4");
    assert_true(json_is_string(json_object_get(doc, "why")));
    assert_true(json_array_size(json_object_get(doc, "then")) >= 1);
    json_decref(doc);
    assert_string_equal(basis_name(BASIS_LEADING_GROUP), "leading-group");
    assert_int_equal(basis_parse("own-decision"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_colour_has_its_publisher),
        cmocka_unit_test(a_warning_is_adjusted_and_lifted_by_its_publisher),
        cmocka_unit_test(every_level_has_its_commander),
        cmocka_unit_test(the_public_is_told_with_consent_and_users_without),
        cmocka_unit_test(inspections_have_their_own_powers),
        cmocka_unit_test(asks_back_for_what_the_answer_turns_on),
        cmocka_unit_test(no_row_is_dead),
        cmocka_unit_test(writes_the_document_of_the_contract),
    };
    SET = rules_load();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
