#include "desk/cards.h"
#include "lib/parcel.h"
#include "lib/check.h"
#include "store/nodes.h"

#include <stdlib.h>
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

static struct world WORLD;

static void enrolled(const char *parent, const char *node, char subject[UUID_TEXT_SIZE])
{
    struct submission sub;
    json_t *body = json_pack("{s:s,s:o}", "title", node, "card", card_write(&world_node(&WORLD, node)->card));
    char *text = json_dumps(body, 0);
    assert_ok(world_act(&WORLD, parent, "node.enrolled", NULL, NULL, text, &sub), &sub.err);
    memcpy(subject, sub.made, UUID_TEXT_SIZE);
    free(text);
    json_decref(body);
}

static int64_t revoked_ms(const char *at, const char *node)
{
    return directory_find(desk_directory(world_node(&WORLD, at)->desk), node)->revoked_ms;
}

/* Its own node's matter in hand, another's name in the body: the act is not on the record, nor half of it. */
static void only_who_enrolled_a_node_revokes_it(void **state)
{
    (void)state;
    char subject[UUID_TEXT_SIZE];
    struct submission sub;
    world_open(&WORLD);
    world_people(&WORLD);
    enrolled("pca-320000", "tel-js", subject);
    struct desk *desk = world_node(&WORLD, "pca-320000")->desk;
    int64_t before = desk_last_pos(desk);
    assert_code(world_act(&WORLD, "pca-320000", "node.revoked", subject, NULL,
                          "{\"node\":\"tel-zj\",\"reason\":\"x\"}", &sub),
                ERR_PERMISSION);
    json_t *doc = world_subject(&WORLD, "pca-320000", subject);
    assert_string_equal(json_string_value(json_object_get(doc, ".state")), "enrolled");
    json_decref(doc);
    assert_int_equal(revoked_ms("pca-320000", "tel-zj"), 0);
    assert_true(desk_last_pos(desk) <= before + 1); /* the refusal is an act */
    assert_ok(world_act(&WORLD, "pca-320000", "node.revoked", subject, NULL,
                        "{\"node\":\"tel-js\",\"reason\":\"x\"}", &sub),
              &sub.err);
    assert_true(revoked_ms("pca-320000", "tel-js") > 0);
    (void)world_deliver(&WORLD);
    assert_true(revoked_ms("miit", "tel-js") > 0);
    world_close(&WORLD);
}

#define TOOL "{\"title\":\"流量清洗\",\"kind\":\"other\",\"count\":1,\"ready\":true}"

/* Whatever way it comes, and whatever time it says. */
static void what_a_revoked_node_does_is_refused(void **state)
{
    (void)state;
    char subject[UUID_TEXT_SIZE];
    struct submission sub;
    struct parcel parcel;
    int64_t last = 0;
    world_open(&WORLD);
    world_people(&WORLD);
    assert_ok(world_act(&WORLD, "tel-zj", "tool.set", NULL, NULL, TOOL, &sub), &sub.err);
    parcel_pack(&parcel, &WORLD, "tel-zj", "pca-330000", 1);
    enrolled("pca-330000", "tel-zj", subject);
    assert_ok(world_act(&WORLD, "pca-330000", "node.revoked", subject, NULL,
                        "{\"node\":\"tel-zj\",\"reason\":\"x\"}", &sub),
              &sub.err);
    assert_int_equal(parcel_hand_over(&parcel, &last), RECEIVED_REFUSED);
    assert_non_null(strstr(parcel.item.err.message, "revoked"));
    parcel_done(&parcel);
    world_close(&WORLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_reads_back_as_it_was_written),
        cmocka_unit_test(what_is_no_card_is_refused_by_its_member),
        cmocka_unit_test(only_who_enrolled_a_node_revokes_it),
        cmocka_unit_test(what_a_revoked_node_does_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
