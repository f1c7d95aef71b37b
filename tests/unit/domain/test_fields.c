#include "domain/fields.h"

#include "lib/check.h"
#include "lib/law.h"

static struct law LAW;
static struct node_card CARDS[] = {{.id = "miit", .tier = TIER_MINISTRY, .region = "000000", .parent = ""}};

static enum errc check_from(bool from_peer, const char *kind, const char *body, struct err *err)
{
    struct arena arena;
    struct directory dir;
    directory_init(&dir, CARDS, 1);
    struct matter matter = {.catalogue = LAW.catalogue,
                            .packs = LAW.packs,
                            .dir = &dir,
                            .actor = &CARDS[0],
                            .from_peer = from_peer};
    matter.row = catalogue_act(LAW.catalogue, kind, &matter.type);
    matter.body = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(matter.row);
    assert_non_null(matter.body);
    arena_init(&arena, 1 << 20);
    enum errc rc = fields_check(&matter, &arena, err);
    arena_done(&arena);
    json_decref(matter.body);
    return rc;
}

static enum errc check(const char *kind, const char *body, struct err *err)
{
    return check_from(false, kind, body, err);
}

static void a_peer_may_name_a_node_that_is_unknown_here(void **state)
{
    static const char BODY[] = "{\"colour\":\"blue\",\"reason\":\"x\",\"targets\":[\"nobody\"]}";
    struct err err;
    (void)state;
    assert_int_equal(check("warning.adjusted", BODY, &err), ERR_INVALID);
    assert_ok(check_from(true, "warning.adjusted", BODY, &err), &err);
    assert_int_equal(check_from(true, "warning.adjusted",
                                "{\"colour\":\"blue\",\"reason\":\"x\",\"targets\":[\"no body\"]}", &err),
                     ERR_INVALID);
}

static void each_type_refuses_what_it_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        const char *body;
        const char *field;
    } BAD[] = {
        {"tool.set", "{\"title\":1}", "body.title"},
        {"tool.set", "{\"title\":\"\"}", "body.title"},
        {"tool.set", "{\"title\":\"x\",\"kind\":\"hammer\"}", "body.kind"},
        {"tool.set", "{\"title\":\"x\",\"kind\":\"other\",\"count\":-1}", "body.count"},
        {"tool.set", "{\"title\":\"x\",\"kind\":\"other\",\"count\":1.5}", "body.count"},
        {"tool.set", "{\"title\":\"x\",\"kind\":\"other\",\"count\":1,\"ready\":\"yes\"}", "body.ready"},
        {"tool.set", "{\"title\":\"x\",\"kind\":\"other\",\"count\":1,\"upgraded\":\"2018-09-31\"}",
         "body.upgraded"},
        {"tool.set", "{\"colour\":\"red\"}", "body.colour"},
        {"incident.assessed", "{\"level\":\"V\"}", "body.level"},
        {"incident.assessed", "{\"level\":\"I\",\"facts\":{\"leaked_users\":-5}}", "body.facts.leaked_users"},
        {"warning.adjusted", "{\"colour\":\"purple\"}", "body.colour"},
        {"warning.adjusted", "{\"colour\":\"blue\",\"reason\":\"x\",\"targets\":[\"nobody\"]}",
         "body.targets[0]"},
        {"team.set", "{\"title\":\"x\",\"members\":1,\"abilities\":[\"tracing\",\"magic\"]}",
         "body.abilities[1]"},
        {"team.set", "{\"title\":\"x\",\"members\":1,\"abilities\":[\"tracing\"],\"region\":\"999999\"}",
         "body.region"},
        {"incident.merged", "{\"into\":\"x\"}", "body.into"},
        {"plan.filed", "{\"title\":\"x\",\"version\":\"1\",\"sha256\":\"zz\"}", "body.sha256"},
        {"roster.set", "{\"title\":\"x\",\"starts\":\"2020-01-01\"}", "body.starts"},
        {"response.situation_reported",
         "{\"part\":\"victim\",\"development\":\"x\",\"progress\":\"x\",\"figures\":{\"a\":-1}}",
         "body.figures.a"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct err err = {0};
        if (check(BAD[i].kind, BAD[i].body, &err) != ERR_INVALID)
            fail_msg("%s was taken", BAD[i].body);
        assert_string_equal(err.field, BAD[i].field);
    }
}

static void required_fields_name_their_clause(void **state)
{
    (void)state;
    struct err err = {0};
    assert_code(check("warning.published", "{\"title\":\"x\"}", &err), ERR_INVALID);
    assert_string_equal(err.field, "body.colour");
    assert_string_equal(err.clause, "4.4");
}

static void secrecy_markings_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_code(check("incident.closed", "{\"reason\":\"机密★一年\"}", &err), ERR_CLASSIFIED);
    assert_code(check("incident.closed", "{\"reason\":\"保守秘密\"}", &err), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_refuses_what_it_is_not),
        cmocka_unit_test(a_peer_may_name_a_node_that_is_unknown_here),
        cmocka_unit_test(required_fields_name_their_clause),
        cmocka_unit_test(secrecy_markings_are_refused),
    };
    law_open(&LAW);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    law_close(&LAW);
    return failed;
}
