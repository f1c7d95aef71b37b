/* base/buf.h — a growing byte buffer with a cap.
 *
 * Layer    base.
 * Owns     its bytes until buf_done. data is NUL-terminated after every append (not counted in size).
 * Threads  one buffer, one thread.
 * Errors   an append over the cap or out of memory sets failed and changes nothing more; test once at
 *          the end.
 * Tests    tests/unit/base/test_buf.c
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"

struct buf {
    char *data;
    size_t size_bytes;
    size_t room_bytes;
    size_t cap_bytes;
    bool failed;
};

void buf_init(struct buf *buf, size_t cap_bytes);
void buf_done(struct buf *buf);
void buf_reset(struct buf *buf); /* empties it, keeps the room */

void buf_add(struct buf *buf, const void *bytes, size_t size_bytes);
void buf_adds(struct buf *buf, const char *text);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Takes back what was added after the first size bytes. */
void buf_cut(struct buf *buf, size_t size_bytes);

/* Drops bytes from the front. */
void buf_consume(struct buf *buf, size_t size_bytes);

/* 0, or ERR_LIMIT / ERR_NOMEM when an append failed. */
MUST_USE enum errc buf_check(const struct buf *buf, struct err *err);

#endif
