#include "desk/cards.h"
#include "lib/check.h"

#include <string.h>

static const struct node_card CARD = {.id = "tel-zj",
                                      .name = "演示电信浙江",
                                      .tier = TIER_ENTERPRISE,
                                      .region = "330000",
                                      .parent = "pca-330000",
                                      .roles = {"TEL", "TEL-P"},
                                      .role_count = 2,
                                      .large = true,
                                      .suite = "sm2-sm3",
                                      .key_pem = "key",
                                      .drill_key_pem = "drill",
                                      .url = "https://x"};

static void a_card_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct err err;
    struct node_card back;
    json_t *doc = card_write(&CARD);
    assert_ok(card_read(doc, &back, &err), &err);
    assert_string_equal(back.id, CARD.id);
    assert_string_equal(back.name, CARD.name);
    assert_int_equal(back.tier, CARD.tier);
    assert_int_equal(back.role_count, 2);
    assert_string_equal(back.roles[1], "TEL-P");
    assert_true(back.large);
    assert_string_equal(back.drill_key_pem, "drill");
    json_decref(doc);
}

static void what_is_no_card_is_refused_by_its_member(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *value; /* JSON */
    } BAD[] = {{"id", "\"Tel ZJ\""}, {"tier", "\"county\""}, {"suite", "\"rsa\""}, {"roles", "\"TEL\""},
               {"roles", "[1]"},     {"colour", "\"red\""},  {"id", "null"},       {"large", "1"}};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct err err;
        struct node_card back;
        json_t *doc = card_write(&CARD);
        (void)json_object_set_new(doc, BAD[i].name, json_loads(BAD[i].value, JSON_DECODE_ANY, NULL));
        assert_code(card_read(doc, &back, &err), ERR_INVALID);
        assert_string_equal(err.field, BAD[i].name);
        json_decref(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_reads_back_as_it_was_written),
        cmocka_unit_test(what_is_no_card_is_refused_by_its_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
