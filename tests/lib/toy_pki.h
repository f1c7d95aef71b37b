/* lib/toy_pki.h — a ministry, a province under it, an enterprise under that: certificates for tests. */
#ifndef LIB_TOY_PKI_H
#define LIB_TOY_PKI_H

#include "seal/pki.h"

enum toy_node { TOY_MINISTRY, TOY_PROVINCE, TOY_ENTERPRISE, TOY_NODES };

#define TOY_FROM_MS INT64_C(1500000000000)
#define TOY_TO_MS (TOY_FROM_MS + INT64_C(86400000) * PKI_DAYS_LEAF)

struct toy_pki {
    struct sign_key *root_key;
    struct sign_key *province_ca_key;
    struct sign_key *keys[TOY_NODES]; /* of the leaves */
    char root[PKI_PEM_SIZE];
    char province_ca[PKI_PEM_SIZE];
    char chains[TOY_NODES][PKI_CHAIN_SIZE]; /* leaf, then every CA up to the root */
};

extern const char *const TOY_NAMES[TOY_NODES];

/* The root is of the given suite. validity NULL: TOY_FROM_MS to TOY_TO_MS. Fails the test on any error. */
struct toy_pki *toy_pki_new(enum suite root_suite, const struct pki_validity *validity);
void toy_pki_free(struct toy_pki *pki);

#endif
