#include "desk/admit.h"

#include "lib/check.h"
#include "lib/world.h"
#include "store/acts.h"

#include <string.h>

static struct world WORLD;
static struct arena ARENA;

static int set_up(void **state)
{
    (void)state;
    arena_init(&ARENA, 64 << 20);
    world_open(&WORLD);
    world_people(&WORLD);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    world_close(&WORLD);
    arena_done(&ARENA);
    return 0;
}

static struct desk *province(void)
{
    return world_node(&WORLD, "pca-330000")->desk;
}

static struct admit_offer offer_of(const char *id)
{
    return (struct admit_offer){.card = {.id = id,
                                         .name = "新企业",
                                         .tier = TIER_ENTERPRISE,
                                         .region = "330000",
                                         .parent = "",
                                         .roles = {"INT"},
                                         .role_count = 1},
                                .ttl_ms = 3600000};
}

static void fill(struct node_card *card)
{
    const struct node_card *like = directory_find(desk_directory(province()), "tel-zj");
    card->suite = arena_strdup(&ARENA, like->suite); /* the directory is read anew when it changes */
    card->key_pem = arena_strdup(&ARENA, like->key_pem);
    card->drill_key_pem = arena_strdup(&ARENA, like->drill_key_pem);
    card->url = "https://127.0.0.1:22001";
}

static void a_code_admits_one_node_once(void **state)
{
    (void)state;
    struct err err;
    uint8_t secret[ADMIT_SECRET_BYTES];
    struct node_card card;
    struct admit_offer offer = offer_of("new-zj");
    assert_ok(admit_offer(province(), &offer, secret, &err), &err);
    assert_ok(admit_look(province(), secret, &ARENA, &card, &err), &err);
    assert_string_equal(card.id, "new-zj");
    assert_string_equal(card.parent, "pca-330000");
    fill(&card);
    assert_ok(admit_node(province(), secret, &card, &err), &err);
    const struct node_card *known = directory_find(desk_directory(province()), "new-zj");
    assert_non_null(known);
    assert_string_equal(known->url, "https://127.0.0.1:22001");
    assert_code(admit_look(province(), secret, &ARENA, &card, &err), ERR_AUTH);
    int64_t before = acts_count(world_node(&WORLD, "pca-330000")->store);
    assert_code(admit_node(province(), secret, &card, &err), ERR_AUTH);
    assert_int_equal(acts_count(world_node(&WORLD, "pca-330000")->store), before);
    /* The tier above hears of it. */
    (void)world_deliver(&WORLD);
    assert_non_null(directory_find(desk_directory(world_node(&WORLD, "miit")->desk), "new-zj"));
}

static void codes_run_out_and_wrong_ones_tell_nothing(void **state)
{
    (void)state;
    struct err err;
    uint8_t secret[ADMIT_SECRET_BYTES];
    struct node_card card;
    struct admit_offer offer = offer_of("new-zj");
    assert_ok(admit_offer(province(), &offer, secret, &err), &err);
    secret[3] ^= 1;
    assert_code(admit_look(province(), secret, &ARENA, &card, &err), ERR_AUTH);
    secret[3] ^= 1;
    WORLD.now_ms += 3600000;
    assert_ok(admit_look(province(), secret, &ARENA, &card, &err), &err);
    WORLD.now_ms += 1;
    assert_code(admit_look(province(), secret, &ARENA, &card, &err), ERR_AUTH);
}

static void offers_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct err err;
    uint8_t secret[ADMIT_SECRET_BYTES];
    struct admit_offer offer = offer_of("Not A Node");
    assert_code(admit_offer(province(), &offer, secret, &err), ERR_INVALID);
    offer = offer_of("new-zj");
    offer.ttl_ms = ADMIT_TTL_MAX_MS + 1;
    assert_code(admit_offer(province(), &offer, secret, &err), ERR_INVALID);
    offer = offer_of("new-zj");
    offer.card.tier = TIER_MINISTRY;
    assert_code(admit_offer(province(), &offer, secret, &err), ERR_INVALID);
    offer = offer_of("new-zj");
    offer.card.region = "33";
    assert_code(admit_offer(province(), &offer, secret, &err), ERR_INVALID);
    offer = offer_of("tel-js");
    assert_code(admit_offer(province(), &offer, secret, &err), ERR_PERMISSION);
    offer = offer_of("tel-zj"); /* its keys may be renewed by the tier that enrolled it */
    assert_ok(admit_offer(province(), &offer, secret, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_code_admits_one_node_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(codes_run_out_and_wrong_ones_tell_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(offers_that_cannot_be_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
