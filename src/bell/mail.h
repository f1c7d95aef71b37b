/* bell/mail.h — news as a mail: RFC 5322 and MIME, UTF-8 in base64, marked as made by a machine (RFC 3834).
 *
 * Layer    bell: pure.   Owns nothing.   Threads any.
 * Errors   ERR_NOMEM, ERR_LIMIT.
 * Tests    tests/unit/bell/test_mail.c
 */
#ifndef BELL_MAIL_H
#define BELL_MAIL_H

#include "base/arena.h"
#include "bell/news.h"

MUST_USE enum errc mail_write(const struct channel *channel, const struct news *news, int64_t now_ms,
                              struct arena *arena, struct buf *out, struct err *err);

#endif
