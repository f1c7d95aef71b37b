/* The whole scenario of demo/, played over the desks of a small country in one process: every act, every
 * expected refusal with its clause, every wait. */
#include "main/demo_play.h"

#include "base/str.h"
#include "lib/check.h"
#include "lib/files.h"
#include "lib/world.h"
#include "store/duties.h"

static struct world WORLD;

static enum errc act(void *context, const struct demo_step *step, const char *subject, const char *parent,
                     char *out_id, struct err *err)
{
    struct submission sub;
    (void)context;
    enum errc rc = world_act(&WORLD, step->node, step->act, subject, parent, step->body, &sub);
    *err = sub.err;
    memcpy(out_id, sub.made, UUID_TEXT_SIZE);
    return rc;
}

static json_t *matter(void *context, const char *node, const char *id)
{
    (void)context;
    json_t *doc = world_subject(&WORLD, node, id);
    if (!doc)
        return NULL;
    return json_pack("{s:O,s:O,s:o}", "state", json_object_get(doc, ".state"), "owner",
                     json_object_get(doc, ".owner"), "doc", doc);
}

static const char *duty(void *context, const char *node, const char *rule, const char *root)
{
    struct arena arena;
    struct duty_page page = {0};
    struct duty_filter filter = {.rule = rule, .root = root, .owner = node, .limit = 10};
    struct err err;
    (void)context;
    arena_init(&arena, 1 << 20);
    assert_ok(duties_list(world_node(&WORLD, node)->store, &filter, &arena, &page, &err), &err);
    const char *state = page.count ? duty_state_name(page.items[0].state) : NULL;
    arena_done(&arena);
    return state;
}

static bool patience(void *context, int tries)
{
    (void)context;
    (void)world_deliver(&WORLD);
    return tries < 2;
}

static void chapter(void *context, const struct demo_chapter *chapter)
{
    (void)context;
    print_message("%s\n", chapter->zh);
}

static void step(void *context, const struct demo_step *step, bool good, const char *told)
{
    (void)context;
    if (!good)
        print_error("  %s: %s %s %s\n", step->zh, step->node ? step->node : "",
                    step->act ? step->act : "wait", told);
}

static void the_scenario_comes_out_as_it_says(void **state)
{
    (void)state;
    struct embed_set set = folder_set("demo");
    struct demo_files *files = NULL;
    struct demo_script script;
    struct demo_result result;
    struct err err;
    struct demo_world world = {NULL, act, matter, duty, patience, chapter, step};
    assert_ok(demo_script_load(&set, &files, &script, &err), &err);
    world_open(&WORLD);
    for (uint32_t i = 0; i < script.nodes_count; i++) {
        const struct demo_node *node = &script.nodes[i];
        struct world_person person = {.id = node->id,
                                      .name = node->name,
                                      .tier = (enum tier)tier_parse(node->tier),
                                      .region = node->region,
                                      .parent = node->parent ? node->parent : "",
                                      .role = node->roles[0],
                                      .large = node->large};
        world_add(&WORLD, &person);
    }
    world_introduce(&WORLD);
    demo_play(&script, &world, &result);
    assert_int_equal(result.failed, 0);
    assert_true(result.acts > 50);
    assert_true(result.refusals >= 8);
    assert_true(result.waits > 20);
    world_close(&WORLD);
    demo_script_free(files);
    folder_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_scenario_comes_out_as_it_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
