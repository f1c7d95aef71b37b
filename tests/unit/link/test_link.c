/* Whom to call, and when. */
#include "lib/check.h"
#include "lib/wires.h"

#include "store/nodes.h"
#include "store/outbox.h"

#include <string.h>

static struct world WORLD;
static struct wires WIRES;

static int set_up(void **state)
{
    (void)state;
    world_open(&WORLD);
    world_people(&WORLD);
    wires_open(&WIRES, &WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wires_close(&WIRES);
    world_close(&WORLD);
    return 0;
}

#define REPORT                                                                                               \
    "{\"title\":\"网站异常\",\"occurred\":\"2009-05-19T21:50:00+08:00\",\"scope\":\"浙江\",\"harm\":"  \
    "\"无法访问\",\"measures\":\"切换\",\"advice\":\"无\",\"region\":\"330000\"}"

static void report(void)
{
    struct submission sub;
    assert_ok(world_act(&WORLD, "tel-zj", "incident.reported", NULL, NULL, REPORT, &sub), &sub.err);
}

static size_t due_of(const char *node, const char *out[8], int64_t *next_ms)
{
    struct err err;
    size_t count = 0;
    assert_ok(link_due(wires_link(&WIRES, node), out, 8, &count, next_ms, &err), &err);
    return count;
}

static void the_tier_above_is_called_now_and_then(void **state)
{
    (void)state;
    const char *due[8];
    int64_t next_ms = 0;
    assert_int_equal(due_of("tel-zj", due, &next_ms), 1);
    assert_string_equal(due[0], "pca-330000");
    assert_int_equal(due_of("miit", due, &next_ms), 0);
    assert_ok(wires_call(&WIRES, "tel-zj", "pca-330000", WIRE_GOOD), &(struct err){0});
    assert_int_equal(due_of("tel-zj", due, &next_ms), 0);
    assert_int_equal(next_ms, WORLD.now_ms + 60000);
    WORLD.now_ms += 60000;
    assert_int_equal(due_of("tel-zj", due, &next_ms), 1);
}

static void what_waits_is_sent_at_once(void **state)
{
    (void)state;
    const char *due[8];
    int64_t next_ms = 0;
    (void)wires_run(&WIRES);
    assert_int_equal(due_of("tel-zj", due, &next_ms), 0);
    report();
    assert_int_equal(due_of("tel-zj", due, &next_ms), 2);
    assert_string_equal(due[0], "miit");
    assert_string_equal(due[1], "pca-330000");
    /* One call at a time. */
    struct buf out;
    struct err err;
    buf_init(&out, ENVELOPE_BYTES_MAX);
    assert_ok(link_request(wires_link(&WIRES, "tel-zj"), "miit", &out, &err), &err);
    assert_int_equal(due_of("tel-zj", due, &next_ms), 1);
    assert_string_equal(due[0], "pca-330000");
    buf_done(&out);
}

static void failures_put_the_next_try_off_longer_and_longer(void **state)
{
    (void)state;
    const char *due[8];
    int64_t next_ms = 0;
    int64_t waited_ms = 0;
    (void)wires_run(&WIRES);
    report();
    for (int i = 0; i < 14; i++) {
        assert_code(wires_call(&WIRES, "tel-zj", "pca-330000", WIRE_CUT), ERR_IO);
        assert_code(wires_call(&WIRES, "tel-zj", "miit", WIRE_CUT), ERR_IO);
        assert_int_equal(due_of("tel-zj", due, &next_ms), 0);
        waited_ms = next_ms - WORLD.now_ms;
        int64_t full_ms = i < 8 ? INT64_C(1000) << i : 300000;
        full_ms = full_ms > 300000 ? 300000 : full_ms;
        int64_t idle_ms = 60000;
        assert_true(waited_ms >= (full_ms / 2 < idle_ms ? full_ms / 2 : idle_ms));
        assert_true(waited_ms <= full_ms);
        WORLD.now_ms += 300000;
    }
    /* The story is kept with the peer and with what waits for it. */
    struct arena arena;
    struct err err;
    struct peer peer;
    struct outbox_page page;
    struct store *store = world_node(&WORLD, "tel-zj")->store;
    arena_init(&arena, 16 << 20);
    assert_ok(peers_load(store, "pca-330000", &arena, &peer, &err), &err);
    assert_string_equal(peer.state, "down");
    assert_string_equal(peer.reason, "nobody answers");
    assert_int_equal(peer.failures, 14);
    assert_ok(outbox_pending(store, "pca-330000", 0, 10, &arena, &page, &err), &err);
    assert_int_equal(page.count, 1);
    assert_string_equal(page.items[0].reason, "nobody answers");
    /* Once it is there again, everything goes. */
    (void)wires_run(&WIRES);
    assert_ok(peers_load(store, "pca-330000", &arena, &peer, &err), &err);
    assert_string_equal(peer.state, "up");
    assert_int_equal(peer.failures, 0);
    arena_done(&arena);
}

static void a_node_that_cannot_be_called_fetches_what_waits(void **state)
{
    (void)state;
    const char *due[8];
    int64_t next_ms = 0;
    struct err err;
    struct arena arena;
    struct outbox_page page;
    struct store *province = world_node(&WORLD, "pca-330000")->store;
    wires_url(&WIRES, "tel-zj", "");
    report();
    (void)wires_run(&WIRES);
    /* The receipts of the province went with replies, and the enterprise has answered for them. */
    arena_init(&arena, 16 << 20);
    struct outbox_filter filter = {.peer = "tel-zj", .limit = 10};
    assert_ok(outbox_list(province, &filter, &arena, &page, &err), &err);
    assert_true(page.count > 0);
    for (size_t i = 0; i < page.count; i++)
        assert_int_equal(page.items[i].state, OUTBOX_ACKED);
    arena_done(&arena);
    assert_int_equal(due_of("pca-330000", due, &next_ms), 0);
    assert_int_equal(due_of("tel-zj", due, &next_ms), 0);
    assert_true(next_ms <= WORLD.now_ms + 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tier_above_is_called_now_and_then, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_waits_is_sent_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failures_put_the_next_try_off_longer_and_longer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_node_that_cannot_be_called_fetches_what_waits, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
