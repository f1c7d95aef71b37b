/* Handshakes over a pair of memory buffers. */
#include "lib/check.h"
#include "lib/toy_pki.h"
#include "seal/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

static struct toy_pki *toy_now(enum suite suite)
{
    struct pki_validity validity = {ENV_REAL.now_ms(NULL) - 60000, 0};
    validity.to_ms = validity.from_ms + 86400000;
    return toy_pki_new(suite, &validity);
}

struct pair {
    SSL_CTX *contexts[2]; /* by enum tls_side */
    SSL *ends[2];
    bool done[2];
};

static void pair_open(struct pair *pair, const struct tls_setup *server, const struct tls_setup *client)
{
    struct err err;
    BIO *left = NULL;
    BIO *right = NULL;
    *pair = (struct pair){{NULL, NULL}, {NULL, NULL}, {false, false}};
    assert_ok(tls_open(server, &pair->contexts[TLS_SERVER], &err), &err);
    assert_ok(tls_open(client, &pair->contexts[TLS_CLIENT], &err), &err);
    assert_int_equal(BIO_new_bio_pair(&left, 1 << 17, &right, 1 << 17), 1);
    for (size_t i = 0; i < 2; i++)
        pair->ends[i] = SSL_new(pair->contexts[i]);
    SSL_set_bio(pair->ends[TLS_SERVER], left, left);
    SSL_set_bio(pair->ends[TLS_CLIENT], right, right);
    SSL_set_accept_state(pair->ends[TLS_SERVER]);
    SSL_set_connect_state(pair->ends[TLS_CLIENT]);
}

static void pair_close(struct pair *pair)
{
    for (size_t i = 0; i < 2; i++) {
        SSL_free(pair->ends[i]);
        tls_close(pair->contexts[i]);
    }
}

/* True when both ends finish. The client also reads: a refusal of its certificate comes after its own end. */
static bool shake(struct pair *pair)
{
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < 2; i++) {
            char byte;
            int rc = pair->done[i] ? SSL_read(pair->ends[i], &byte, 1) : SSL_do_handshake(pair->ends[i]);
            int why = SSL_get_error(pair->ends[i], rc);
            pair->done[i] = pair->done[i] || rc == 1;
            if (rc != 1 && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
                ERR_clear_error();
                return false;
            }
        }
    }
    return pair->done[0] && pair->done[1];
}

static bool meet(const struct tls_setup *server, const struct tls_setup *client)
{
    struct pair pair;
    pair_open(&pair, server, client);
    bool met = shake(&pair);
    pair_close(&pair);
    return met;
}

static struct tls_setup side_of(const struct toy_pki *pki, enum tls_side side, enum toy_node node)
{
    return (struct tls_setup){.side = side,
                              .peer = TLS_PEER_MUST,
                              .chain = pki->chains[node],
                              .key = pki->keys[node],
                              .root = pki->root};
}

static void both_ends_prove_who_they_are(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct pair pair;
        struct pki_identity identity;
        struct toy_pki *pki = toy_now(suite);
        struct tls_setup server = side_of(pki, TLS_SERVER, TOY_PROVINCE);
        struct tls_setup client = side_of(pki, TLS_CLIENT, TOY_ENTERPRISE);
        pair_open(&pair, &server, &client);
        SSL_set_hostflags(pair.ends[TLS_CLIENT], X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        assert_int_equal(SSL_set1_host(pair.ends[TLS_CLIENT], "pca-330000"), 1);
        assert_true(shake(&pair));
        assert_int_equal(SSL_version(pair.ends[TLS_SERVER]), TLS1_3_VERSION);
        assert_ok(tls_peer_identity(pair.ends[TLS_SERVER], &identity, &err), &err);
        assert_string_equal(identity.node, "tel-zj");
        assert_string_equal(identity.issuer, "pca-330000");
        assert_ok(tls_peer_identity(pair.ends[TLS_CLIENT], &identity, &err), &err);
        assert_string_equal(identity.node, "pca-330000");
        pair_close(&pair);
        toy_pki_free(pki);
    }
}

static void the_wrong_node_at_the_address_is_noticed(void **state)
{
    (void)state;
    struct pair pair;
    struct toy_pki *pki = toy_now(SUITE_P256_SHA256);
    struct tls_setup server = side_of(pki, TLS_SERVER, TOY_MINISTRY);
    struct tls_setup client = side_of(pki, TLS_CLIENT, TOY_ENTERPRISE);
    pair_open(&pair, &server, &client);
    assert_int_equal(SSL_set1_host(pair.ends[TLS_CLIENT], "pca-330000"), 1);
    assert_false(shake(&pair));
    pair_close(&pair);
    toy_pki_free(pki);
}

static void strangers_are_refused_by_both_ends(void **state)
{
    (void)state;
    struct toy_pki *pki = toy_now(SUITE_SM2_SM3);
    struct toy_pki *other = toy_now(SUITE_SM2_SM3);
    struct tls_setup server = side_of(pki, TLS_SERVER, TOY_MINISTRY);
    struct tls_setup client = side_of(pki, TLS_CLIENT, TOY_PROVINCE);
    assert_true(meet(&server, &client));
    struct tls_setup stranger = side_of(other, TLS_CLIENT, TOY_PROVINCE);
    stranger.root = pki->root; /* it would take the server, but the server not it */
    assert_false(meet(&server, &stranger));
    stranger = side_of(other, TLS_SERVER, TOY_MINISTRY);
    stranger.root = pki->root;
    assert_false(meet(&stranger, &client));
    toy_pki_free(pki);
    toy_pki_free(other);
}

static void a_client_without_certificate_is_taken_only_where_allowed(void **state)
{
    (void)state;
    struct err err;
    struct pair pair;
    struct pki_identity identity;
    struct toy_pki *pki = toy_now(SUITE_P256_SHA256);
    struct tls_setup server = side_of(pki, TLS_SERVER, TOY_MINISTRY);
    struct tls_setup client = {.side = TLS_CLIENT, .root = pki->root};
    assert_false(meet(&server, &client));
    server.peer = TLS_PEER_MAY;
    pair_open(&pair, &server, &client);
    assert_true(shake(&pair));
    assert_code(tls_peer_identity(pair.ends[TLS_SERVER], &identity, &err), ERR_AUTH);
    pair_close(&pair);
    /* Even there a certificate that does not hold ends the connection. */
    struct toy_pki *other = toy_now(SUITE_P256_SHA256);
    client = side_of(other, TLS_CLIENT, TOY_PROVINCE);
    client.root = pki->root;
    assert_false(meet(&server, &client));
    toy_pki_free(other);
    toy_pki_free(pki);
}

static void a_pin_trusts_that_ca_and_no_other(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct pki_identity ca;
        struct toy_pki *pki = toy_now(suite);
        struct tls_setup server = side_of(pki, TLS_SERVER, TOY_MINISTRY);
        server.peer = TLS_PEER_MAY;
        assert_ok(pki_describe(pki->root, &ca, &err), &err);
        struct tls_setup client = {.side = TLS_CLIENT, .pin = ca.fingerprint};
        assert_true(meet(&server, &client));
        ca.fingerprint[0] = ca.fingerprint[0] == '0' ? '1' : '0';
        assert_false(meet(&server, &client));
        /* The leaf's own fingerprint is no CA's. */
        assert_ok(pki_describe(pki->chains[TOY_MINISTRY], &ca, &err), &err);
        assert_false(meet(&server, &client));
        /* A CA that is in the chain, but did not issue the leaf. */
        char chain[PKI_CHAIN_SIZE];
        (void)snprintf(chain, sizeof chain, "%s%s", pki->chains[TOY_MINISTRY], pki->province_ca);
        server.chain = chain;
        assert_ok(pki_describe(pki->province_ca, &ca, &err), &err);
        assert_false(meet(&server, &client));
        toy_pki_free(pki);
    }
}

static void setups_that_trust_nothing_or_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct ssl_ctx_st *ctx = NULL;
    struct toy_pki *pki = toy_now(SUITE_P256_SHA256);
    struct tls_setup setup = side_of(pki, TLS_SERVER, TOY_MINISTRY);
    setup.root = NULL;
    assert_code(tls_open(&setup, &ctx, &err), ERR_INVALID);
    setup.root = "junk";
    assert_code(tls_open(&setup, &ctx, &err), ERR_SYNTAX);
    setup.root = pki->root;
    setup.key = pki->keys[TOY_PROVINCE];
    assert_code(tls_open(&setup, &ctx, &err), ERR_INVALID);
    setup.chain = "";
    assert_code(tls_open(&setup, &ctx, &err), ERR_INVALID);
    setup.chain = "junk";
    assert_code(tls_open(&setup, &ctx, &err), ERR_SYNTAX);
    assert_null(ctx);
    toy_pki_free(pki);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ends_prove_who_they_are),
        cmocka_unit_test(the_wrong_node_at_the_address_is_noticed),
        cmocka_unit_test(strangers_are_refused_by_both_ends),
        cmocka_unit_test(a_client_without_certificate_is_taken_only_where_allowed),
        cmocka_unit_test(a_pin_trusts_that_ca_and_no_other),
        cmocka_unit_test(setups_that_trust_nothing_or_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
