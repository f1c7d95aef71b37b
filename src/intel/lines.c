#include "intel/lines.h"

#include <stdlib.h>
#include <string.h>

enum errc lines_init(struct lines *lines, struct input *input, struct err *err)
{
    *lines = (struct lines){.input = input, .buffer = malloc(LINES_BUFFER_BYTES)};
    return lines->buffer ? ERR_OK : err_set(err, ERR_NOMEM, "no memory to read lines");
}

void lines_done(struct lines *lines)
{
    free(lines->buffer);
    lines->buffer = NULL;
}

/* Moves what is left to the front and reads behind it. */
static enum errc fill(struct lines *lines, struct err *err)
{
    size_t n = 0;
    memmove(lines->buffer, lines->buffer + lines->at, lines->size - lines->at);
    lines->size -= lines->at;
    lines->at = 0;
    enum errc rc = input_read(lines->input, lines->buffer + lines->size, LINES_BUFFER_BYTES - lines->size, &n,
                              err);
    lines->size += n;
    lines->ended = rc == ERR_OK && n == 0;
    return rc;
}

/* Drops the rest of a line that was too long. */
static enum errc skip_rest(struct lines *lines, struct err *err)
{
    for (;;) {
        const char *end = memchr(lines->buffer + lines->at, '\n', lines->size - lines->at);
        if (end) {
            lines->at = (size_t)(end - lines->buffer) + 1;
            return ERR_OK;
        }
        lines->at = lines->size;
        enum errc rc = fill(lines, err);
        if (rc < 0 || lines->ended)
            return rc;
    }
}

enum errc lines_next(struct lines *lines, bool *out_more, struct str *out, bool *out_too_long,
                     struct err *err)
{
    enum errc rc = lines->skip ? skip_rest(lines, err) : ERR_OK;
    if (rc < 0)
        return rc;
    const char *end = memchr(lines->buffer + lines->at, '\n', lines->size - lines->at);
    while (!end && !lines->ended && lines->size - lines->at <= LINES_LINE_MAX) {
        size_t seen = lines->size - lines->at;
        rc = fill(lines, err);
        if (rc < 0)
            return rc;
        end = memchr(lines->buffer + seen, '\n', lines->size - seen);
    }
    size_t size = end ? (size_t)(end - lines->buffer) - lines->at : lines->size - lines->at;
    *out_more = end || size > 0;
    *out_too_long = size > LINES_LINE_MAX;
    *out = (struct str){lines->buffer + lines->at, *out_too_long ? LINES_LINE_MAX : size};
    if (out->n > 0 && out->p[out->n - 1] == '\r')
        out->n--;
    lines->number += *out_more;
    lines->skip = !end && *out_too_long;
    lines->at += size + (end != NULL);
    return ERR_OK;
}

enum errc lines_peek(struct lines *lines, struct str *out, struct err *err)
{
    enum errc rc = ERR_OK;
    while (rc == ERR_OK && lines->size - lines->at < LINES_PEEK_BYTES && !lines->ended)
        rc = fill(lines, err);
    *out = (struct str){lines->buffer + lines->at, lines->size - lines->at};
    return rc;
}

enum errc lines_take(struct lines *lines, void *to, size_t room, size_t *out_size, struct err *err)
{
    struct str there;
    enum errc rc = lines_peek(lines, &there, err);
    if (rc < 0)
        return rc;
    *out_size = there.n < room ? there.n : room;
    memcpy(to, there.p, *out_size);
    lines->at += *out_size;
    return ERR_OK;
}
