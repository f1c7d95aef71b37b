/* bell/shape.h — news as the request that a service takes, signed as it asks, and its answer understood.
 *
 *            where the signature goes                   what is success
 *   WeCom    none: the key in the URL is the secret      errcode 0 inside HTTP 200
 *   DingTalk query: ms, HMAC(secret, ms \n secret)       errcode 0
 *   Feishu   body: s, HMAC(key = s \n secret, "")        code 0
 *   webhook  webhook-signature: v1,HMAC(id.s.body)       2xx
 *   SMS      as the template says                        2xx, and the answer holds `success`
 *
 * Layer    bell: pure but for hashing.
 * Owns     nothing: requests live in the caller's arena.
 * Threads  any.
 * Errors   ERR_NOMEM, ERR_CRYPTO, ERR_INVALID a secret that is none.
 * Tests    tests/unit/bell/test_shape.c
 */
#ifndef BELL_SHAPE_H
#define BELL_SHAPE_H

#include "base/arena.h"
#include "base/str.h"
#include "bell/news.h"

enum { SHAPE_FIELDS_MAX = 6, SHAPE_BYTES_MAX = 64 << 10 };

struct shape_request {
    const char *url;
    const char *fields[SHAPE_FIELDS_MAX]; /* "Content-Type: application/json" */
    size_t field_count;
    const char *body; /* NULL: GET */
};

/* Not for mail. recipient: which of channel->to, for SMS: one request a telephone. */
MUST_USE enum errc shape_make(const struct channel *channel, const struct news *news, size_t recipient,
                              int64_t now_ms, struct arena *arena, struct shape_request *out,
                              struct err *err);

/* How many requests the channel needs for one piece of news. */
size_t shape_count(const struct channel *channel);

/* ERR_IO with the service's own words when it did not take the message. */
MUST_USE enum errc shape_judge(const struct channel *channel, int status, const char *answer,
                               size_t answer_bytes, struct err *err);

#endif
