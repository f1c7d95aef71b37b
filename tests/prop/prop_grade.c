/* Grading any facts: it answers every condition, proposes the gravest level that is met, never a lower one
 * for more leaked users, and never because of what is not known. The facts are random; the seed is fixed. */
#include "domain/grade.h"
#include "lib/check.h"
#include "lib/rules.h"

#include <string.h>

enum { ROUNDS = 4000 };

static struct pack_set *SET;
static struct arena ARENA;

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static bool flip(uint64_t *seed)
{
    return (next(seed) & 1) != 0;
}

/* Around the thresholds, where mistakes live. */
static int64_t random_count(uint64_t *seed)
{
    static const int64_t NEAR[] = {0,       1,       99999,    100000,   999999,
                                   1000000, 9999999, 10000000, 99999999, 100000000};
    uint64_t pick = next(seed) % 14;
    return pick < 10 ? NEAR[pick] : (int64_t)(next(seed) % 200000000);
}

static json_t *random_regions(uint64_t *seed, enum region_kind kind)
{
    const struct region_table *table = pack_set_regions(SET);
    json_t *list = json_array();
    for (uint64_t left = next(seed) % 4; left > 0; left--) {
        const struct region_row *row = region_at(table, (size_t)(next(seed) % region_count(table)));
        if (row->kind == kind)
            assert_int_equal(json_array_append_new(list, json_string(row->code)), 0);
    }
    return list;
}

static void maybe(uint64_t *seed, json_t *object, const char *name, json_t *value)
{
    if (flip(seed))
        assert_int_equal(json_object_set_new(object, name, value), 0);
    else
        json_decref(value);
}

static json_t *random_facts(uint64_t *seed)
{
    static const char *const LEVELS[] = {"I", "II", "III", "IV"};
    static const char *const KINDS[] = {"outage", "leak", "virus", "other"};
    json_t *doc = json_object();
    json_t *scope = json_object();
    json_t *judged = json_object();
    maybe(seed, doc, "happened", json_boolean(flip(seed)));
    maybe(seed, doc, "kinds", json_pack("[s]", KINDS[next(seed) % 4]));
    maybe(seed, doc, "leaked_users", json_integer(random_count(seed)));
    maybe(seed, doc, "leaked_records", json_integer(random_count(seed)));
    maybe(seed, scope, "nationwide", json_boolean(flip(seed)));
    maybe(seed, scope, "provinces", random_regions(seed, REGION_PROVINCE));
    maybe(seed, scope, "prefectures", random_regions(seed, REGION_PREFECTURE));
    maybe(seed, judged, "many_users_offline", json_boolean(flip(seed)));
    maybe(seed, judged, "cn_tld_degraded", json_boolean(next(seed) % 8 == 0));
    maybe(seed, judged, "large_resolver_abnormal", json_boolean(next(seed) % 8 == 0));
    maybe(seed, judged, "site_abnormal", json_boolean(flip(seed)));
    maybe(seed, judged, "site_influence", json_string(flip(seed) ? "national" : "province"));
    maybe(seed, judged, "virus_outbreak", json_boolean(flip(seed)));
    if (next(seed) % 8 == 0)
        maybe(seed, judged, "other_level", json_string(LEVELS[next(seed) % 4]));
    maybe(seed, doc, "scope", scope);
    maybe(seed, doc, "judged", judged);
    return doc;
}

static struct grade grade(const struct pack *pack, json_t *doc)
{
    struct facts facts;
    struct grade out;
    struct err err;
    arena_reset(&ARENA);
    assert_ok(facts_read(doc, pack_set_regions(SET), &ARENA, &facts, &err), &err);
    assert_ok(grade_facts(pack, &facts, &ARENA, &out, &err), &err);
    return out;
}

/* 5 for nothing, so that a graver level is a smaller number. */
static int gravity(const struct grade *grade)
{
    return grade->level ? (int)grade->level->level : 5;
}

static void check_soundness(const struct grade *grade)
{
    int gravest = 5;
    bool machine = false;
    assert_int_equal(grade->condition_count, grade->pack->conditions_count);
    for (size_t i = 0; i < grade->condition_count; i++) {
        const struct grade_condition *c = &grade->conditions[i];
        if (c->verdict == VERDICT_MET && (int)c->row->level < gravest)
            gravest = (int)c->row->level;
    }
    for (size_t i = 0; i < grade->condition_count; i++)
        machine |= grade->conditions[i].verdict == VERDICT_MET &&
                   (int)grade->conditions[i].row->level == gravest && grade->conditions[i].row->machine;
    assert_int_equal(gravity(grade), gravest);
    assert_int_equal(grade->machine, machine);
    json_t *doc = grade_json(grade, GRADE_ALL);
    json_t *conditions = json_object_get(doc, "conditions");
    assert_int_equal(json_array_size(conditions), grade->condition_count);
    for (size_t i = 0; i < grade->condition_count; i++)
        assert_true(json_string_length(json_object_get(json_array_get(conditions, i), "why")) > 0);
    json_decref(doc);
}

static void more_leaked_users_never_lower_the_level(const struct pack *pack, json_t *doc, uint64_t *seed)
{
    int before = 5;
    int64_t users = 0;
    for (int step = 0; step < 4; step++) {
        users += random_count(seed);
        assert_int_equal(json_object_set_new(doc, "leaked_users", json_integer(users)), 0);
        struct grade more = grade(pack, doc);
        assert_true(step == 0 || gravity(&more) <= before);
        before = gravity(&more);
    }
}

static void forgetting_a_fact_never_raises_the_level(const struct pack *pack, json_t *doc, int before)
{
    static const char *const KEYS[] = {"leaked_users", "kinds", "judged", "happened"};
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        json_t *less = json_copy(doc);
        (void)json_object_del(less, KEYS[i]); /* it may not be there */
        struct grade now = grade(pack, less);
        assert_true(gravity(&now) >= before);
        json_decref(less);
    }
}

static void any_facts_are_graded_soundly(void **state)
{
    (void)state;
    uint64_t seed = 0x9E3779B97F4A7C15u;
    for (int round = 0; round < ROUNDS; round++) {
        const struct pack *pack = pack_set_at(SET, (size_t)(round % 2)); /* the plan, the rule of 2025 */
        json_t *doc = random_facts(&seed);
        struct grade first = grade(pack, doc);
        int before = gravity(&first);
        check_soundness(&first);
        forgetting_a_fact_never_raises_the_level(pack, doc, before);
        more_leaked_users_never_lower_the_level(pack, doc, &seed);
        json_decref(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_facts_are_graded_soundly),
    };
    SET = rules_load();
    arena_init(&ARENA, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&ARENA);
    pack_set_free(SET);
    return failed;
}
