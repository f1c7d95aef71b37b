#include "store/sessions.h"
#include "lib/check.h"
#include "lib/record.h"

static void a_session_is_found_by_its_hash_until_it_ends(void **state)
{
    (void)state;
    struct record record;
    struct session got;
    struct session session = {.id = "s-1",
                              .hash = {1},
                              .person = "u-1",
                              .post = "p-1",
                              .address = "127.0.0.1",
                              .opened_ms = 1,
                              .seen_ms = 2,
                              .failures = 4,
                              .before_ms = 5,
                              .before_from = "::1"};
    uint8_t old[HASH_SIZE] = {1};
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(sessions_add(record.store, &session, &record.err), &record.err);
    assert_code(sessions_add(record.store, &session, &record.err), ERR_CONFLICT);
    assert_ok(sessions_find(record.store, old, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.person, "u-1");
    assert_string_equal(got.before_from, "::1");
    assert_int_equal(got.failures, 4);
    session.hash[0] = 2;
    session.post = "p-2";
    session.seen_ms = 9;
    session.confirmed_ms = 10;
    session.locked_ms = 11;
    assert_ok(sessions_save(record.store, &session, &record.err), &record.err);
    assert_code(sessions_find(record.store, old, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(sessions_find(record.store, session.hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.post, "p-2");
    assert_int_equal(got.seen_ms + got.confirmed_ms + got.locked_ms, 30);
    assert_ok(sessions_drop(record.store, "s-1", &record.err), &record.err);
    assert_code(sessions_drop(record.store, "s-1", &record.err), ERR_NOT_FOUND);
    assert_code(sessions_save(record.store, &session, &record.err), ERR_NOT_FOUND);
    assert_code(sessions_get(record.store, "s-1", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static size_t count(struct record *record, const char *person)
{
    struct session *all = NULL;
    size_t n = 0;
    assert_ok(sessions_list(record->store, person, &record->arena, &all, &n, &record->err), &record->err);
    return n;
}

static void a_persons_other_sessions_end_together(void **state)
{
    (void)state;
    static const char *const IDS[] = {"s-1", "s-2", "s-3", "s-4"};
    struct record record;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    for (size_t i = 0; i < 4; i++) {
        struct session session = {.id = IDS[i], .hash = {(uint8_t)i}, .person = i < 3 ? "u-1" : "u-2"};
        assert_ok(sessions_add(record.store, &session, &record.err), &record.err);
    }
    assert_int_equal(count(&record, NULL), 4);
    assert_int_equal(count(&record, "u-1"), 3);
    assert_ok(sessions_drop_others(record.store, "u-1", "s-2", &record.err), &record.err);
    assert_int_equal(count(&record, "u-1"), 1);
    assert_ok(sessions_drop_others(record.store, "u-1", NULL, &record.err), &record.err);
    assert_int_equal(count(&record, "u-1"), 0);
    assert_int_equal(count(&record, NULL), 1);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_found_by_its_hash_until_it_ends),
        cmocka_unit_test(a_persons_other_sessions_end_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
