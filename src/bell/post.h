/* bell/post.h — news sent through a channel, now: one connection, one answer, no redirect.
 *
 * Layer    bell.   Owns nothing.
 * Threads  any that may wait: it blocks until the service has answered or the time is over.
 * Errors   ERR_IO, ERR_TIMEOUT with the service's or the library's own words; those of shape_make. No
 *          secret ever stands in a message.
 * Tests    tests/unit/bell/test_post.c against an SMTP server and an HTTP endpoint
 */
#ifndef BELL_POST_H
#define BELL_POST_H

#include "base/env.h"
#include "bell/news.h"

struct post_result {
    size_t sent; /* messages that were taken: of SMS one a telephone */
    int status;  /* of the last HTTP answer, or the last SMTP code */
};

/* Once, before threads; and at the end. */
MUST_USE enum errc post_open(struct err *err);
void post_close(void);

MUST_USE enum errc post_send(const struct channel *channel, const struct news *news, const struct env *env,
                             int64_t timeout_ms, struct post_result *out, struct err *err);

#endif
