#include "lib/check.h"
#include "lib/toy_ledger.h"
#include "link/envelope.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct buf text;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    buf_init(&text, ENVELOPE_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    buf_done(&text);
    return 0;
}

static void everything_comes_back(void **state)
{
    (void)state;
    struct err err;
    struct toy_ledger *toy = toy_new("demo-telecom-zj", "real", SUITE_SM2_SM3, NULL);
    for (int i = 0; i < 9; i++)
        toy_append(toy, "act");
    const char *targets[] = {"pca-330000", "miit"};
    struct envelope_item items[] = {
        {7, "{\"a\":\"烽\\n\"}", "{\"b\":1}", "{\"c\":2}", targets, 2},
        {8, "{}", "", "{}", targets, 1},
    };
    struct envelope_answer answers[] = {{3, "id", "refused", "不行", "4.4", ""},
                                        {4, "", "waiting", "", "", "w"}};
    struct envelope sent = {.from = "demo-telecom-zj",
                            .to = "pca-330000",
                            .universe = "real",
                            .time_ms = 1242741000123,
                            .last_n = 41,
                            .seen_size = 12,
                            .items = items,
                            .item_count = 2,
                            .answers = answers,
                            .answer_count = 2,
                            .has_head = true,
                            .head = toy_head(toy, 9, 77),
                            .has_growth = true,
                            .growth = toy_growth(toy, 3, 9),
                            .has_cosignature = true,
                            .cosigned_size = 5,
                            .cosignature = {.witness = "miit", .sig = {3, {1, 2, 3}}}};
    struct envelope read;
    assert_ok(envelope_write(&sent, &text, &err), &err);
    assert_ok(envelope_read(text.data, text.size_bytes, &arena, &read, &err), &err);
    assert_string_equal(read.from, sent.from);
    assert_string_equal(read.to, sent.to);
    assert_int_equal(read.time_ms, sent.time_ms);
    assert_int_equal(read.last_n, 41);
    assert_int_equal(read.seen_size, 12);
    assert_int_equal(read.item_count, 2);
    assert_string_equal(read.items[0].act, items[0].act);
    assert_string_equal(read.items[0].annex, items[0].annex);
    assert_string_equal(read.items[0].targets[1], "miit");
    assert_string_equal(read.items[1].annex, "");
    assert_int_equal(read.answer_count, 2);
    assert_string_equal(read.answers[0].why, "不行");
    assert_string_equal(read.answers[1].waits, "w");
    assert_true(read.has_head && read.has_growth && read.has_cosignature);
    assert_ok(proof_head_verify(&read.head, toy->key, &err), &err);
    assert_int_equal(read.growth.from, 3);
    assert_int_equal(read.cosigned_size, 5);
    assert_string_equal(read.cosignature.witness, "miit");
    toy_free(toy);
}

static void the_least_message_is_small(void **state)
{
    (void)state;
    struct err err;
    struct envelope read;
    struct envelope sent = {.from = "a", .to = "b", .universe = "real"};
    assert_ok(envelope_write(&sent, &text, &err), &err);
    assert_ok(envelope_read(text.data, text.size_bytes, &arena, &read, &err), &err);
    assert_int_equal(read.item_count, 0);
    assert_int_equal(read.answer_count, 0);
    assert_false(read.has_head || read.has_growth || read.has_cosignature);
}

static void items_take_no_more_than_was_reckoned(void **state)
{
    (void)state;
    struct err err;
    const char *targets[] = {"pca-330000", "miit"};
    struct envelope_item item = {
        INT64_MAX - 1, "{\"a\":\"\\\"\x01\x1f\n\"}", "{\"\\\\\":1}", "{}", targets, 2};
    struct envelope sent = {.from = "a", .to = "b", .universe = "real"};
    assert_ok(envelope_write(&sent, &text, &err), &err);
    size_t empty = text.size_bytes;
    buf_reset(&text);
    sent.items = &item;
    sent.item_count = 1;
    assert_ok(envelope_write(&sent, &text, &err), &err);
    assert_true(text.size_bytes - empty <= envelope_item_bytes(&item));
}

#define TOP                                                                                                  \
    "{\"v\":1,\"from\":\"a\",\"to\":\"b\",\"universe\":\"real\",\"time\":\"2009-05-19T21:50:00Z\",\"last\":" \
    "0,\"seen\":0"

static void what_does_not_fit_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *field;
    } CASES[] = {
        {TOP ",\"x\":1}", "x"},
        {TOP ",\"items\":{}}", "items"},
        {TOP ",\"items\":[1]}", "items[0]"},
        {TOP ",\"items\":[{\"n\":0,\"act\":\"a\",\"proof\":\"p\",\"for\":[\"c\"]}]}", "items[0].n"},
        {TOP ",\"items\":[{\"n\":1,\"act\":{},\"proof\":\"p\",\"for\":[\"c\"]}]}", "items[0].act"},
        {TOP ",\"items\":[{\"n\":1,\"act\":\"a\",\"for\":[\"c\"]}]}", "items[0].proof"},
        {TOP ",\"items\":[{\"n\":1,\"act\":\"a\",\"proof\":\"p\",\"for\":[]}]}", "items[0].for"},
        {TOP ",\"items\":[{\"n\":1,\"act\":\"a\",\"proof\":\"p\",\"for\":[\"x:NCEO\"]}]}", "items[0].for"},
        {TOP ",\"items\":[{\"n\":1,\"act\":\"a\",\"proof\":\"p\",\"for\":[\"c\"],\"y\":1}]}", "items[0].y"},
        {TOP ",\"answers\":[{\"n\":1}]}", "answers[0].state"},
        {TOP ",\"answers\":[{\"n\":1.5,\"state\":\"x\"}]}", "answers[0].n"},
        {TOP ",\"head\":{}}", "head.node"},
        {TOP ",\"growth\":{\"from\":1,\"to\":2}}", "growth.path"},
        {TOP ",\"cosigned\":{\"size\":0,\"cosignature\":{}}}", "cosigned.size"},
        {"{\"v\":2}", "v"},
        {"{\"v\":1,\"from\":\"A\"}", "from"},
        {"{\"v\":1,\"from\":\"a\",\"to\":\"b\",\"universe\":\"real\",\"time\":\"x\"}", "time"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct err err;
        struct envelope read;
        err_clear(&err);
        assert_code(envelope_read(CASES[i].text, strlen(CASES[i].text), &arena, &read, &err), ERR_INVALID);
        assert_string_equal(err.field, CASES[i].field);
    }
}

static void counts_and_sizes_are_limited(void **state)
{
    (void)state;
    struct err err;
    struct envelope read;
    buf_adds(&text, TOP ",\"answers\":[");
    for (int i = 0; i <= ENVELOPE_ITEMS_MAX; i++)
        buf_addf(&text, "%s{\"n\":%d,\"state\":\"gap\"}", i ? "," : "", i + 1);
    buf_adds(&text, "]}");
    assert_code(envelope_read(text.data, text.size_bytes, &arena, &read, &err), ERR_INVALID);
    assert_string_equal(err.field, "answers");
    struct arena small;
    arena_init(&small, 64);
    buf_reset(&text);
    buf_adds(&text, TOP ",\"answers\":[{\"n\":1,\"state\":\"gap\"},{\"n\":2,\"state\":\"gap\"}]}");
    assert_code(envelope_read(text.data, text.size_bytes, &small, &read, &err), ERR_NOMEM);
    arena_done(&small);
}

static void nothing_is_left_out_silently(void **state)
{
    (void)state;
    struct err err;
    const char *targets[] = {"miit", "\xFF"};
    struct envelope_item item = {1, "{}", "", "{}", targets, 2};
    struct envelope_answer answer = {1, "", "refused", "\xFF", "", ""};
    struct envelope sent = {.from = "a", .to = "b", .universe = "real", .items = &item, .item_count = 1};
    assert_code(envelope_write(&sent, &text, &err), ERR_NOMEM);
    sent = (struct envelope){
        .from = "a", .to = "b", .universe = "real", .answers = &answer, .answer_count = 1};
    assert_code(envelope_write(&sent, &text, &err), ERR_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_least_message_is_small, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_take_no_more_than_was_reckoned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_and_sizes_are_limited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_out_silently, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
