#include "lib/check.h"
#include "lib/toy_pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

static void leaves_and_the_provinces_children_issue_nothing(void **state)
{
    (void)state;
    struct err err;
    struct pki_identity identity;
    char request[PKI_PEM_SIZE];
    char cert[PKI_PEM_SIZE];
    char chain[PKI_CHAIN_SIZE];
    struct toy_pki *pki = toy_pki_new(SUITE_P256_SHA256, NULL);
    struct pki_validity validity = {TOY_FROM_MS, TOY_TO_MS};
    assert_ok(pki_request(pki->keys[0], "x", request, &err), &err);
    struct pki_order order = {request, "x", PKI_LEAF, validity};
    assert_code(pki_issue(pki->keys[TOY_PROVINCE], pki->chains[TOY_PROVINCE], &order, &ENV_REAL, cert, &err),
                ERR_INVALID);
    assert_code(pki_issue(pki->keys[TOY_PROVINCE], pki->province_ca, &order, &ENV_REAL, cert, &err),
                ERR_INVALID);
    /* A CA below the province may be written, but nothing under it holds. */
    char below[PKI_PEM_SIZE];
    assert_ok(pki_request(pki->keys[1], "sub", request, &err), &err);
    order = (struct pki_order){request, "sub", PKI_CA, validity};
    assert_ok(pki_issue(pki->province_ca_key, pki->province_ca, &order, &ENV_REAL, below, &err), &err);
    assert_ok(pki_request(pki->keys[2], "x", request, &err), &err);
    order = (struct pki_order){request, "x", PKI_LEAF, validity};
    assert_ok(pki_issue(pki->keys[1], below, &order, &ENV_REAL, cert, &err), &err);
    (void)snprintf(chain, sizeof chain, "%s%s%s", cert, below, pki->province_ca);
    assert_code(pki_verify(chain, pki->root, TOY_FROM_MS, &identity, &err), ERR_FORGED);
    toy_pki_free(pki);
}

static void validity_is_bounded_by_kind_and_issuer(void **state)
{
    (void)state;
    struct err err;
    struct pki_identity identity;
    char request[PKI_PEM_SIZE];
    char cert[PKI_PEM_SIZE];
    struct toy_pki *pki = toy_pki_new(SUITE_P256_SHA256, NULL);
    assert_ok(pki_request(pki->keys[0], "x", request, &err), &err);
    struct pki_order order = {request, "x", PKI_LEAF, {TOY_FROM_MS + 86400000, TOY_TO_MS + 86400000}};
    assert_ok(pki_issue(pki->root_key, pki->root, &order, &ENV_REAL, cert, &err), &err);
    assert_ok(pki_describe(cert, &identity, &err), &err);
    assert_int_equal(identity.validity.to_ms, TOY_TO_MS);
    order.validity.to_ms += 86400000;
    assert_code(pki_issue(pki->root_key, pki->root, &order, &ENV_REAL, cert, &err), ERR_INVALID);
    order.validity = (struct pki_validity){TOY_TO_MS, TOY_FROM_MS};
    assert_code(pki_issue(pki->root_key, pki->root, &order, &ENV_REAL, cert, &err), ERR_INVALID);
    order.validity = (struct pki_validity){TOY_TO_MS, TOY_TO_MS + 1000};
    assert_code(pki_issue(pki->root_key, pki->root, &order, &ENV_REAL, cert, &err), ERR_INVALID);
    toy_pki_free(pki);
}

static void requests_say_a_name_and_a_key_and_nothing_else(void **state)
{
    (void)state;
    struct err err;
    char pem[PKI_PEM_SIZE];
    char twice[2 * PKI_PEM_SIZE];
    struct sign_key *key = NULL;
    struct sign_key *sm2 = NULL;
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &key, &err), &err);
    assert_ok(sign_key_generate(SUITE_SM2_SM3, &sm2, &err), &err);
    assert_ok(pki_request(key, "demo-telecom-zj", pem, &err), &err);
    assert_ok(pki_request_check(pem, "demo-telecom-zj", PKI_LEAF, &err), &err);
    assert_code(pki_request_check(pem, "demo-telecom-js", PKI_LEAF, &err), ERR_INVALID);
    assert_code(pki_request_check(pem, "DEMO", PKI_LEAF, &err), ERR_INVALID);
    (void)snprintf(twice, sizeof twice, "%s%s", pem, pem);
    assert_code(pki_request_check(twice, "demo-telecom-zj", PKI_LEAF, &err), ERR_SYNTAX);
    assert_code(pki_request_check("", "demo-telecom-zj", PKI_LEAF, &err), ERR_SYNTAX);
    assert_code(pki_request(key, "no good", pem, &err), ERR_INVALID);
    assert_ok(pki_request(sm2, "pca-330000", pem, &err), &err);
    assert_code(pki_request_check(pem, "pca-330000", PKI_LEAF, &err), ERR_INVALID);
    assert_ok(pki_request_check(pem, "pca-330000", PKI_CA, &err), &err);
    sign_key_free(key);
    sign_key_free(sm2);
}

/* A request made by hand: its subject, an extension or not, and whether its signature is spoilt. */
static void hand_made(EVP_PKEY *key, const char *second_field, bool extension, bool spoil,
                      char out[PKI_PEM_SIZE])
{
    char *text = NULL;
    X509_REQ *request = X509_REQ_new();
    X509_NAME *name = X509_REQ_get_subject_name(request);
    assert_int_equal(
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"x", -1, -1, 0), 1);
    if (second_field)
        assert_int_equal(X509_NAME_add_entry_by_txt(name, second_field, MBSTRING_ASC,
                                                    (const unsigned char *)"y", -1, -1, 0),
                         1);
    assert_int_equal(X509_REQ_set_pubkey(request, key), 1);
    if (extension) {
        STACK_OF(X509_EXTENSION) *list = sk_X509_EXTENSION_new_null();
        assert_true(sk_X509_EXTENSION_push(
                        list, X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE")) > 0);
        assert_int_equal(X509_REQ_add_extensions(request, list), 1);
        sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
    }
    assert_true(X509_REQ_sign(request, key, EVP_sha256()) > 0);
    if (spoil) {
        const ASN1_BIT_STRING *sig = NULL;
        X509_REQ_get0_signature(request, &sig, NULL);
        ((unsigned char *)(uintptr_t)ASN1_STRING_get0_data(sig))[20] ^= 1;
    }
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509_REQ(bio, request), 1);
    long size = BIO_get_mem_data(bio, &text);
    (void)snprintf(out, PKI_PEM_SIZE, "%.*s", (int)size, text);
    BIO_free(bio);
    X509_REQ_free(request);
}

static void requests_that_ask_for_more_are_refused(void **state)
{
    (void)state;
    struct err err;
    char pem[PKI_PEM_SIZE];
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "prime256v1");
    EVP_PKEY *rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
    hand_made(key, NULL, false, false, pem);
    assert_ok(pki_request_check(pem, "x", PKI_LEAF, &err), &err);
    hand_made(key, NULL, true, false, pem);
    assert_code(pki_request_check(pem, "x", PKI_LEAF, &err), ERR_INVALID);
    hand_made(key, "O", false, false, pem);
    assert_code(pki_request_check(pem, "x", PKI_LEAF, &err), ERR_INVALID);
    hand_made(key, "CN", false, false, pem);
    assert_code(pki_request_check(pem, "x", PKI_LEAF, &err), ERR_INVALID);
    hand_made(key, NULL, false, true, pem);
    assert_code(pki_request_check(pem, "x", PKI_LEAF, &err), ERR_FORGED);
    hand_made(rsa, NULL, false, false, pem);
    assert_code(pki_request_check(pem, "x", PKI_LEAF, &err), ERR_SYNTAX);
    EVP_PKEY_free(key);
    EVP_PKEY_free(rsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_and_the_provinces_children_issue_nothing),
        cmocka_unit_test(validity_is_bounded_by_kind_and_issuer),
        cmocka_unit_test(requests_say_a_name_and_a_key_and_nothing_else),
        cmocka_unit_test(requests_that_ask_for_more_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
