#include "sensor/cells.h"

#include "intel/hash64.h"
#include "lib/check.h"
#include "unit/sensor/bytes_fixture.h"

static struct cells small(void)
{
    struct cells cells;
    struct err err;
    assert_ok(cells_init(&cells, 1, &err), &err);
    return cells;
}

static struct cell_key key_of(uint32_t number, int64_t start_ms)
{
    return (struct cell_key){.address = ip_from_ip4(number), .start_ms = start_ms};
}

static void a_key_has_one_cell(void **state)
{
    (void)state;
    struct cells cells = small();
    struct cell_key key = key_of(1, 0);
    struct cell *cell = cells_get(&cells, &key, 0);
    cell->packets = 5;
    assert_ptr_equal(cells_get(&cells, &key, 0), cell);
    assert_ptr_equal(cells_find(&cells, &key), cell);
    struct cell_key others[] = {key, key, key, key};
    others[0].start_ms = 500;
    others[1].rule = 1;
    others[2].extra = 1;
    others[3].address.bits = 128;
    for (size_t i = 0; i < 4; i++) {
        assert_null(cells_find(&cells, &others[i]));
        assert_int_equal(cells_get(&cells, &others[i], 0)->packets, 0);
    }
    cells_done(&cells);
}

static void the_smallest_makes_room_and_is_counted(void **state)
{
    (void)state;
    struct cells cells = small();
    for (uint32_t i = 0; i < CELL_BUCKET; i++) {
        struct cell_key key = key_of(i, 0);
        cells_get(&cells, &key, 0)->packets = 10 + i;
    }
    assert_int_equal(cells.crowded, 0);
    struct cell_key smallest = key_of(0, 0);
    struct cell_key more = key_of(100, 0);
    assert_non_null(cells_get(&cells, &more, 0));
    assert_int_equal(cells.crowded, 1);
    assert_null(cells_find(&cells, &smallest));
    cells_done(&cells);
}

static void what_a_detection_needs_stays_until_it_is_old(void **state)
{
    (void)state;
    struct cells cells = small();
    for (uint32_t i = 0; i < CELL_BUCKET; i++) {
        struct cell_key key = key_of(i, 0);
        cells_get(&cells, &key, 0)->open = 1;
    }
    struct cell_key more = key_of(100, 1000);
    assert_null(cells_get(&cells, &more, 1000));
    assert_non_null(cells_get(&cells, &more, CELLS_KEEP_MS + 1));
    cells_done(&cells);
}

static void distinct_hashes_are_about_counted(void **state)
{
    (void)state;
    struct cell cell = {.packets = 0};
    assert_int_equal(cell_distinct(&cell), 0);
    for (uint64_t i = 0; i < 100; i++) {
        cell_see(&cell, hash64(&i, sizeof i, 1));
        cell_see(&cell, hash64(&i, sizeof i, 1));
    }
    assert_in_range(cell_distinct(&cell), 85, 115);
    for (uint64_t i = 0; i < 100000; i++)
        cell_see(&cell, hash64(&i, sizeof i, 1));
    assert_in_range(cell_distinct(&cell), 1000, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_one_cell),
        cmocka_unit_test(the_smallest_makes_room_and_is_counted),
        cmocka_unit_test(what_a_detection_needs_stays_until_it_is_old),
        cmocka_unit_test(distinct_hashes_are_about_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
