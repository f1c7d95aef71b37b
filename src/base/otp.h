/* base/otp.h — one-time codes from a shared secret and the clock: TOTP (RFC 6238, HMAC-SHA-1, 30 s, six
 * digits), in the form that every authenticator app takes.
 *
 * Layer    base.   Owns nothing.   Threads any.
 * Errors   ERR_CRYPTO.
 * Tests    tests/unit/base/test_otp.c
 */
#ifndef BASE_OTP_H
#define BASE_OTP_H

#include "base/err.h"

enum { OTP_SECRET_BYTES = 20, OTP_DIGITS = 6, OTP_CODE_SIZE = OTP_DIGITS + 1, OTP_SECRET_TEXT_SIZE = 33 };

/* The number of the thirty seconds that hold this moment. */
int64_t otp_step(int64_t now_ms);

MUST_USE enum errc otp_code(const uint8_t secret[OTP_SECRET_BYTES], int64_t step, char out[OTP_CODE_SIZE],
                            struct err *err);

/* Which step the code belongs to: this one, the one before or the one behind it (clocks differ), but none up
 * to `used`, for a code works once. *out_step is 0 when it is none of them. */
MUST_USE enum errc otp_find(const uint8_t secret[OTP_SECRET_BYTES], const char *code, int64_t now_ms,
                            int64_t used, int64_t *out_step, struct err *err);

/* The secret in base32, for people and for the address in the QR code. */
void otp_text(const uint8_t secret[OTP_SECRET_BYTES], char out[OTP_SECRET_TEXT_SIZE]);

#endif
