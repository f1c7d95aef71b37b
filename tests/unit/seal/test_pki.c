#include "lib/check.h"
#include "lib/toy_pki.h"

#include <string.h>

static void chains_hold_under_the_root(void **state)
{
    (void)state;
    for (enum suite suite = 0; suite < SUITE_COUNT; suite++) {
        struct err err;
        struct pki_identity identity;
        struct toy_pki *pki = toy_pki_new(suite, NULL);
        for (size_t i = 0; i < TOY_NODES; i++) {
            assert_ok(pki_verify(pki->chains[i], pki->root, TOY_FROM_MS + 1000, &identity, &err), &err);
            assert_string_equal(identity.node, TOY_NAMES[i]);
            assert_string_equal(identity.issuer, i == TOY_ENTERPRISE ? "pca-330000" : "miit");
            assert_int_equal(identity.kind, PKI_LEAF);
            assert_int_equal(identity.validity.from_ms, TOY_FROM_MS);
            assert_int_equal(identity.validity.to_ms, TOY_TO_MS);
            assert_int_equal(strlen(identity.fingerprint), 64);
        }
        /* Who trusts the province only takes what the province issued. */
        assert_ok(
            pki_verify(pki->chains[TOY_ENTERPRISE], pki->province_ca, TOY_FROM_MS + 1000, &identity, &err),
            &err);
        assert_code(
            pki_verify(pki->chains[TOY_PROVINCE], pki->province_ca, TOY_FROM_MS + 1000, &identity, &err),
            ERR_FORGED);
        toy_pki_free(pki);
    }
}

static void time_and_strangers_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct pki_identity identity;
    struct toy_pki *pki = toy_pki_new(SUITE_SM2_SM3, NULL);
    struct toy_pki *stranger = toy_pki_new(SUITE_SM2_SM3, NULL);
    const char *chain = pki->chains[TOY_ENTERPRISE];
    assert_code(pki_verify(chain, pki->root, TOY_FROM_MS - 1000, &identity, &err), ERR_FORGED);
    assert_code(pki_verify(chain, pki->root, TOY_TO_MS + 1000, &identity, &err), ERR_FORGED);
    assert_code(pki_verify(chain, stranger->root, TOY_FROM_MS, &identity, &err), ERR_FORGED);
    assert_code(pki_verify(stranger->chains[0], pki->root, TOY_FROM_MS, &identity, &err), ERR_FORGED);
    /* The leaf alone: the province's CA is missing. */
    char leaf[PKI_CHAIN_SIZE];
    const char *end = strstr(chain + 1, "-----BEGIN");
    (void)snprintf(leaf, sizeof leaf, "%.*s", (int)(end - chain), chain);
    assert_code(pki_verify(leaf, pki->root, TOY_FROM_MS, &identity, &err), ERR_FORGED);
    assert_code(pki_verify("", pki->root, TOY_FROM_MS, &identity, &err), ERR_SYNTAX);
    assert_code(pki_verify("junk", pki->root, TOY_FROM_MS, &identity, &err), ERR_SYNTAX);
    assert_code(pki_verify(chain, "junk", TOY_FROM_MS, &identity, &err), ERR_SYNTAX);
    toy_pki_free(pki);
    toy_pki_free(stranger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_hold_under_the_root),
        cmocka_unit_test(time_and_strangers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
