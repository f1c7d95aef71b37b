#include "lib/toy_pki.h"

#include "lib/check.h"

#include <stdio.h>
#include <stdlib.h>

const char *const TOY_NAMES[TOY_NODES] = {"miit", "pca-330000", "tel-zj"};

static void issue(struct sign_key *ca_key, const char *ca, struct sign_key *key, const char *node,
                  enum pki_kind kind, const struct pki_validity *validity, char out[PKI_PEM_SIZE])
{
    struct err err;
    char request[PKI_PEM_SIZE];
    assert_ok(pki_request(key, node, request, &err), &err);
    struct pki_order order = {request, node, kind, *validity};
    assert_ok(pki_issue(ca_key, ca, &order, &ENV_REAL, out, &err), &err);
}

struct toy_pki *toy_pki_new(enum suite root_suite, const struct pki_validity *given)
{
    struct err err;
    struct pki_validity validity = given ? *given : (struct pki_validity){TOY_FROM_MS, TOY_TO_MS};
    struct toy_pki *pki = calloc(1, sizeof *pki);
    assert_non_null(pki);
    assert_ok(sign_key_generate(root_suite, &pki->root_key, &err), &err);
    assert_ok(sign_key_generate(SUITE_P256_SHA256, &pki->province_ca_key, &err), &err);
    assert_ok(pki_root(pki->root_key, "miit", &validity, &ENV_REAL, pki->root, &err), &err);
    issue(pki->root_key, pki->root, pki->province_ca_key, "pca-330000", PKI_CA, &validity, pki->province_ca);
    for (size_t i = 0; i < TOY_NODES; i++) {
        bool by_province = i == TOY_ENTERPRISE;
        char leaf[PKI_PEM_SIZE];
        assert_ok(sign_key_generate(SUITE_P256_SHA256, &pki->keys[i], &err), &err);
        issue(by_province ? pki->province_ca_key : pki->root_key, by_province ? pki->province_ca : pki->root,
              pki->keys[i], TOY_NAMES[i], PKI_LEAF, &validity, leaf);
        (void)snprintf(pki->chains[i], sizeof pki->chains[i], "%s%s%s", leaf,
                       by_province ? pki->province_ca : "", pki->root);
    }
    return pki;
}

void toy_pki_free(struct toy_pki *pki)
{
    sign_key_free(pki->root_key);
    sign_key_free(pki->province_ca_key);
    for (size_t i = 0; i < TOY_NODES; i++)
        sign_key_free(pki->keys[i]);
    free(pki);
}
