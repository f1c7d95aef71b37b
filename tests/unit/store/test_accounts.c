#include "store/accounts.h"
#include "lib/check.h"
#include "lib/record.h"

#include <string.h>

static struct record *opened(struct record *record)
{
    record_open(record, SUITE_P256_SHA256);
    record_begin(record);
    return record;
}

static void closed(struct record *record)
{
    record_commit(record);
    record_done(record);
}

static void an_account_keeps_its_secrets_and_its_name_is_its_own(void **state)
{
    (void)state;
    struct record record;
    struct account account, got;
    const char *former[] = {"$2", "$1"};
    int64_t count = 9;
    struct store *store = opened(&record)->store;
    assert_ok(accounts_add(store, "u-1", "zhangsan", &record.err), &record.err);
    assert_ok(accounts_add(store, "u-1", "zhangsan", &record.err), &record.err); /* stays as it is */
    assert_code(accounts_add(store, "u-2", "zhangsan", &record.err), ERR_CONFLICT);
    assert_ok(accounts_count(store, &count, &record.err), &record.err);
    assert_int_equal(count, 0);
    assert_ok(accounts_by_name(store, "zhangsan", &record.arena, &account, &record.err), &record.err);
    assert_string_equal(account.person, "u-1");
    assert_string_equal(account.password, "");
    assert_false(account.has_totp || account.has_totp_next);
    account.password = "$3";
    account.password_ms = 5;
    account.former = former;
    account.former_count = 2;
    account.has_totp = true;
    memset(account.totp, 7, sizeof account.totp);
    account.totp_step = 11;
    account.entered_ms = 12;
    account.entered_from = "::1";
    assert_ok(accounts_save(store, &account, &record.err), &record.err);
    assert_ok(accounts_get(store, "u-1", &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.password, "$3");
    assert_int_equal(got.former_count, 2);
    assert_string_equal(got.former[0], "$2");
    assert_true(got.has_totp);
    assert_memory_equal(got.totp, account.totp, OTP_SECRET_BYTES);
    assert_int_equal(got.totp_step, 11);
    assert_string_equal(got.entered_from, "::1");
    assert_ok(accounts_count(store, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    account.person = "u-9";
    assert_code(accounts_save(store, &account, &record.err), ERR_NOT_FOUND);
    assert_code(accounts_get(store, "u-9", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    closed(&record);
}

static void more_former_passwords_than_are_kept_fall_off(void **state)
{
    (void)state;
    struct record record;
    struct account account, got;
    const char *former[ACCOUNT_FORMER_MAX + 5];
    char texts[ACCOUNT_FORMER_MAX + 5][8];
    struct store *store = opened(&record)->store;
    for (size_t i = 0; i < ACCOUNT_FORMER_MAX + 5; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "$%zu", i);
        former[i] = texts[i];
    }
    assert_ok(accounts_add(store, "u-1", "a1", &record.err), &record.err);
    assert_ok(accounts_get(store, "u-1", &record.arena, &account, &record.err), &record.err);
    account.former = former;
    account.former_count = ACCOUNT_FORMER_MAX + 5;
    assert_ok(accounts_save(store, &account, &record.err), &record.err);
    assert_ok(accounts_get(store, "u-1", &record.arena, &got, &record.err), &record.err);
    assert_int_equal(got.former_count, ACCOUNT_FORMER_MAX);
    assert_string_equal(got.former[0], "$0");
    closed(&record);
}

static void a_person_has_one_code_at_a_time(void **state)
{
    (void)state;
    struct record record;
    struct access_code first = {.hash = {1}, .person = "u-1", .created_ms = 1, .expires_ms = 9};
    struct access_code second = {.hash = {2}, .person = "u-1", .created_ms = 2, .expires_ms = 10};
    struct access_code setup = {.hash = {3}, .person = "", .created_ms = 2, .expires_ms = 10}, got;
    struct store *store = opened(&record)->store;
    assert_ok(access_codes_put(store, &setup, &record.err), &record.err);
    assert_ok(access_codes_put(store, &first, &record.err), &record.err);
    assert_ok(access_codes_put(store, &second, &record.err), &record.err);
    assert_code(access_codes_find(store, first.hash, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(access_codes_find(store, second.hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.person, "u-1");
    assert_int_equal(got.expires_ms, 10);
    assert_ok(access_codes_drop(store, "u-1", &record.err), &record.err);
    assert_code(access_codes_find(store, second.hash, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(access_codes_find(store, setup.hash, &record.arena, &got, &record.err), &record.err);
    closed(&record);
}

static void attempts_are_counted_until_they_are_dropped(void **state)
{
    (void)state;
    struct record record;
    struct attempts got = {9, 9, 9, 9, 9};
    const struct attempts tried = {.failures = 3, .refused = 7, .first_ms = 1, .last_ms = 2, .until_ms = 3};
    struct store *store = opened(&record)->store;
    assert_ok(attempts_get(store, "name:x", &got, &record.err), &record.err);
    assert_int_equal(got.failures + got.refused + got.until_ms, 0);
    assert_ok(attempts_save(store, "name:x", &tried, &record.err), &record.err);
    assert_ok(attempts_save(store, "name:x", &tried, &record.err), &record.err);
    assert_ok(attempts_get(store, "name:x", &got, &record.err), &record.err);
    assert_memory_equal(&got, &tried, sizeof got);
    assert_ok(attempts_purge(store, 2, &record.err), &record.err);
    assert_ok(attempts_get(store, "name:x", &got, &record.err), &record.err);
    assert_int_equal(got.failures, 3);
    assert_ok(attempts_purge(store, 3, &record.err), &record.err);
    assert_ok(attempts_get(store, "name:x", &got, &record.err), &record.err);
    assert_int_equal(got.failures, 0);
    assert_ok(attempts_save(store, "name:x", &tried, &record.err), &record.err);
    assert_ok(attempts_drop(store, "name:x", &record.err), &record.err);
    assert_ok(attempts_get(store, "name:x", &got, &record.err), &record.err);
    assert_int_equal(got.failures, 0);
    closed(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_keeps_its_secrets_and_its_name_is_its_own),
        cmocka_unit_test(more_former_passwords_than_are_kept_fall_off),
        cmocka_unit_test(a_person_has_one_code_at_a_time),
        cmocka_unit_test(attempts_are_counted_until_they_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
