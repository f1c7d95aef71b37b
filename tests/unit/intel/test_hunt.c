#include "unit/intel/hunt_fixture.h"
#include "unit/intel/input_fixture.h"

static const char *const BAD[] = {"evil.example", "192.0.2.0/24", NULL};

static void run(struct hunt_fixture *f, const char *text, size_t size)
{
    struct feed feed;
    struct err err;
    feed_init(&feed, input_fixture(text, size), "log", -1);
    assert_ok(hunt_run(f->hunt, &feed, false, &err), &err);
    feed_done(&feed);
}

/* A log of some megabytes with a hit now and then. */
static char *make_log(size_t *size, size_t *hits)
{
    enum { LINES = 120000, ROOM = 40 * LINES };
    char *text = malloc(ROOM);
    assert_non_null(text);
    *size = *hits = 0;
    for (int i = 0; i < LINES; i++) {
        bool bad = i % 37 == 5;
        *hits += bad;
        *size += (size_t)snprintf(text + *size, ROOM - *size, "h%d.%s.example\n", i, bad ? "evil" : "good");
    }
    return text;
}

static void hits_come_in_the_order_of_the_log_on_any_number_of_threads(void **state)
{
    (void)state;
    size_t size;
    size_t hits;
    char *text = make_log(&size, &hits);
    char *first = NULL;
    for (size_t threads = 1; threads <= 4; threads += 3) {
        struct hunt_fixture f;
        hunt_fixture_begin(&f, BAD, threads, NULL, 0);
        run(&f, text, size);
        assert_int_equal(hunt_totals(f.hunt)->hits[KIND_DOMAIN], hits);
        assert_int_equal(hunt_totals(f.hunt)->lines, 120000);
        assert_int_equal(hunt_totals(f.hunt)->bytes, size);
        if (first)
            assert_string_equal(f.out.data, first);
        else
            first = strdup(f.out.data);
        hunt_fixture_end(&f);
    }
    /* Lines are numbered over all blocks. */
    long last = 0;
    size_t seen = 0;
    for (const char *at = strstr(first, "\"line\":"); at; at = strstr(at + 1, "\"line\":")) {
        long line = strtol(at + 7, NULL, 10);
        assert_true(line > last && (line - 6) % 37 == 0);
        last = line;
        seen++;
    }
    assert_int_equal(seen, hits);
    free(first);
    free(text);
}

static void more_hits_than_memory_for_them(void **state)
{
    (void)state;
    enum { LINES = 60000 };
    char *text = malloc(13 * LINES + 1);
    assert_non_null(text);
    for (int i = 0; i < LINES; i++)
        memcpy(text + 13 * i, "evil.example\n", 13);
    for (size_t threads = 1; threads <= 3; threads++) {
        struct hunt_fixture f;
        hunt_fixture_begin(&f, BAD, threads, NULL, 0);
        run(&f, text, 13 * LINES);
        assert_int_equal(hunt_totals(f.hunt)->hits[KIND_DOMAIN], LINES);
        assert_true(f.out.size_bytes > 4 * (size_t)HUNT_OUT_BYTES);
        char last[64];
        (void)snprintf(last, sizeof last, "\"line\":%d,", LINES);
        assert_non_null(strstr(f.out.data + f.out.size_bytes - 200, last));
        hunt_fixture_end(&f);
    }
    free(text);
}

static void a_reader_that_goes_away_ends_the_hunt(void **state)
{
    (void)state;
    size_t size;
    size_t hits;
    char *text = make_log(&size, &hits);
    for (size_t threads = 1; threads <= 3; threads += 2) {
        struct hunt_fixture f;
        struct feed feed;
        struct err err;
        hunt_fixture_begin(&f, BAD, threads, NULL, 0);
        f.refuse = true;
        feed_init(&feed, input_fixture(text, size), "log", -1);
        assert_code(hunt_run(f.hunt, &feed, false, &err), ERR_IO);
        assert_string_equal(err.message, "refused");
        feed_done(&feed);
        hunt_fixture_end(&f);
    }
    free(text);
}

static void held_hits_are_counted_apart(void **state)
{
    (void)state;
    struct index_fixture good;
    fixture_begin(&good);
    fixture_add(&good, "fine.evil.example", "own", "");
    fixture_open(&good);
    const struct good_list list = {good.index, GOOD_ALLOW};
    struct hunt_fixture f;
    hunt_fixture_begin(&f, BAD, 2, &list, 1);
    run(&f, "x.fine.evil.example\nevil.example\n", 33);
    assert_int_equal(hunt_totals(f.hunt)->hits[KIND_DOMAIN], 1);
    assert_int_equal(hunt_totals(f.hunt)->held, 1);
    assert_null(strstr(f.out.data, "fine"));
    hunt_fixture_end(&f);
    fixture_end(&good);
}

static void several_logs_one_after_the_other(void **state)
{
    (void)state;
    struct hunt_fixture f;
    hunt_fixture_begin(&f, BAD, 2, NULL, 0);
    run(&f, "evil.example\n", 13);
    static const char EVE[] = "{\"event_type\":\"dns\",\"src_ip\":\"192.0.2.7\"}\n";
    run(&f, EVE, strlen(EVE));
    run(&f, "", 0);
    assert_int_equal(hunt_totals(f.hunt)->hits[KIND_DOMAIN], 1);
    assert_int_equal(hunt_totals(f.hunt)->hits[KIND_IPV4], 1);
    assert_int_equal(hunt_totals(f.hunt)->lines, 2);
    hunt_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hits_come_in_the_order_of_the_log_on_any_number_of_threads),
        cmocka_unit_test(more_hits_than_memory_for_them),
        cmocka_unit_test(a_reader_that_goes_away_ends_the_hunt),
        cmocka_unit_test(held_hits_are_counted_apart),
        cmocka_unit_test(several_logs_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
