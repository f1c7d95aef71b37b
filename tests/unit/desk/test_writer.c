#include "desk/writer.h"
#include "lib/check.h"
#include "lib/world.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { CLIENTS = 8, EACH = 20 };

static struct world WORLD;
static struct writer *WRITER;
static atomic_int COMMITS;

static void on_commit(void *context, int64_t last_pos)
{
    (void)context;
    (void)last_pos;
    atomic_fetch_add(&COMMITS, 1);
}

static void *client(void *context)
{
    int *good = context;
    for (int i = 0; i < EACH; i++) {
        struct err err = {0};
        json_t *body = json_pack("{s:s,s:s,s:i,s:b}", "title", "流量清洗", "kind", "other", "count", 1,
                                 "ready", 1);
        struct submission sub = {
            .kind = "tool.set", .person = "张三", .post = "值班员", .body = body, .expected_rev = -1};
        struct writer_job job = {.submission = &sub};
        if (writer_wait(WRITER, &job, &err) >= 0 && uuid_valid(sub.act))
            (*good)++;
        json_decref(body);
    }
    return NULL;
}

static void many_clients_share_batches_and_each_gets_its_answer(void **state)
{
    (void)state;
    pthread_t threads[CLIENTS];
    int good[CLIENTS] = {0};
    struct err err;
    struct writer_counters count;
    struct writer_events events = {.on_commit = on_commit};
    world_open(&WORLD);
    world_people(&WORLD);
    struct desk *desk = world_node(&WORLD, "tel-zj")->desk;
    int64_t before = desk_last_pos(desk);
    assert_ok(writer_start(desk, &events, &WRITER, &err), &err);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, client, &good[i]), 0);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    writer_count(WRITER, &count);
    writer_stop(WRITER);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(good[i], EACH);
    assert_int_equal(desk_last_pos(desk) - before, CLIENTS * EACH);
    assert_int_equal(count.submissions, CLIENTS * EACH);
    assert_true(count.batches <= count.submissions);
    assert_true(atomic_load(&COMMITS) > 0);
    world_close(&WORLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_clients_share_batches_and_each_gets_its_answer)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
