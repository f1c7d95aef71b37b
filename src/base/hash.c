#include "base/hash.h"

#include "base/str.h"

#include <openssl/evp.h>

struct hasher {
    enum suite suite;
    bool failed;
    EVP_MD *md;
    EVP_MD_CTX *ctx;
};

static const struct suite_row {
    const char *name;
    const char *digest;
    const char *of_nothing; /* known answers for the self-test */
    const char *of_abc;
} SUITES[SUITE_COUNT] = {
    [SUITE_P256_SHA256] = {"p256-sha256", "SHA256",
                           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    [SUITE_SM2_SM3] = {"sm2-sm3", "SM3", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
                       "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
};

const char *suite_name(enum suite suite)
{
    return suite >= 0 && suite < SUITE_COUNT ? SUITES[suite].name : NULL;
}

int suite_parse(const char *name)
{
    for (int i = 0; i < SUITE_COUNT; i++)
        if (name && streq(name, SUITES[i].name))
            return i;
    return -1;
}

enum errc hasher_new(enum suite suite, struct hasher **out, struct err *err)
{
    struct hasher *hasher = calloc(1, sizeof *hasher);
    if (!hasher)
        return err_set(err, ERR_NOMEM, "no memory for a hasher");
    hasher->suite = suite;
    hasher->md = EVP_MD_fetch(NULL, SUITES[suite].digest, NULL);
    hasher->ctx = EVP_MD_CTX_new();
    /* The first begin allocates the working state, so that later ones cannot run out of memory. */
    hash_begin(hasher);
    if (!hasher->md || !hasher->ctx || hasher->failed) {
        hasher_free(hasher);
        return err_set(err, ERR_CRYPTO, "the crypto library does not offer %s", SUITES[suite].digest);
    }
    *out = hasher;
    return ERR_OK;
}

void hasher_free(struct hasher *hasher)
{
    if (!hasher)
        return;
    EVP_MD_CTX_free(hasher->ctx);
    EVP_MD_free(hasher->md);
    free(hasher);
}

enum suite hasher_suite(const struct hasher *hasher)
{
    return hasher->suite;
}

void hash_begin(struct hasher *hasher)
{
    hasher->failed = EVP_DigestInit_ex2(hasher->ctx, hasher->md, NULL) != 1;
}

void hash_add(struct hasher *hasher, const void *bytes, size_t size_bytes)
{
    if (!hasher->failed && size_bytes > 0)
        hasher->failed = EVP_DigestUpdate(hasher->ctx, bytes, size_bytes) != 1;
}

enum errc hash_end(struct hasher *hasher, uint8_t out[HASH_SIZE], struct err *err)
{
    uint8_t digest[HASH_SIZE];
    unsigned int size = 0;
    if (hasher->failed || EVP_MD_get_size(hasher->md) != HASH_SIZE ||
        EVP_DigestFinal_ex(hasher->ctx, digest, &size) != 1) {
        hasher->failed = true;
        return err_set(err, ERR_CRYPTO, "%s could not be computed", SUITES[hasher->suite].digest);
    }
    memcpy(out, digest, HASH_SIZE);
    return ERR_OK;
}

enum errc hash_once(struct hasher *hasher, const void *bytes, size_t size_bytes, uint8_t out[HASH_SIZE],
                    struct err *err)
{
    hash_begin(hasher);
    hash_add(hasher, bytes, size_bytes);
    return hash_end(hasher, out, err);
}

static enum errc expect(struct hasher *hasher, const char *text, const char *want, struct err *err)
{
    uint8_t digest[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    enum errc rc = hash_once(hasher, text, strlen(text), digest, err);
    if (rc < 0)
        return rc;
    hex_encode(digest, sizeof digest, hex);
    if (!streq(hex, want))
        return err_set(err, ERR_CRYPTO, "%s of \"%s\" is wrong in this crypto library",
                       SUITES[hasher->suite].digest, text);
    return ERR_OK;
}

enum errc hash_self_test(struct err *err)
{
    enum errc rc = ERR_OK;
    for (enum suite suite = 0; suite < SUITE_COUNT && rc == ERR_OK; suite++) {
        struct hasher *hasher = NULL;
        rc = hasher_new(suite, &hasher, err);
        if (rc == ERR_OK)
            rc = expect(hasher, "", SUITES[suite].of_nothing, err);
        if (rc == ERR_OK)
            rc = expect(hasher, "abc", SUITES[suite].of_abc, err);
        hasher_free(hasher);
    }
    return rc;
}
