#include "intel/find.h"
#include "intel/live.h"
#include "unit/intel/index_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Puts an index with one name over the one at path. */
static void build_over(const char *path, const char *name)
{
    struct index_build *build;
    struct indicator indicator;
    struct err err;
    uint32_t label;
    struct label what = {.source = "l", .family = "", .confidence = LABEL_UNKNOWN};
    assert_ok(index_build_new(&FIXTURE_ENV, &build, &err), &err);
    assert_ok(index_build_label(build, &what, &label, &err), &err);
    assert_true(indicator_parse((struct str){name, strlen(name)}, KIND_SHA256, &indicator));
    assert_ok(index_build_add(build, &indicator, label, &err), &err);
    assert_ok(index_build_write(build, path, &err), &err);
    index_build_free(build);
}

static bool knows(const struct index *index, const char *name)
{
    struct find_hits hits;
    struct err err;
    assert_ok(find_name(index, (struct str){name, strlen(name)}, &hits, &err), &err);
    return hits.count > 0;
}

static void a_reader_keeps_its_index_while_another_takes_its_place(void **state)
{
    (void)state;
    struct index_fixture f;
    struct live *live;
    struct err err;
    bool replaced;
    fixture_begin(&f);
    fixture_add(&f, "old.example", "l", "");
    fixture_open(&f);
    assert_ok(live_open(f.path, &live, &err), &err);
    const struct index *old = live_use(live, 0);
    build_over(f.path, "new.example");
    assert_ok(live_refresh(live, &replaced, &err), &err);
    assert_true(replaced);
    assert_true(knows(old, "old.example"));
    assert_true(knows(live_use(live, 1), "new.example"));
    assert_ok(live_refresh(live, &replaced, &err), &err);
    assert_false(replaced);
    assert_true(knows(old, "old.example")); /* refreshing closes nothing that is in use */
    live_leave(live, 0);
    live_leave(live, 1);
    live_close(live);
    fixture_end(&f);
}

static void a_damaged_file_does_not_take_the_place(void **state)
{
    (void)state;
    struct index_fixture f;
    struct live *live;
    struct err err;
    bool replaced;
    char other[128];
    fixture_begin(&f);
    fixture_add(&f, "old.example", "l", "");
    fixture_open(&f);
    assert_ok(live_open(f.path, &live, &err), &err);
    (void)snprintf(other, sizeof other, "%s/other", f.folder);
    FILE *file = fopen(other, "w");
    assert_non_null(file);
    for (int i = 0; i < 3000; i++)
        (void)fputs("no index", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(other, f.path), 0);
    assert_code(live_refresh(live, &replaced, &err), ERR_DAMAGED);
    assert_false(replaced);
    assert_true(knows(live_use(live, 0), "old.example"));
    live_leave(live, 0);
    assert_int_equal(remove(f.path), 0);
    assert_ok(live_refresh(live, &replaced, &err), &err);
    assert_false(replaced);
    live_close(live);
    fixture_end(&f);
}

struct reading {
    struct live *live;
    size_t slot;
    atomic_bool *stop;
    atomic_uint looks;
};

static void *read_on(void *context)
{
    struct reading *reading = context;
    while (!atomic_load(reading->stop)) {
        const struct index *index = live_use(reading->live, reading->slot);
        struct find_hits hits;
        if (find_name(index, (struct str){"a.example", 9}, &hits, NULL) == ERR_OK && hits.count == 1)
            atomic_fetch_add(&reading->looks, 1);
        live_leave(reading->live, reading->slot);
    }
    return NULL;
}

static void readers_go_on_through_many_replacements(void **state)
{
    (void)state;
    enum { READERS = 3, ROUNDS = 40 };
    struct index_fixture f;
    struct live *live;
    struct err err;
    atomic_bool stop = false;
    pthread_t threads[READERS];
    struct reading readings[READERS];
    fixture_begin(&f);
    fixture_add(&f, "a.example", "l", "");
    fixture_open(&f);
    assert_ok(live_open(f.path, &live, &err), &err);
    for (size_t i = 0; i < READERS; i++) {
        readings[i].live = live;
        readings[i].slot = i;
        readings[i].stop = &stop;
        atomic_init(&readings[i].looks, 0);
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readings[i]), 0);
    }
    for (size_t i = 0; i < READERS; i++)
        while (atomic_load(&readings[i].looks) == 0)
            (void)sched_yield(); /* every reader is at work before anything is replaced */
    for (int round = 0; round < ROUNDS; round++) {
        enum errc rc = live_replace(live, &err);
        assert_true(rc == ERR_OK || rc == ERR_BUSY);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    live_close(live);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_keeps_its_index_while_another_takes_its_place),
        cmocka_unit_test(a_damaged_file_does_not_take_the_place),
        cmocka_unit_test(readers_go_on_through_many_replacements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
