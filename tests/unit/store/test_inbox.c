#include "store/inbox.h"
#include "lib/check.h"
#include "lib/record.h"

static void a_peer_goes_forward_one_by_one(void **state)
{
    (void)state;
    struct record record;
    int64_t last = -1;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(inbox_last(record.store, "miit", &last, &record.err), &record.err);
    assert_int_equal(last, 0);
    assert_code(inbox_advance(record.store, "miit", 2, 10, &record.err), ERR_CONFLICT);
    assert_ok(inbox_advance(record.store, "miit", 1, 10, &record.err), &record.err);
    assert_code(inbox_advance(record.store, "miit", 1, 10, &record.err), ERR_CONFLICT);
    assert_code(inbox_advance(record.store, "miit", 3, 10, &record.err), ERR_CONFLICT);
    assert_ok(inbox_advance(record.store, "miit", 2, 11, &record.err), &record.err);
    assert_ok(inbox_last(record.store, "miit", &last, &record.err), &record.err);
    assert_int_equal(last, 2);
    record_commit(&record);
    record_done(&record);
}

static void acts_wait_for_their_matter(void **state)
{
    (void)state;
    struct record record;
    struct waiting_act *items = NULL;
    size_t count = 0;
    int64_t total = 0;
    bool waited = false;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct waiting_act a = {.act = "a-2",
                            .waits_for = "m-1",
                            .peer = "miit",
                            .parked_ms = 5,
                            .bytes = "{\"v\":1}",
                            .size_bytes = 7,
                            .annex = "",
                            .proof = "{}",
                            .proof_bytes = 2};
    struct waiting_act b = a;
    b.act = "a-1";
    assert_ok(waiting_park(record.store, &a, &record.err), &record.err);
    assert_ok(waiting_park(record.store, &a, &record.err), &record.err);
    assert_ok(waiting_park(record.store, &b, &record.err), &record.err);
    assert_ok(waiting_for(record.store, "m-1", 10, &record.arena, &items, &count, &record.err), &record.err);
    assert_int_equal(count, 2);
    assert_string_equal(items[0].act, "a-1");
    assert_int_equal(items[1].size_bytes, 7);
    assert_memory_equal(items[1].bytes, a.bytes, 7);
    assert_int_equal(items[1].annex_bytes, 0);
    assert_ok(waiting_end(record.store, "a-1", &waited, &record.err), &record.err);
    assert_true(waited);
    assert_ok(waiting_end(record.store, "a-1", &waited, &record.err), &record.err);
    assert_false(waited);
    assert_ok(waiting_for(record.store, "m-1", 10, &record.arena, &items, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    assert_ok(waiting_for(record.store, "m-2", 10, &record.arena, &items, &count, &record.err), &record.err);
    assert_int_equal(count, 0);
    assert_ok(waiting_count(record.store, &total, &record.err), &record.err);
    assert_int_equal(total, 1);
    record_commit(&record);
    record_done(&record);
}

static void receipts_are_kept_per_act_and_node(void **state)
{
    (void)state;
    struct record record;
    struct receipt *items = NULL;
    size_t count = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct receipt receipt = {.act = "a-1",
                              .node = "pca-330000",
                              .receipt_act = "r-1",
                              .received_ms = 7,
                              .state = "waiting",
                              .reason = "",
                              .clause = ""};
    assert_ok(receipts_save(record.store, &receipt, &record.err), &record.err);
    receipt.state = "accepted";
    receipt.receipt_act = "r-2";
    assert_ok(receipts_save(record.store, &receipt, &record.err), &record.err);
    receipt.node = "miit";
    assert_ok(receipts_save(record.store, &receipt, &record.err), &record.err);
    assert_ok(receipts_list(record.store, "a-1", &record.arena, &items, &count, &record.err), &record.err);
    assert_int_equal(count, 2);
    assert_string_equal(items[0].node, "miit");
    assert_string_equal(items[1].receipt_act, "r-2");
    assert_string_equal(items[1].state, "accepted");
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_peer_goes_forward_one_by_one),
        cmocka_unit_test(acts_wait_for_their_matter),
        cmocka_unit_test(receipts_are_kept_per_act_and_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
