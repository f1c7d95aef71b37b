/* base/sign.h — signatures of a suite: SM2 with SM3, ECDSA P-256 with SHA-256.
 *
 * SM2 always signs under the distinguishing id 1234567812345678 (GM/T 0009): OpenSSL 3.0 would use an
 * empty one, which nobody else accepts. Signatures are DER, as `openssl dgst -verify` reads them.
 * Every message that is signed starts with a line that says what it is (base/proof.h), so that a
 * signature made for one purpose never serves another.
 *
 * Layer    base.
 * Owns     a key until sign_key_free. Private key material is cleansed by OpenSSL when freed; whoever
 *          takes a private PEM wipes it (explicit_bzero).
 * Threads  a key may be used by several threads at once.
 * Errors   ERR_SYNTAX text is not such a key; ERR_FORGED signature does not match; ERR_CRYPTO.
 * Tests    tests/unit/base/test_sign.c
 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/hash.h"

enum { SIGN_SIZE_MAX = 72, SIGN_PEM_SIZE = 1024 };

struct sign_key;
struct evp_pkey_st;
struct evp_md_ctx_st;

#define SIGN_SM2_ID "1234567812345678"

struct signature {
    size_t size_bytes;
    uint8_t bytes[SIGN_SIZE_MAX];
};

MUST_USE enum errc sign_key_generate(enum suite suite, struct sign_key **out, struct err *err);
void sign_key_free(struct sign_key *key);
/* The same key once more, to be freed on its own. */
MUST_USE enum errc sign_key_share(const struct sign_key *key, struct sign_key **out, struct err *err);
enum suite sign_key_suite(const struct sign_key *key);
bool sign_key_is_private(const struct sign_key *key);

/* passphrase may be NULL: the PEM is then written, or expected, in the clear. The suite is the key's own. */
MUST_USE enum errc sign_key_read_private(const char *pem, const char *passphrase, struct sign_key **out,
                                         struct err *err);
MUST_USE enum errc sign_key_read_public(const char *pem, struct sign_key **out, struct err *err);
MUST_USE enum errc sign_key_write_private(const struct sign_key *key, const char *passphrase,
                                          char out[SIGN_PEM_SIZE], struct err *err);
MUST_USE enum errc sign_key_write_public(const struct sign_key *key, char out[SIGN_PEM_SIZE],
                                         struct err *err);

MUST_USE enum errc sign_bytes(const struct sign_key *key, const void *bytes, size_t size_bytes,
                              struct signature *out, struct err *err);
/* ERR_FORGED unless the signature is this key's over exactly these bytes. */
MUST_USE enum errc sign_verify(const struct sign_key *key, const void *bytes, size_t size_bytes,
                               const struct signature *signature, struct err *err);

/* For certificates (seal/pki.h): OpenSSL's own key, lent, and a fresh context that signs with the suite's
 * hash and id, to be freed with EVP_MD_CTX_free; NULL when it cannot be had. */
struct evp_pkey_st *sign_key_pkey(const struct sign_key *key);
struct evp_md_ctx_st *sign_context(const struct sign_key *key);

/* Signs and verifies with both suites, and verifies the example of GB/T 32918.5. */
MUST_USE enum errc sign_self_test(struct err *err);

#endif
