#include "lib/check.h"
#include "lib/toy_pki.h"
#include "lib/world.h"
#include "link/enrol.h"

#include <stdio.h>
#include <string.h>

#define NOW_MS INT64_C(1242741000000)

/* The province of the world with a CA of its own, and a node that wants to join. */
struct scene {
    struct world world;
    struct toy_pki *pki;
    struct arena arena;
    struct desk *desk;
    struct enroller *enroller;
    struct enrol_authority authority;
    char chain[PKI_CHAIN_SIZE];
    struct sign_key *tls;
    struct sign_key *ledger[2];
    char key_pem[2][SIGN_PEM_SIZE];
    char request[PKI_PEM_SIZE];
    char ca_request[PKI_PEM_SIZE];
    uint8_t secret[ADMIT_SECRET_BYTES];
    struct enrol_ticket ticket;
    struct enrol_bid bid;
    struct buf out;
};

static struct scene S;

static struct sign_key *copy_of(const struct sign_key *key)
{
    struct err err;
    char pem[SIGN_PEM_SIZE];
    struct sign_key *copy = NULL;
    assert_ok(sign_key_write_private(key, NULL, pem, &err), &err);
    assert_ok(sign_key_read_private(pem, NULL, &copy, &err), &err);
    return copy;
}

static int set_up(void **state)
{
    struct err err;
    struct pki_validity validity = {NOW_MS - 86400000, NOW_MS + INT64_C(86400000) * 300};
    (void)state;
    memset(&S, 0, sizeof S);
    arena_init(&S.arena, 64 << 20);
    buf_init(&S.out, 4 << 20);
    world_open(&S.world);
    world_people(&S.world);
    S.pki = toy_pki_new(SUITE_SM2_SM3, &validity);
    struct world_node *province = world_node(&S.world, "pca-330000");
    S.desk = province->desk;
    assert_ok(seal_local_ca(province->seal, copy_of(S.pki->province_ca_key), S.pki->province_ca, &err), &err);
    (void)snprintf(S.chain, sizeof S.chain, "%s%s", S.pki->province_ca, S.pki->root);
    S.authority = (struct enrol_authority){S.chain, S.pki->root, "https://127.0.0.1:22443"};
    assert_ok(enroller_new(&S.authority, &S.enroller, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &S.tls, &err), &err);
    for (size_t i = 0; i < 2; i++) {
        assert_ok(sign_key_generate(SUITE_SM2_SM3, &S.ledger[i], &err), &err);
        assert_ok(sign_key_write_public(S.ledger[i], S.key_pem[i], &err), &err);
    }
    assert_ok(pki_request(S.tls, "new-zj", S.request, &err), &err);
    assert_ok(pki_request(S.ledger[0], "new-zj", S.ca_request, &err), &err);
    S.bid = (struct enrol_bid){.node = "new-zj",
                               .suite = "sm2-sm3",
                               .key_pem = S.key_pem[0],
                               .drill_key_pem = S.key_pem[1],
                               .url = "https://127.0.0.1:22444",
                               .request = S.request,
                               .authority = ""};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    enroller_free(S.enroller);
    sign_key_free(S.tls);
    sign_key_free(S.ledger[0]);
    sign_key_free(S.ledger[1]);
    toy_pki_free(S.pki);
    world_close(&S.world);
    buf_done(&S.out);
    arena_done(&S.arena);
    return 0;
}

static void offer(enum tier tier)
{
    struct err err;
    char text[ENROL_TICKET_SIZE];
    struct admit_offer wanted = {.card = {.id = "new-zj",
                                          .name = "新单位",
                                          .tier = tier,
                                          .region = "330000",
                                          .parent = "",
                                          .roles = {"INT"},
                                          .role_count = 1},
                                 .ttl_ms = 3600000};
    assert_ok(enrol_offer(S.enroller, S.desk, &wanted, text, &err), &err);
    assert_ok(enrol_ticket_read(text, &S.ticket, &err), &err);
    S.bid.secret = S.ticket.secret;
}

static enum errc bid(const struct pki_identity *caller, struct enrol_grant *grant, struct err *err)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    assert_ok(enrol_bid_write(&S.bid, &text, err), err);
    enum errc rc = enrol_answer(S.enroller, S.desk, caller, text.data, text.size_bytes, &S.out, err);
    buf_done(&text);
    if (rc >= 0)
        assert_ok(enrol_grant_read(S.out.data, S.out.size_bytes, &S.arena, grant, err), err);
    return rc;
}

static void a_ticket_makes_a_node(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    offer(TIER_ENTERPRISE);
    assert_string_equal(S.ticket.parent, "pca-330000");
    assert_string_equal(S.ticket.url, "https://127.0.0.1:22443");
    assert_ok(bid(NULL, &grant, &err), &err);
    assert_ok(enrol_check(&grant, &S.bid, &S.ticket, S.tls, S.world.now_ms, &err), &err);
    assert_int_equal(grant.card_count, 8);
    assert_non_null(directory_find(desk_directory(S.desk), "new-zj"));
    assert_code(bid(NULL, &grant, &err), ERR_AUTH);
}

static void only_provinces_get_a_ca(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    struct pki_identity ca;
    S.bid.authority = S.ca_request;
    offer(TIER_ENTERPRISE);
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    assert_string_equal(err.field, "authority");
    /* The code was not used up by what could not be. */
    S.bid.authority = "";
    assert_ok(bid(NULL, &grant, &err), &err);
    assert_string_equal(grant.authority, "");
    S.bid.authority = S.ca_request;
    offer(TIER_PROVINCE);
    assert_ok(bid(NULL, &grant, &err), &err);
    assert_ok(pki_describe(grant.authority, &ca, &err), &err);
    assert_int_equal(ca.kind, PKI_CA);
    assert_string_equal(ca.node, "new-zj");
}

static void bids_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    offer(TIER_ENTERPRISE);
    S.bid.node = "other-zj";
    assert_code(bid(NULL, &grant, &err), ERR_AUTH);
    S.bid.node = "new-zj";
    S.bid.drill_key_pem = S.bid.key_pem;
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    S.bid.drill_key_pem = S.key_pem[1];
    S.bid.suite = "p256-sha256";
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    S.bid.suite = "sm2-sm3";
    S.bid.key_pem = "junk";
    assert_code(bid(NULL, &grant, &err), ERR_SYNTAX);
    S.bid.key_pem = S.key_pem[0];
    S.bid.url = "http://127.0.0.1";
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    S.bid.url = "https://h/path";
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    S.bid.url = "";
    S.bid.request = S.ca_request; /* a key that TLS does not take */
    assert_code(bid(NULL, &grant, &err), ERR_INVALID);
    S.bid.request = S.request;
    assert_ok(bid(NULL, &grant, &err), &err);
}

static void guessing_is_slowed_down(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    uint8_t guess[ADMIT_SECRET_BYTES] = {0};
    offer(TIER_ENTERPRISE);
    const uint8_t *right = S.bid.secret;
    S.bid.secret = guess;
    for (int i = 0; i < 10; i++) {
        guess[0]++;
        assert_code(bid(NULL, &grant, &err), ERR_AUTH);
    }
    assert_code(bid(NULL, &grant, &err), ERR_BUSY);
    S.bid.secret = right;
    assert_code(bid(NULL, &grant, &err), ERR_BUSY);
    S.world.now_ms += 60000;
    assert_ok(bid(NULL, &grant, &err), &err);
}

static void a_certificate_is_renewed_by_who_has_one(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    struct pki_identity caller = {.node = "new-zj", .issuer = "pca-330000"};
    struct pki_identity leaf;
    assert_code(bid(&caller, &grant, &err), ERR_AUTH);
    offer(TIER_ENTERPRISE);
    assert_ok(bid(NULL, &grant, &err), &err);
    S.bid.secret = NULL;
    assert_code(bid(NULL, &grant, &err), ERR_AUTH);
    assert_ok(bid(&caller, &grant, &err), &err);
    assert_ok(pki_verify(grant.chain, S.pki->root, S.world.now_ms, &leaf, &err), &err);
    assert_string_equal(leaf.node, "new-zj");
    (void)snprintf(caller.node, sizeof caller.node, "tel-zj");
    assert_code(bid(&caller, &grant, &err), ERR_AUTH);
}

static void grants_that_do_not_hang_together_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct enrol_grant grant = {.card_count = 0};
    struct enrol_grant bad;
    offer(TIER_ENTERPRISE);
    assert_ok(bid(NULL, &grant, &err), &err);
    int64_t now_ms = S.world.now_ms;
    struct enrol_ticket ticket = S.ticket;
    ticket.pin[0] = ticket.pin[0] == '0' ? '1' : '0';
    assert_code(enrol_check(&grant, &S.bid, &ticket, S.tls, now_ms, &err), ERR_FORGED);
    ticket = S.ticket;
    (void)snprintf(ticket.parent, sizeof ticket.parent, "pca-320000");
    assert_code(enrol_check(&grant, &S.bid, &ticket, S.tls, now_ms, &err), ERR_FORGED);
    assert_code(enrol_check(&grant, &S.bid, &S.ticket, S.ledger[0], now_ms, &err), ERR_INVALID);
    assert_code(enrol_check(&grant, &S.bid, &S.ticket, S.tls, now_ms + INT64_C(86400000) * 500, &err),
                ERR_FORGED);
    bad = grant;
    struct toy_pki *stranger = toy_pki_new(SUITE_SM2_SM3, NULL);
    bad.root = stranger->root;
    assert_code(enrol_check(&bad, &S.bid, &S.ticket, S.tls, now_ms, &err), ERR_FORGED);
    toy_pki_free(stranger);
    bad = grant;
    bad.card_count = 0;
    assert_code(enrol_check(&bad, &S.bid, &S.ticket, S.tls, now_ms, &err), ERR_FORGED);
    struct enrol_bid other = S.bid;
    other.key_pem = S.key_pem[1];
    assert_code(enrol_check(&grant, &other, &S.ticket, S.tls, now_ms, &err), ERR_FORGED);
    for (size_t i = 0; i < grant.card_count; i++)
        if (strcmp(grant.cards[i].id, "miit") == 0)
            grant.cards[i].id = "miit2";
    assert_code(enrol_check(&grant, &S.bid, &S.ticket, S.tls, now_ms, &err), ERR_FORGED);
    assert_string_equal(err.field, "cards");
}

static void tickets_are_one_word_read_strictly(void **state)
{
    (void)state;
    struct err err;
    struct enrol_ticket ticket;
    char text[ENROL_TICKET_SIZE];
    char again[ENROL_TICKET_SIZE];
    offer(TIER_ENTERPRISE);
    enrol_ticket_write(&S.ticket, text);
    assert_null(strpbrk(text, " \n"));
    assert_ok(enrol_ticket_read(text, &ticket, &err), &err);
    enrol_ticket_write(&ticket, again);
    assert_string_equal(text, again);
    for (size_t n = 0; n < strlen(text) - strlen("://127.0.0.1:22443"); n++) {
        char cut[ENROL_TICKET_SIZE];
        (void)snprintf(cut, sizeof cut, "%.*s", (int)n, text);
        assert_true(enrol_ticket_read(cut, &ticket, &err) < 0);
    }
    text[0] = 'F';
    assert_code(enrol_ticket_read(text, &ticket, &err), ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ticket_makes_a_node, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_provinces_get_a_ca, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bids_that_do_not_fit_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(guessing_is_slowed_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_certificate_is_renewed_by_who_has_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(grants_that_do_not_hang_together_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tickets_are_one_word_read_strictly, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
