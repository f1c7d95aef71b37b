#include "desk/tick.h"

#include "base/civil.h"
#include "lib/check.h"
#include "lib/world.h"
#include "store/acts.h"

#include <string.h>

static struct world WORLD;

static size_t count_kind(const char *node, const char *kind)
{
    struct arena arena;
    struct err err;
    struct act_page page;
    struct act_filter filter = {.kind = kind, .after_pos = -1, .limit = ACTS_LIMIT_MAX};
    arena_init(&arena, 16 << 20);
    assert_ok(acts_list(world_node(&WORLD, node)->store, &filter, &arena, &page, &err), &err);
    size_t count = page.count;
    arena_done(&arena);
    return count;
}

static void tick(const char *node)
{
    struct err err;
    assert_ok(desk_tick(world_node(&WORLD, node)->desk, &err), &err);
}

static void a_year_is_opened_once_and_makes_the_drill_owed(void **state)
{
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    tick("tel-zj");
    tick("tel-zj");
    assert_int_equal(count_kind("tel-zj", "year.opened"), 1);
    assert_int_equal(world_duties(&WORLD, "tel-zj", "004.7.2b.2", DUTY_OPEN), 1);
    WORLD.now_ms += 366 * CIVIL_DAY_MS;
    tick("tel-zj");
    assert_int_equal(count_kind("tel-zj", "year.opened"), 2);
    assert_true(count_kind("tel-zj", "alarm.raised") >= 1);
    assert_int_equal(world_duties(&WORLD, "tel-zj", "004.7.2b.2", DUTY_OPEN), 2);
    world_close(&WORLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_year_is_opened_once_and_makes_the_drill_owed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
