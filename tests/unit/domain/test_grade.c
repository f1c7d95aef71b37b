#include "domain/grade.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

static struct pack_set *SET;
static struct arena ARENA;

static struct grade grade_under(const struct pack *pack, const char *text)
{
    json_t *doc = NULL;
    struct facts facts;
    struct grade grade;
    struct err err;
    arena_reset(&ARENA);
    assert_ok(doc_parse_object(text, strlen(text), &doc, &err), &err);
    assert_ok(facts_read(doc, pack_set_regions(SET), &ARENA, &facts, &err), &err);
    assert_ok(grade_facts(pack, &facts, &ARENA, &grade, &err), &err);
    json_decref(doc);
    return grade;
}

static struct grade grade(const char *text)
{
    return grade_under(pack_set_main(SET), text);
}

static const char *level(const struct grade *grade)
{
    return grade->level ? level_name(grade->level->level) : "none";
}

static enum verdict verdict(const struct grade *grade, const char *id)
{
    for (size_t i = 0; i < grade->condition_count; i++)
        if (streq(grade->conditions[i].row->id, id))
            return grade->conditions[i].verdict;
    fail_msg("there is no condition %s", id);
    return VERDICT_UNKNOWN;
}

static bool lists(const char *const *texts, size_t count, const char *part)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(texts[i], part))
            return true;
    return false;
}

static void answers_all_nineteen_conditions_in_their_order(void **state)
{
    (void)state;
    static const char *const IDS[] = {"L1-1", "L1-2", "L1-3", "L1-4", "L1-5", "L2-1", "L2-2",
                                      "L2-3", "L2-4", "L2-5", "L2-6", "L3-1", "L3-2", "L3-3",
                                      "L3-4", "L3-5", "L4-1", "L4-2", "L4-3"};
    struct grade g = grade("{}");
    size_t machine = 0;
    assert_int_equal(g.condition_count, 19);
    for (size_t i = 0; i < 19; i++) {
        assert_string_equal(g.conditions[i].row->id, IDS[i]);
        assert_int_equal(g.conditions[i].verdict, VERDICT_UNKNOWN);
        machine += g.conditions[i].row->machine;
    }
    assert_int_equal(machine, 4);
    assert_string_equal(level(&g), "none");
    assert_false(g.machine);
    assert_int_equal(g.missing_count, 11);
    assert_string_equal(pack_provision(pack_set_main(SET), "L2-4")->clause, "3.2(4)");
}

static void numbers_include_the_number_itself(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *level;
    } CASES[] = {
        {"{\"leaked_users\":100000000}", "I"},      {"{\"leaked_users\":99999999}", "II"},
        {"{\"leaked_users\":10000000}", "II"},      {"{\"leaked_users\":9999999}", "III"},
        {"{\"leaked_users\":1000000}", "III"},      {"{\"leaked_users\":999999}", "IV"},
        {"{\"leaked_users\":100000}", "IV"},        {"{\"leaked_users\":99999}", "none"},
        {"{\"leaked_users\":0}", "none"},           {"{\"leaked_users\":9223372036854775807}", "I"},
        {"{\"leaked_records\":500000000}", "none"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct grade g = grade(CASES[i].facts);
        assert_string_equal(level(&g), CASES[i].level);
        assert_int_equal(g.machine, g.level != NULL);
    }
}

#define OFFLINE "\"judged\":{\"many_users_offline\":true}"
#define VIRUS "\"judged\":{\"virus_outbreak\":true}"

static void judged_words_and_scope_make_a_level_together(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *level;
        const char *met;
    } CASES[] = {
        {"{" OFFLINE ",\"scope\":{\"nationwide\":true}}", "I", "L1-1"},
        {"{\"judged\":{\"cn_tld_degraded\":true}}", "I", "L1-2"},
        {"{" VIRUS ",\"scope\":{\"nationwide\":true}}", "I", "L1-4"},
        {"{\"judged\":{\"other_level\":\"I\",\"other_reason\":\"x\"}}", "I", "L1-5"},
        {"{" OFFLINE ",\"scope\":{\"provinces\":[\"330000\",\"320000\"]}}", "II", "L2-1"},
        {"{\"judged\":{\"site_abnormal\":true,\"site_influence\":\"national\"}}", "II", "L2-2"},
        {"{\"judged\":{\"large_resolver_abnormal\":true}}", "II", "L2-3"},
        {"{" VIRUS ",\"scope\":{\"provinces\":[\"330000\",\"320000\"]}}", "II", "L2-5"},
        {"{\"judged\":{\"other_level\":\"II\"}}", "II", "L2-6"},
        {"{" OFFLINE ",\"scope\":{\"provinces\":[\"330000\"]}}", "III", "L3-1"},
        {"{\"judged\":{\"site_abnormal\":true,\"site_influence\":\"province\"}}", "III", "L3-2"},
        {"{" VIRUS ",\"scope\":{\"provinces\":[\"330000\"]}}", "III", "L3-4"},
        {"{\"judged\":{\"other_level\":\"III\"}}", "III", "L3-5"},
        {"{" OFFLINE ",\"scope\":{\"prefectures\":[\"330100\"]}}", "IV", "L4-1"},
        {"{\"judged\":{\"other_level\":\"IV\"}}", "IV", "L4-3"},
        /* The plan's own asymmetries: no virus at IV, and a count alone is nothing. */
        {"{" VIRUS ",\"scope\":{\"prefectures\":[\"330100\"]}}", "none", NULL},
        {"{\"scope\":{\"nationwide\":true,\"provinces\":[\"330000\",\"320000\"]}}", "none", NULL},
        {"{\"judged\":{\"many_users_offline\":false},\"scope\":{\"nationwide\":true}}", "none", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct grade g = grade(CASES[i].facts);
        if (!streq(level(&g), CASES[i].level))
            fail_msg("%s gives %s", CASES[i].facts, level(&g));
        if (CASES[i].met)
            assert_int_equal(verdict(&g, CASES[i].met), VERDICT_MET);
        assert_false(g.machine);
    }
}

static void several_prefectures_stand_for_their_provinces(void **state)
{
    (void)state;
    struct grade g = grade("{" OFFLINE ",\"scope\":{\"prefectures\":[\"330100\",\"330200\"]}}");
    assert_string_equal(level(&g), "III");
    assert_true(lists(g.notes, g.note_count, "3.") || lists(g.notes, g.note_count, "provinces"));
    g = grade("{" OFFLINE ",\"scope\":{\"prefectures\":[\"330100\",\"320100\"]}}");
    assert_string_equal(level(&g), "II");
    /* One prefecture does not, and neither do they where provinces are listed. */
    g = grade("{" OFFLINE ",\"scope\":{\"prefectures\":[\"330100\"]}}");
    assert_int_equal(verdict(&g, "L3-1"), VERDICT_UNKNOWN);
    g = grade("{" OFFLINE ",\"scope\":{\"provinces\":[\"330000\"],\"prefectures\":[\"330100\",\"320100\"]}}");
    assert_string_equal(level(&g), "III");
    assert_true(lists(g.notes, g.note_count, "lies in none"));
}

static void the_gravest_level_wins_and_a_number_decides_by_machine(void **state)
{
    (void)state;
    struct grade g = grade("{\"leaked_users\":1000000,\"judged\":{\"large_resolver_abnormal\":true}}");
    assert_string_equal(level(&g), "II");
    assert_false(g.machine);
    g = grade("{\"leaked_users\":10000000,\"judged\":{\"large_resolver_abnormal\":true}}");
    assert_true(g.machine);
    assert_string_equal(g.level->name, "重大");
    assert_int_equal(g.level->colour, COLOUR_ORANGE);
}

static void lists_only_facts_that_could_still_matter(void **state)
{
    (void)state;
    struct grade g = grade(
        "{\"leaked_users\":12000000,\"scope\":{\"nationwide\":false,\"provinces\":[\"330000\","
        "\"320000\"],\"prefectures\":[\"330100\"]}}");
    assert_true(lists(g.missing, g.missing_count, "judged.many_users_offline"));
    assert_false(lists(g.missing, g.missing_count, "scope."));
    for (size_t i = 0; i < g.missing_count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(g.missing[i], g.missing[k]);
    g = grade("{\"leaked_users\":100000000}");
    assert_false(lists(g.missing, g.missing_count, "judged.site_abnormal")); /* level II would not raise it */
    g = grade("{\"judged\":{\"other_level\":\"III\"}}");
    assert_true(lists(g.missing, g.missing_count, "judged.other_reason"));
    g = grade("{\"judged\":{\"other_level\":\"III\",\"other_reason\":\"x\"}}");
    assert_false(lists(g.missing, g.missing_count, "judged.other_reason"));
}

static void notes_figures_that_contradict_each_other(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *note;
    } CASES[] = {
        {"{\"leaked_users\":5,\"leaked_records\":4}", "more users than records"},
        {"{\"leaked_records\":4}", "only records are known"},
        {"{\"leaked_users\":99999}", "fewer than 100,000"},
        {"{\"leaked_users\":5,\"kinds\":[\"outage\"]}", "a leak is not among the kinds"},
        {"{\"kinds\":[\"leak\"]}", "the number of users is not known"},
        {"{\"judged\":{\"virus_outbreak\":true},\"kinds\":[\"outage\"]}", "outbreak of a virus"},
        {"{\"scope\":{\"nationwide\":true,\"provinces\":[\"330000\"]}}", "judged nationwide"},
        {"{\"happened\":false}", "has not happened"},
        {"{\"cause\":\"other\"}", "none of those named"},
        {"{" OFFLINE ",\"scope\":{\"provinces\":[\"330000\"],\"prefectures\":[\"330100\"]}}",
         "only the prefecture"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct grade g = grade(CASES[i].facts);
        if (!lists(g.notes, g.note_count, CASES[i].note))
            fail_msg("%s has no note '%s'", CASES[i].facts, CASES[i].note);
    }
    assert_int_equal(grade("{\"happened\":true,\"kinds\":[\"leak\"],\"leaked_users\":200000}").note_count, 0);
}

static void one_incident_is_graded_under_several_packs(void **state)
{
    (void)state;
    const struct pack *cac = pack_set_find(SET, "cac-2025");
    static const struct {
        const char *facts;
        const char *plan;
        const char *cac;
    } CASES[] = {
        {"{\"leaked_users\":100000000}", "I", "I"},         {"{\"leaked_users\":10000000}", "II", "II"},
        {"{\"leaked_users\":1000000}", "III", "III"},       {"{\"leaked_users\":100000}", "IV", "none"},
        {"{\"leaked_records\":100000000}", "none", "none"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct grade plan = grade(CASES[i].facts);
        assert_string_equal(level(&plan), CASES[i].plan);
        struct grade other = grade_under(cac, CASES[i].facts);
        assert_string_equal(level(&other), CASES[i].cac);
        /* What was never confirmed is told and never met. */
        for (size_t k = 0; k < other.condition_count; k++)
            if (!other.conditions[k].row->enforce)
                assert_int_equal(other.conditions[k].verdict, VERDICT_UNKNOWN);
    }
}

static void writes_the_document_of_the_contract(void **state)
{
    (void)state;
    static const char *const KEYS[] = {"pack",      "level",      "name",    "colour",
                                       "decidable", "conditions", "missing", "notes"};
    struct grade g = grade("{\"leaked_users\":12000000}");
    json_t *doc = grade_json(&g, GRADE_ALL);
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        assert_non_null(json_object_get(doc, KEYS[i]));
    assert_string_equal(json_string_value(json_object_get(doc, "decidable")), "machine");
    assert_string_equal(json_string_value(json_object_get(doc, "colour")), "orange");
    json_t *ninth = json_array_get(json_object_get(doc, "conditions"), 8);
    assert_string_equal(json_string_value(json_object_get(ninth, "id")), "L2-4");
    assert_string_equal(json_string_value(json_object_get(ninth, "clause")), "3.2(4)");
    assert_string_equal(json_string_value(json_object_get(ninth, "state")), "met");
    assert_true(json_is_true(json_object_get(ninth, "machine")));
    assert_non_null(strstr(json_string_value(json_object_get(ninth, "why")), "12000000"));
    json_decref(doc);
    g = grade("{}");
    doc = grade_json(&g, GRADE_ALL);
    assert_true(json_is_null(json_object_get(doc, "level")));
    assert_true(json_is_null(json_object_get(doc, "colour")));
    assert_string_equal(json_string_value(json_object_get(doc, "decidable")), "human");
    json_decref(doc);
}

static void refuses_a_pack_without_levels_and_too_little_memory(void **state)
{
    (void)state;
    struct facts facts = {0};
    struct grade out;
    struct err err;
    assert_code(grade_facts(pack_set_find(SET, "shca-2020"), &facts, &ARENA, &out, &err), ERR_INVALID);
    struct arena tiny;
    for (size_t cap = 0; cap < 8192; cap += 256) {
        arena_init(&tiny, cap);
        enum errc rc = grade_facts(pack_set_main(SET), &facts, &tiny, &out, &err);
        assert_true(rc == ERR_OK || rc == ERR_NOMEM);
        assert_true(cap > 0 || rc == ERR_NOMEM);
        arena_done(&tiny);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_all_nineteen_conditions_in_their_order),
        cmocka_unit_test(numbers_include_the_number_itself),
        cmocka_unit_test(judged_words_and_scope_make_a_level_together),
        cmocka_unit_test(several_prefectures_stand_for_their_provinces),
        cmocka_unit_test(the_gravest_level_wins_and_a_number_decides_by_machine),
        cmocka_unit_test(lists_only_facts_that_could_still_matter),
        cmocka_unit_test(notes_figures_that_contradict_each_other),
        cmocka_unit_test(one_incident_is_graded_under_several_packs),
        cmocka_unit_test(writes_the_document_of_the_contract),
        cmocka_unit_test(refuses_a_pack_without_levels_and_too_little_memory),
    };
    SET = rules_load();
    arena_init(&ARENA, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&ARENA);
    pack_set_free(SET);
    return failed;
}
