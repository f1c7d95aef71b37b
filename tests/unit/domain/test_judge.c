#include "domain/judge.h"

#include "domain/guard.h"
#include "lib/check.h"
#include "lib/law.h"

static struct law LAW;
static struct node_card CARDS[] = {
    {.id = "miit",
     .tier = TIER_MINISTRY,
     .region = "000000",
     .parent = "",
     .roles = {"MEO"},
     .role_count = 1},
    {.id = "pca-330000",
     .tier = TIER_PROVINCE,
     .region = "330000",
     .parent = "miit",
     .roles = {"PCA"},
     .role_count = 1},
    {.id = "pca-320000",
     .tier = TIER_PROVINCE,
     .region = "320000",
     .parent = "miit",
     .roles = {"PCA"},
     .role_count = 1},
    {.id = "tel-zj",
     .tier = TIER_ENTERPRISE,
     .region = "330000",
     .parent = "pca-330000",
     .roles = {"TEL"},
     .role_count = 1},
};

#define EIGHT                                                                                                \
    "\"title\":\"x\",\"starts\":\"2020-01-01T00:00:00+08:00\",\"scope\":\"x\",\"harm\":\"x\","               \
    "\"precautions\":\"x\","                                                                                 \
    "\"time_limit\":\"x\",\"issuer\":\"x\",\"hotline\":\"x\""

struct scene {
    struct arena arena;
    struct directory dir;
    struct subject subject;
    struct subject parent;
    struct matter matter;
};

static void set(struct scene *scene, const char *actor, const char *kind, const char *body)
{
    *scene = (struct scene){0};
    arena_init(&scene->arena, 1 << 20);
    directory_init(&scene->dir, CARDS, sizeof CARDS / sizeof CARDS[0]);
    scene->matter = (struct matter){.catalogue = LAW.catalogue,
                                    .packs = LAW.packs,
                                    .dir = &scene->dir,
                                    .actor = directory_find(&scene->dir, actor),
                                    .body = json_loads(body, 0, NULL)};
    scene->matter.row = catalogue_act(LAW.catalogue, kind, &scene->matter.type);
    assert_non_null(scene->matter.row);
    assert_non_null(scene->matter.body);
}

static void on(struct scene *scene, const char *type, const char *state, const char *owner, const char *doc)
{
    scene->subject = (struct subject){.id = "s",
                                      .type = type,
                                      .root = "s",
                                      .parent = "",
                                      .state = state,
                                      .owner = owner,
                                      .region = "",
                                      .doc = json_loads(doc, 0, NULL)};
    scene->matter.subject = scene->matter.root = &scene->subject;
}

static enum errc rule(struct scene *scene, enum judge_mode mode, struct err *err)
{
    struct ruling ruling;
    *err = (struct err){0};
    enum errc rc = judge(&scene->matter, mode, &scene->arena, &ruling, err);
    json_decref(scene->matter.body);
    json_decref(scene->subject.doc);
    arena_done(&scene->arena);
    return rc;
}

static void colours_belong_to_tiers_and_regions(void **state)
{
    (void)state;
    static const struct {
        const char *actor;
        const char *body;
        enum errc want;
    } CASES[] = {
        {"miit", "{\"colour\":\"orange\"," EIGHT "}", ERR_OK},
        {"pca-330000", "{\"colour\":\"orange\"," EIGHT "}", ERR_POWER},
        {"miit", "{\"colour\":\"red\"," EIGHT "}", ERR_POWER},
        {"pca-330000", "{\"colour\":\"yellow\"," EIGHT "}", ERR_OK},
        {"pca-330000", "{\"colour\":\"blue\",\"region\":\"330100\"," EIGHT "}", ERR_OK},
        {"pca-330000", "{\"colour\":\"blue\",\"region\":\"320000\"," EIGHT "}", ERR_POWER},
        {"pca-330000", "{\"colour\":\"blue\",\"regions\":[\"330000\",\"320000\"]," EIGHT "}", ERR_POWER},
        {"tel-zj", "{\"colour\":\"blue\"," EIGHT "}", ERR_POWER},
        {"miit", "{\"colour\":\"yellow\"," EIGHT "}", ERR_POWER},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct scene scene;
        struct err err;
        set(&scene, CASES[i].actor, "warning.published", CASES[i].body);
        enum errc rc = rule(&scene, JUDGE_MAKE, &err);
        if (rc != CASES[i].want)
            fail_msg("case %zu: %d, %s", i, rc, err.message);
        if (rc == ERR_POWER)
            assert_string_equal(err.clause, "4.4");
    }
}

static void relation_and_state_are_asked(void **state)
{
    (void)state;
    struct scene scene;
    struct err err;
    set(&scene, "pca-320000", "warning.lifted", "{\"reason\":\"x\"}");
    on(&scene, "warning", "published", "pca-330000", "{}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_PERMISSION);
    set(&scene, "pca-330000", "warning.lifted", "{\"reason\":\"x\"}");
    on(&scene, "warning", "lifted", "pca-330000", "{}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_WRONG_STATE);
    set(&scene, "pca-330000", "transfer.released", "{\"assignee\":\"miit\",\"epoch\":1}");
    on(&scene, "incident", "reported", "pca-330000", "{}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_PERMISSION);
    set(&scene, "tel-zj", "order.accepted", "{}");
    on(&scene, "order", "issued", "miit", "{\"assignee\":\"tel-zj\"}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_OK);
}

static void what_another_act_may_still_bring_about_waits(void **state)
{
    (void)state;
    struct scene scene;
    struct err err;
    set(&scene, "pca-330000", "incident.closed", "{\"reason\":\"x\"}");
    on(&scene, "incident", "reported", "tel-zj", "{}");
    assert_code(rule(&scene, JUDGE_RECEIVE, &err), ERR_BUSY);
    set(&scene, "pca-330000", "order.done", "{\"result\":\"x\",\"proof\":[\"x\"]}");
    on(&scene, "order", "issued", "miit", "{\"assignee\":\"tel-zj\"}");
    assert_code(rule(&scene, JUDGE_RECEIVE, &err), ERR_PERMISSION);
    set(&scene, "pca-330000", "warning.published", "{\"colour\":\"orange\"," EIGHT "}");
    assert_code(rule(&scene, JUDGE_RECEIVE, &err), ERR_POWER);
}

static void guards_ask_what_rows_cannot(void **state)
{
    (void)state;
    struct scene scene;
    struct err err;
    static const char GRADED[] =
        "{\"gradings\":[{\"pack\":\"miit-2017-281\",\"level\":\"II\"}],\"parties\":[\"miit\"]}";
    set(&scene, "miit", "incident.assessed", "{\"level\":\"II\"}");
    on(&scene, "incident", "reported", "tel-zj", GRADED);
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_OK);
    set(&scene, "miit", "incident.assessed", "{\"level\":\"I\"}");
    on(&scene, "incident", "reported", "tel-zj", GRADED);
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_INVALID);
    assert_string_equal(err.field, "body.reason");
    set(&scene, "miit", "incident.assessed", "{\"level\":\"I\",\"reason\":\"国家有关决定\"}");
    on(&scene, "incident", "reported", "tel-zj", GRADED);
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_OK);
    set(&scene, "miit", "release.consented", "{}");
    on(&scene, "release", "requested", "miit", "{\"parties\":[\"miit\"]}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_PERMISSION);
    set(&scene, "tel-zj", "transfer.offered", "{\"assignee\":\"pca-330000\",\"reason\":\"x\"}");
    on(&scene, "incident", "reported", "tel-zj", "{\"transfer\":{\"to\":\"miit\"}}");
    assert_code(rule(&scene, JUDGE_MAKE, &err), ERR_WRONG_STATE);
}

static void every_guard_of_the_catalogue_is_known(void **state)
{
    (void)state;
    for (size_t t = 0; t < catalogue_count(LAW.catalogue); t++) {
        const struct subject_row *type = catalogue_at(LAW.catalogue, t);
        for (uint32_t a = 0; a < type->acts_count; a++) {
            for (uint32_t g = 0; g < type->acts[a].guards_count; g++)
                assert_true(guard_known(type->acts[a].guards[g]));
            for (uint32_t r = 0; r < type->acts[a].route_count; r++)
                assert_true(resolver_known(type->acts[a].route[r]));
            if (type->acts[a].power)
                assert_true(power_known(LAW.packs, type->acts[a].power));
        }
    }
    assert_false(guard_known("anything"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_belong_to_tiers_and_regions),
        cmocka_unit_test(relation_and_state_are_asked),
        cmocka_unit_test(what_another_act_may_still_bring_about_waits),
        cmocka_unit_test(guards_ask_what_rows_cannot),
        cmocka_unit_test(every_guard_of_the_catalogue_is_known),
    };
    law_open(&LAW);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    law_close(&LAW);
    return failed;
}
