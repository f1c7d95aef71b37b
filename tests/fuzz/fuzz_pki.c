/* Certificates and requests from outside: described, checked, verified, never believed. */
#include "fuzz.h"
#include "seal/pki.h"

#include <string.h>

/* A request or a certificate that is made up verifies only if somebody's key was broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pki_identity identity;
    char *text = malloc(size + 1);
    must(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (pki_describe(text, &identity, NULL) == ERR_OK) {
        must(proof_name_valid(identity.node) && proof_name_valid(identity.issuer));
        must(strlen(identity.fingerprint) == HASH_TEXT_SIZE - 1);
        (void)!pki_verify(text, text, identity.validity.from_ms, &identity, NULL);
    }
    (void)!pki_request_check(text, "demo-telecom-zj", PKI_CA, NULL);
    free(text);
    return 0;
}
