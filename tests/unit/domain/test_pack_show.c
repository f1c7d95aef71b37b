#include "domain/pack_show.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/rules.h"

static struct pack_set *SET;

static json_t *show(const char *id)
{
    const struct pack *plan = pack_set_main(SET);
    const struct clause_row *clause = pack_show_find(plan, id);
    assert_non_null(clause);
    json_t *doc = pack_show_clause(plan, clause);
    assert_non_null(doc);
    return doc;
}

static const json_t *provision(const json_t *doc, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(doc, "provisions"), i, row)
    {
        if (streq(json_string_value(json_object_get(row, "id")), id))
            return row;
    }
    fail_msg("no provision %s", id);
    return NULL;
}

static size_t count(const json_t *object, const char *key)
{
    return json_array_size(json_object_get(object, key));
}

static void shows_everything_that_hangs_on_a_clause(void **state)
{
    (void)state;
    json_t *doc = show("6.1");
    const json_t *law = provision(doc, "004.6.1a");
    assert_int_equal(count(law, "duties"), 1);
    const json_t *duty = json_array_get(json_object_get(law, "duties"), 0);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(duty, "deadline"), "n")), 10);
    assert_true(count(law, "routes") >= 1);
    assert_int_equal(count(provision(doc, "004.6.1c"), "fields"), 1);
    assert_int_equal(count(provision(doc, "004.6.1b"), "powers"), 1);
    assert_true(json_is_null(json_object_get(law, "gap")));
    assert_int_equal(count(doc, "documents"), 2);
    assert_int_equal(count(doc, "ambiguities"), 2);
    json_decref(doc);
    doc = show("4.1");
    assert_int_equal(count(doc, "enums"), 2);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(provision(doc, "004.4.1c"), "gap"), "kind")),
        "evidence");
    json_decref(doc);
    doc = show("3.2(4)");
    assert_int_equal(count(provision(doc, "L2-4"), "conditions"), 1);
    json_decref(doc);
}

static void a_chapter_names_what_it_contains(void **state)
{
    (void)state;
    json_t *doc = show("3.2");
    assert_int_equal(count(doc, "contains"), 6);
    json_decref(doc);
    doc = show("4.5");
    assert_int_equal(count(doc, "contains"), 9);
    assert_int_equal(count(doc, "provisions"), 0);
    json_decref(doc);
}

static void leads_from_any_rule_to_its_clause(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        const char *clause;
    } ROWS[] = {
        {"4.4", "4.4"},         {"004.4.4d", "4.4"}, {"004.6.1b.ministry", "6.1"}, {"publish-orange", "4.4"},
        {"4.2-unknown", "4.2"}, {"L1-3", "3.1(3)"}};
    const struct pack *plan = pack_set_main(SET);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        assert_string_equal(pack_show_find(plan, ROWS[i].id)->id, ROWS[i].clause);
    assert_null(pack_show_find(plan, "10.1"));
    assert_string_equal(modality_name(MODALITY_MUST_NOT), "must-not");
    assert_string_equal(confidence_name(CONFIDENCE_DRAFT), "draft");
}

static void shows_every_clause_of_every_pack(void **state)
{
    (void)state;
    for (size_t p = 0; p < pack_set_count(SET); p++) {
        const struct pack *pack = pack_set_at(SET, p);
        for (uint32_t i = 0; i < pack->clauses_count; i++) {
            json_t *doc = pack_show_clause(pack, &pack->clauses[i]);
            assert_string_equal(json_string_value(json_object_get(doc, "clause")), pack->clauses[i].id);
            json_decref(doc);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_everything_that_hangs_on_a_clause),
        cmocka_unit_test(a_chapter_names_what_it_contains),
        cmocka_unit_test(leads_from_any_rule_to_its_clause),
        cmocka_unit_test(shows_every_clause_of_every_pack),
    };
    SET = rules_load();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pack_set_free(SET);
    return failed;
}
