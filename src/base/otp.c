#include "base/otp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

enum { STEP_MS = 30 * 1000, SHA1_BYTES = 20, CODES = 1000000, SLACK_STEPS = 1 };

int64_t otp_step(int64_t now_ms)
{
    return now_ms / STEP_MS;
}

/* RFC 4226, 5.3: the last half byte says where the four bytes of the code begin. */
enum errc otp_code(const uint8_t secret[OTP_SECRET_BYTES], int64_t step, char out[OTP_CODE_SIZE],
                   struct err *err)
{
    uint8_t counter[8];
    uint8_t tag[SHA1_BYTES];
    unsigned size = 0;
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, OTP_SECRET_BYTES, counter, sizeof counter, tag, &size) ||
        size != sizeof tag)
        return err_set(err, ERR_CRYPTO, "OpenSSL could not compute HMAC-SHA-1");
    const uint8_t *at = tag + (tag[SHA1_BYTES - 1] & 0x0F);
    uint32_t number = ((uint32_t)(at[0] & 0x7F) << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) |
                      at[3];
    (void)snprintf(out, OTP_CODE_SIZE, "%06u", (unsigned)(number % CODES));
    return ERR_OK;
}

enum errc otp_find(const uint8_t secret[OTP_SECRET_BYTES], const char *code, int64_t now_ms, int64_t used,
                   int64_t *out_step, struct err *err)
{
    char right[OTP_CODE_SIZE];
    int64_t now = otp_step(now_ms);
    int64_t found = 0;
    bool whole = strlen(code) == OTP_DIGITS;
    for (int64_t step = now - SLACK_STEPS; step <= now + SLACK_STEPS; step++) {
        enum errc rc = otp_code(secret, step, right, err);
        if (rc < 0)
            return rc;
        if (whole && step > used && found == 0 && CRYPTO_memcmp(right, code, OTP_DIGITS) == 0)
            found = step;
    }
    *out_step = found;
    return ERR_OK;
}

void otp_text(const uint8_t secret[OTP_SECRET_BYTES], char out[OTP_SECRET_TEXT_SIZE])
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    unsigned held = 0;
    size_t n = 0;
    for (size_t i = 0; i < OTP_SECRET_BYTES; i++) {
        bits = (bits << 8) | secret[i];
        for (held += 8; held >= 5; held -= 5)
            out[n++] = DIGITS[(bits >> (held - 5)) & 31];
    }
    out[n] = '\0';
}
