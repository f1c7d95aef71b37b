#include "store/nodes.h"
#include "lib/check.h"
#include "lib/record.h"

#include <stdio.h>
#include <string.h>

static const struct node_card CARD = {.id = "demo-telecom-zj",
                                      .name = "演示电信浙江公司",
                                      .tier = TIER_ENTERPRISE,
                                      .region = "330000",
                                      .parent = "pca-330000",
                                      .roles = {"TEL", "DNS"},
                                      .role_count = 2,
                                      .large = true,
                                      .suite = "sm2-sm3",
                                      .key_pem = "-----BEGIN PUBLIC KEY-----",
                                      .drill_key_pem = "d",
                                      .url = "https://127.0.0.1:8443"};

static void cards_come_back_whole_and_sorted(void **state)
{
    (void)state;
    struct record record;
    struct node_card got, *all = NULL;
    const char *act = NULL;
    size_t count = 0;
    record_open(&record, SUITE_P256_SHA256);
    assert_ok(nodes_list(record.store, &record.arena, &all, &count, &record.err), &record.err);
    assert_int_equal(count, 0);
    record_begin(&record);
    for (int i = 199; i >= 0; i--) {
        struct node_card card = CARD;
        char id[32];
        (void)snprintf(id, sizeof id, "node-%03d", i);
        card.id = id;
        assert_ok(nodes_save(record.store, &card, "", &record.err), &record.err);
    }
    assert_ok(nodes_save(record.store, &CARD, "a-1", &record.err), &record.err);
    assert_ok(nodes_load(record.store, CARD.id, &record.arena, &got, &act, &record.err), &record.err);
    assert_string_equal(act, "a-1");
    assert_string_equal(got.name, CARD.name);
    assert_int_equal(got.tier, TIER_ENTERPRISE);
    assert_int_equal(got.role_count, 2);
    assert_string_equal(got.roles[1], "DNS");
    assert_true(got.large);
    assert_string_equal(got.url, CARD.url);
    assert_ok(nodes_list(record.store, &record.arena, &all, &count, &record.err), &record.err);
    assert_int_equal(count, 201);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(all[i - 1].id, all[i].id) < 0);
    assert_code(nodes_load(record.store, "x", &record.arena, &got, NULL, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static void peers_keep_how_the_exchange_goes(void **state)
{
    (void)state;
    struct record record;
    struct peer got, *all = NULL;
    size_t count = 0;
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    struct peer peer = {.id = "miit",
                        .url = "",
                        .fingerprint = "ab",
                        .state = "up",
                        .seen_ms = 4,
                        .skew_ms = -250,
                        .failures = 0,
                        .next_ms = 9,
                        .reason = ""};
    assert_ok(peers_save(record.store, &peer, &record.err), &record.err);
    peer.state = "down";
    peer.failures = 3;
    assert_ok(peers_save(record.store, &peer, &record.err), &record.err);
    assert_ok(peers_load(record.store, "miit", &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.state, "down");
    assert_int_equal(got.skew_ms, -250);
    assert_ok(peers_list(record.store, &record.arena, &all, &count, &record.err), &record.err);
    assert_int_equal(count, 1);
    assert_code(peers_load(record.store, "x", &record.arena, &got, &record.err), ERR_NOT_FOUND);
    record_commit(&record);
    record_done(&record);
}

static void a_code_enrols_once(void **state)
{
    (void)state;
    struct record record;
    struct enrol_code code = {.hash = {1, 2, 3}, .card = "{}", .created_ms = 1, .expires_ms = 9}, got;
    uint8_t other[HASH_SIZE] = {9};
    record_open(&record, SUITE_P256_SHA256);
    record_begin(&record);
    assert_ok(enrol_add(record.store, &code, &record.err), &record.err);
    assert_ok(enrol_get(record.store, code.hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.card, "{}");
    assert_int_equal(got.used_ms, 0);
    assert_ok(enrol_use(record.store, code.hash, "demo", 5, &record.err), &record.err);
    assert_code(enrol_use(record.store, code.hash, "demo", 6, &record.err), ERR_CONFLICT);
    assert_code(enrol_use(record.store, other, "demo", 6, &record.err), ERR_CONFLICT);
    assert_code(enrol_get(record.store, other, &record.arena, &got, &record.err), ERR_NOT_FOUND);
    assert_ok(enrol_get(record.store, code.hash, &record.arena, &got, &record.err), &record.err);
    assert_string_equal(got.used_by, "demo");
    assert_int_equal(got.used_ms, 5);
    record_commit(&record);
    record_done(&record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_come_back_whole_and_sorted),
        cmocka_unit_test(peers_keep_how_the_exchange_goes),
        cmocka_unit_test(a_code_enrols_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
