#include "store/tokens.h"
#include "lib/check.h"
#include "lib/record.h"

static void tokens_are_found_by_hash_until_revoked(void **state)
{
    (void)state;
    struct record record;
    struct token got, *all = NULL;
    size_t count = 0;
    uint8_t other[HASH_SIZE] = {9};
    struct token token = {.id = "t-1",
                          .hash = {1},
                          .role = "officer",
                          .person = "张三",
                          .post = "值班员",
                          .created_ms = 1,
                          .expires_ms = 100};
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(tokens_add(record.store, &token, &record.err), &record.err);
    assert_code(tokens_add(record.store, &token, &record.err), ERR_CONFLICT);
    assert_ok(tokens_find(record.store, token.hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.role, "officer");
    assert_string_equal(got.person, "张三");
    assert_int_equal(got.revoked_ms, 0);
    assert_code(tokens_find(record.store, other, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(tokens_revoke(record.store, "t-1", 50, &record.err), &record.err);
    assert_code(tokens_revoke(record.store, "t-1", 51, &record.err), ERR_NOT_FOUND);
    assert_ok(tokens_list(record.store, &record.arena, &all, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].revoked_ms, 50);
    record_commit(&record);
    record_done(&record);
}

static void a_repeated_request_gets_the_answer_kept(void **state)
{
    (void)state;
    struct record record;
    struct idempotency_key key = {.scope = "t-1", .key = "k", .request_hash = {1}};
    struct kept_answer answer = {201, "{\"id\":1}", 8}, got;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_code(idempotency_get(record.store, &key, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(idempotency_save(record.store, &key, &answer, 10, &record.err), &record.err);
    assert_ok(idempotency_get(record.store, &key, &record.arena, &got, &record.err), &record.err);
    assert_int_equal(got.status, 201);
    assert_int_equal(got.size_bytes, 8);
    assert_memory_equal(got.bytes, answer.bytes, 8);
    key.request_hash[0] = 2;
    assert_code(idempotency_get(record.store, &key, &record.arena, &got, &record.err), ERR_REPLAYED);
    key.scope = "t-2";
    assert_code(idempotency_get(record.store, &key, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    key.scope = "t-1";
    assert_ok(idempotency_purge(record.store, 10, &record.err), &record.err);
    assert_code(idempotency_get(record.store, &key, &record.arena, &got, &record.err), ERR_REPLAYED);
    assert_ok(idempotency_purge(record.store, 11, &record.err), &record.err);
    assert_code(idempotency_get(record.store, &key, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_found_by_hash_until_revoked),
        cmocka_unit_test(a_repeated_request_gets_the_answer_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
