#include "desk/standing.h"
#include "desk/desk.h"
#include "lib/check.h"
#include "lib/world.h"

#include <string.h>

#define TIP                                                                                                  \
    "{\"title\":\"x\",\"colour\":\"yellow\",\"starts\":\"2009-05-19T22:00:00+08:00\",\"scope\":\"x\","       \
    "\"harm\":\"x\",\"precautions\":\"x\",\"time_limit\":\"x\",\"issuer\":\"x\",\"hotline\":\"x\","          \
    "\"region\":\"%s\"}"

static int setup(void **state)
{
    static struct world world;
    world_open(&world);
    world_people(&world);
    *state = &world;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    return 0;
}

static enum errc publish(struct world *world, const struct standing *standing, const char *region,
                         struct err *err)
{
    char text[1000];
    json_t *body = NULL;
    (void)snprintf(text, sizeof text, TIP, region);
    assert_ok(doc_parse(text, strlen(text), &body, err), err);
    struct submission sub = {.kind = "warning.published",
                             .person = "张三",
                             .post = "处长",
                             .body = body,
                             .expected_rev = -1,
                             .standing = standing};
    enum errc rc = desk_submit(world_node(world, "pca-330000")->desk, &sub, err);
    json_decref(body);
    return rc;
}

static void a_power_of_the_law_is_needed_in_the_post_too(void **state)
{
    static const char *powers[] = {"warning.lift", "warning.publish"};
    struct standing standing = {
        .user = "", .region = "", .powers = powers, .power_count = 1, .confirmed = true};
    struct err err;
    assert_code(publish(*state, &standing, "330000", &err), ERR_PERMISSION);
    assert_non_null(strstr(err.message, "warning.publish"));
    standing.power_count = 2;
    assert_ok(publish(*state, &standing, "330000", &err), &err);
    standing.power_count = 0;
    standing.all_powers = true;
    assert_ok(publish(*state, &standing, "330000", &err), &err);
    assert_ok(publish(*state, NULL, "330000", &err), &err);
}

static void what_lies_outside_the_posts_region_is_refused(void **state)
{
    struct standing standing = {.user = "", .region = "330100", .all_powers = true, .confirmed = true};
    struct err err;
    assert_code(publish(*state, &standing, "330000", &err), ERR_PERMISSION);
    assert_code(publish(*state, &standing, "330200", &err), ERR_PERMISSION);
    assert_ok(publish(*state, &standing, "330100", &err), &err);
}

static void a_marked_act_needs_a_second_factor(void **state)
{
    struct standing standing = {.user = "", .region = "", .all_powers = true};
    struct err err;
    assert_code(publish(*state, &standing, "330000", &err), ERR_SECOND_FACTOR);
    assert_string_equal(err.field, "code");
    standing.confirmed = true;
    assert_ok(publish(*state, &standing, "330000", &err), &err);
}

static void a_refusal_for_lack_of_power_is_on_the_record_and_a_missing_code_is_not(void **state)
{
    struct world *world = *state;
    struct world_node *node = world_node(world, "pca-330000");
    struct standing standing = {.user = "", .region = "", .confirmed = true};
    struct err err;
    int64_t before = desk_last_pos(node->desk);
    assert_code(publish(world, &standing, "330000", &err), ERR_PERMISSION);
    assert_int_equal(desk_last_pos(node->desk), before + 1);
    standing.all_powers = true;
    standing.confirmed = false;
    assert_code(publish(world, &standing, "330000", &err), ERR_SECOND_FACTOR);
    assert_int_equal(desk_last_pos(node->desk), before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_of_the_law_is_needed_in_the_post_too),
        cmocka_unit_test(what_lies_outside_the_posts_region_is_refused),
        cmocka_unit_test(a_marked_act_needs_a_second_factor),
        cmocka_unit_test(a_refusal_for_lack_of_power_is_on_the_record_and_a_missing_code_is_not),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
