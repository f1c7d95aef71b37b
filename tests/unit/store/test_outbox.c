#include "store/outbox.h"
#include "lib/check.h"
#include "lib/record.h"

static const char *const TARGETS[] = {"miit", "pca-330000"};

static struct outbox_item item_for(const char *peer, const char *act)
{
    static const char *targets[] = {"miit", "pca-330000"};
    return (struct outbox_item){.peer = peer,
                                .act = act,
                                .targets = targets,
                                .target_count = 2,
                                .state = OUTBOX_QUEUED,
                                .queued_ms = 50};
}

static void numbers_are_dense_per_peer_and_held_acts_get_theirs_at_release(void **state)
{
    (void)state;
    struct record record;
    struct outbox_page page;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct stored_act a = record_act(&record, "incident.reported", "m-1", "一");
    struct stored_act b = record_act(&record, "incident.followed", "m-1", "二");
    struct stored_act c = record_act(&record, "incident.followed", "m-1", "三");
    struct outbox_item one = item_for("pca-330000", a.act.id), two = item_for("pca-330000", b.act.id);
    struct outbox_item three = item_for("pca-330000", c.act.id), other = item_for("miit", a.act.id);
    two.state = OUTBOX_HELD;
    two.reason = "检查结果不外传";
    two.clause = "5.2";
    assert_ok(outbox_push(record.store, &one, &record.err), &record.err);
    assert_ok(outbox_push(record.store, &two, &record.err), &record.err);
    assert_ok(outbox_push(record.store, &three, &record.err), &record.err);
    assert_ok(outbox_push(record.store, &other, &record.err), &record.err);
    assert_int_equal(one.n, 1);
    assert_int_equal(two.n, 0);
    assert_int_equal(three.n, 2);
    assert_int_equal(other.n, 1);
    assert_code(outbox_push(record.store, &two, &record.err), ERR_CONFLICT);
    assert_ok(outbox_pending(record.store, "pca-330000", 0, 10, &record.arena, &page, &record.err),
              &record.err);
    assert_int_equal(page.count, 2);
    assert_string_equal(page.items[0].act, a.act.id);
    assert_int_equal(page.items[0].target_count, 2);
    assert_string_equal(page.items[0].targets[1], TARGETS[1]);
    two.state = OUTBOX_QUEUED;
    assert_ok(outbox_update(record.store, &two, &record.err), &record.err);
    assert_int_equal(two.n, 3);
    assert_ok(outbox_pending(record.store, "pca-330000", 1, 1, &record.arena, &page, &record.err),
              &record.err);
    assert_int_equal(page.count, 1);
    assert_string_equal(page.items[0].act, c.act.id);
    record_commit(&record);
    record_done(&record);
}

static void what_became_of_an_act_is_kept(void **state)
{
    (void)state;
    struct record record;
    struct outbox_item got;
    struct outbox_page page;
    struct outbox_count *counts = NULL;
    const char **peers = NULL;
    size_t count = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct stored_act a = record_act(&record, "incident.reported", "m-1", "一");
    struct stored_act b = record_act(&record, "incident.followed", "m-1", "二");
    struct outbox_item one = item_for("pca-330000", a.act.id), two = item_for("miit", a.act.id);
    struct outbox_item three = item_for("miit", b.act.id);
    assert_ok(outbox_push(record.store, &one, &record.err), &record.err);
    assert_ok(outbox_push(record.store, &two, &record.err), &record.err);
    assert_ok(outbox_push(record.store, &three, &record.err), &record.err);
    one.state = OUTBOX_REFUSED;
    one.reason = "无权限";
    one.clause = "4.4";
    one.tries = 3;
    one.done_ms = 99;
    assert_ok(outbox_update(record.store, &one, &record.err), &record.err);
    assert_ok(outbox_get(record.store, "pca-330000", a.act.id, &record.arena, &got, &record.err),
              &record.err);
    assert_int_equal(got.state, OUTBOX_REFUSED);
    assert_string_equal(got.reason, "无权限");
    assert_string_equal(got.clause, "4.4");
    assert_int_equal(got.n, 1);
    struct outbox_filter filter = {.act = a.act.id, .limit = 10};
    assert_ok(outbox_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.count, 2);
    filter = (struct outbox_filter){.peer = "miit", .states = {[OUTBOX_QUEUED] = true}, .limit = 1};
    assert_ok(outbox_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.items[0].n, 2);
    filter.before_n = 2;
    assert_ok(outbox_list(record.store, &filter, &record.arena, &page, &record.err), &record.err);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.items[0].n, 1);
    assert_ok(outbox_peers(record.store, &record.arena, &peers, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    assert_string_equal(peers[0], "miit");
    assert_ok(outbox_counts(record.store, &record.arena, &counts, &count, &record.err), &record.err);
    assert_int_equal(count, 2);
    assert_string_equal(counts[0].peer, "miit");
    assert_int_equal(counts[0].count, 2);
    assert_int_equal(counts[1].state, OUTBOX_REFUSED);
    assert_code(outbox_get(record.store, "x", a.act.id, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    one.peer = "x";
    assert_code(outbox_update(record.store, &one, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static void only_acts_of_the_record_can_be_sent(void **state)
{
    (void)state;
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct outbox_item item = item_for("miit", "no such act");
    enum errc rc = outbox_push(record.store, &item, &record.err);
    if (rc == ERR_OK)
        rc = store_commit(record.store, &record.err);
    assert_code(rc, ERR_INTERNAL);
    store_rollback(record.store);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_dense_per_peer_and_held_acts_get_theirs_at_release),
        cmocka_unit_test(what_became_of_an_act_is_kept),
        cmocka_unit_test(only_acts_of_the_record_can_be_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
