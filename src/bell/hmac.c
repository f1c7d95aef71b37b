#include "bell/hmac.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum errc hmac_base64(struct str key, struct str message, struct arena *arena, const char **out,
                      struct err *err)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    bool good = key.n <= INT_MAX && HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)message.p,
                                         message.n, mac, &size);
    if (!good)
        return err_set(err, ERR_CRYPTO, "the message cannot be signed");
    *out = base64_encode(arena, mac, size);
    return *out ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for a signature");
}
