/* bell/hmac.h — HMAC-SHA256 over OpenSSL, as robots and webhooks want their messages signed.
 *
 * Layer    bell.   Owns nothing.   Threads any.
 * Errors   ERR_CRYPTO; ERR_NOMEM.
 * Tests    tests/unit/bell/test_hmac.c
 */
#ifndef BELL_HMAC_H
#define BELL_HMAC_H

#include "base/arena.h"
#include "base/str.h"

/* In base64, in the arena. */
MUST_USE enum errc hmac_base64(struct str key, struct str message, struct arena *arena, const char **out,
                               struct err *err);

#endif
