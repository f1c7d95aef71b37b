#include "domain/matter.h"

#include "lib/check.h"

#include <string.h>

static struct node_card CARDS[] = {
    {.id = "miit", .tier = TIER_MINISTRY, .region = "000000", .parent = ""},
    {.id = "pca-330000", .tier = TIER_PROVINCE, .region = "330000", .parent = "miit"},
    {.id = "pca-320000", .tier = TIER_PROVINCE, .region = "320000", .parent = "miit"},
    {.id = "tel-zj", .tier = TIER_ENTERPRISE, .region = "330000", .parent = "pca-330000"},
    {.id = "tel-js", .tier = TIER_ENTERPRISE, .region = "320000", .parent = "pca-320000"},
    {.id = "cncert", .tier = TIER_INSTITUTION, .region = "000000", .parent = "miit"},
};

struct scene {
    struct directory dir;
    struct arena arena;
    struct subject root;
    struct matter matter;
};

static void set(struct scene *scene, const char *actor, const char *body)
{
    directory_init(&scene->dir, CARDS, sizeof CARDS / sizeof CARDS[0]);
    arena_init(&scene->arena, 1 << 20);
    scene->root = (struct subject){
        .id = "r",
        .type = "incident",
        .root = "r",
        .owner = "tel-zj",
        .region = "",
        .doc = json_pack("{s:s,s:[s,s]}", "reporter", "tel-zj", "parties", "tel-zj", "miit")};
    scene->matter = (struct matter){.dir = &scene->dir,
                                    .actor = directory_find(&scene->dir, actor),
                                    .subject = &scene->root,
                                    .root = &scene->root,
                                    .body = json_loads(body, 0, NULL)};
}

static void clear(struct scene *scene)
{
    json_decref(scene->matter.body);
    json_decref(scene->root.doc);
    arena_done(&scene->arena);
}

static void expect(const char *actor, const char *body, const char *resolver, const char *want)
{
    struct scene scene;
    struct node_list list = {0};
    struct err err;
    char got[400] = "";
    set(&scene, actor, body);
    assert_ok(matter_resolve(&scene.matter, resolver, &scene.arena, &list, &err), &err);
    for (size_t i = 0; i < list.count; i++)
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i ? " " : "", list.ids[i]);
    assert_string_equal(got, want);
    clear(&scene);
}

static void roles_of_the_law_become_nodes(void **state)
{
    (void)state;
    expect("tel-zj", "{}", "meo", "miit");
    expect("tel-zj", "{}", "pca_own", "pca-330000");
    expect("tel-zj", "{\"regions\":[\"320100\",\"330000\"]}", "pca_relevant", "pca-320000 pca-330000");
    expect("tel-zj", "{\"facts\":{\"scope\":{\"provinces\":[\"320000\"]}}}", "pca_relevant",
           "pca-320000 pca-330000");
    expect("cncert", "{\"victim\":\"tel-js\"}", "regulator", "pca-320000");
    expect("miit", "{}", "subordinates", "cncert pca-320000 pca-330000 tel-js tel-zj");
    expect("miit", "{\"regions\":[\"320000\"]}", "subordinates", "cncert pca-320000 tel-js");
    expect("pca-330000", "{}", "subordinates", "tel-zj");
    expect("pca-330000", "{}", "peers_pca", "pca-320000");
    expect("tel-zj", "{}", "above", "pca-330000 miit");
    expect("tel-zj", "{\"targets\":[\"cncert\",\"cncert\"]}", "targets", "cncert");
    expect("miit", "{}", "parties", "tel-zj miit");
    expect("miit", "{}", "subject_parties", "tel-zj miit");
    expect("miit", "{\"assignee\":\"tel-js\"}", "assignee", "tel-js");
    expect("miit", "{}", "owner", "tel-zj");
    expect("miit", "{}", "x:NCEO", "x:NCEO");
}

static void a_child_has_parties_of_its_own(void **state)
{
    (void)state;
    struct scene scene;
    struct err err;
    struct node_list of_root = {0};
    struct node_list of_child = {0};
    struct node_list before_it_is_made = {0};
    set(&scene, "miit", "{}");
    struct subject order = {.id = "o",
                            .type = "order",
                            .root = "r",
                            .parent = "r",
                            .owner = "miit",
                            .region = "",
                            .doc = json_pack("{s:[s,s]}", "parties", "miit", "tel-js")};
    scene.matter.subject = &order;
    assert_ok(matter_resolve(&scene.matter, "parties", &scene.arena, &of_root, &err), &err);
    assert_ok(matter_resolve(&scene.matter, "subject_parties", &scene.arena, &of_child, &err), &err);
    assert_int_equal(of_child.count, 2);
    assert_true(node_list_has(&of_child, "tel-js"));
    assert_false(node_list_has(&of_root, "tel-js"));
    assert_true(node_list_has(&of_root, "tel-zj"));
    assert_false(node_list_has(&of_child, "tel-zj"));
    scene.matter.subject = NULL;
    assert_ok(matter_resolve(&scene.matter, "subject_parties", &scene.arena, &before_it_is_made, &err), &err);
    assert_int_equal(before_it_is_made.count, 0);
    json_decref(order.doc);
    clear(&scene);
}

static void unknown_roles_are_errors(void **state)
{
    (void)state;
    struct scene scene;
    struct node_list list = {0};
    struct err err;
    set(&scene, "miit", "{}");
    assert_code(matter_resolve(&scene.matter, "somebody", &scene.arena, &list, &err), ERR_INVALID);
    clear(&scene);
    assert_true(node_is_outside("x:MLG"));
    assert_false(node_is_outside("miit"));
    assert_false(node_is_outside(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roles_of_the_law_become_nodes),
        cmocka_unit_test(a_child_has_parties_of_its_own),
        cmocka_unit_test(unknown_roles_are_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
