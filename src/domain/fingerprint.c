#include "domain/fingerprint.h"

#include <openssl/evp.h>

enum errc fingerprint(const struct str *parts, size_t count, char out[FINGERPRINT_TEXT_SIZE], struct err *err)
{
    unsigned char hash[FINGERPRINT_BYTES];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; good && i < count; i++) {
        uint64_t n = parts[i].n;
        unsigned char length[8];
        for (size_t k = 0; k < sizeof length; k++)
            length[k] = (unsigned char)(n >> (56 - 8 * k));
        good = EVP_DigestUpdate(ctx, length, sizeof length) == 1 &&
               EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) == 1;
    }
    good = good && EVP_DigestFinal_ex(ctx, hash, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    if (!good)
        return err_set(err, ERR_CRYPTO, "a fingerprint could not be computed");
    hex_encode(hash, sizeof hash, out);
    return ERR_OK;
}
