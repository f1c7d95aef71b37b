#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN_BYTES = 256 };

void buf_init(struct buf *buf, size_t cap_bytes)
{
    *buf = (struct buf){.cap_bytes = cap_bytes};
}

void buf_done(struct buf *buf)
{
    free(buf->data);
    buf->data = NULL;
    buf->size_bytes = buf->room_bytes = 0;
    buf->failed = false;
}

void buf_reset(struct buf *buf)
{
    buf->size_bytes = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

static bool reserve(struct buf *buf, size_t more_bytes)
{
    if (buf->failed)
        return false;
    if (more_bytes > buf->cap_bytes - buf->size_bytes) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->size_bytes + more_bytes + 1;
    if (need <= buf->room_bytes)
        return true;
    size_t room = buf->room_bytes > ROOM_MIN_BYTES ? buf->room_bytes : ROOM_MIN_BYTES;
    while (room < need)
        room = room > SIZE_MAX / 2 ? need : room * 2;
    char *data = realloc(buf->data, room);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->room_bytes = room;
    return true;
}

void buf_add(struct buf *buf, const void *bytes, size_t size_bytes)
{
    if (!reserve(buf, size_bytes))
        return;
    if (size_bytes > 0)
        memcpy(buf->data + buf->size_bytes, bytes, size_bytes);
    buf->size_bytes += size_bytes;
    buf->data[buf->size_bytes] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || !reserve(buf, (size_t)n)) {
        buf->failed = true;
        return;
    }
    va_start(args, fmt);
    (void)vsnprintf(buf->data + buf->size_bytes, (size_t)n + 1, fmt, args);
    va_end(args);
    buf->size_bytes += (size_t)n;
}

void buf_cut(struct buf *buf, size_t size_bytes)
{
    if (size_bytes >= buf->size_bytes)
        return;
    buf->size_bytes = size_bytes;
    buf->data[size_bytes] = '\0';
}

void buf_consume(struct buf *buf, size_t size_bytes)
{
    if (size_bytes >= buf->size_bytes) {
        buf_reset(buf);
        return;
    }
    memmove(buf->data, buf->data + size_bytes, buf->size_bytes - size_bytes + 1);
    buf->size_bytes -= size_bytes;
}

enum errc buf_check(const struct buf *buf, struct err *err)
{
    if (!buf->failed)
        return ERR_OK;
    return err_set(err, ERR_LIMIT, "more than %zu bytes", buf->cap_bytes);
}
