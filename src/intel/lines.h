/* intel/lines.h — an input as lines of bounded length.
 *
 * Layer    intel.
 * Owns     its buffer; a line is lent until the next call.
 * Threads  one reader, one thread.
 * Errors   those of intel/input.h. A line that is too long is given cut off, and marked.
 * Tests    tests/unit/intel/test_lines.c
 */
#ifndef INTEL_LINES_H
#define INTEL_LINES_H

#include "intel/input.h"

enum { LINES_BUFFER_BYTES = 1 << 18, LINES_LINE_MAX = 1 << 16, LINES_PEEK_BYTES = 4096 };

struct lines {
    struct input *input;
    char *buffer;
    size_t at;
    size_t size;
    uint64_t number; /* of the last line given, from 1 */
    bool ended;
    bool skip; /* the line given was too long, and its rest is still to come */
};

MUST_USE enum errc lines_init(struct lines *lines, struct input *input, struct err *err);
void lines_done(struct lines *lines);

/* *out_more is false behind the last line. The line has neither its end nor a carriage return. */
MUST_USE enum errc lines_next(struct lines *lines, bool *out_more, struct str *out, bool *out_too_long,
                              struct err *err);

/* What comes next, without taking it: at least LINES_PEEK_BYTES, or all there is. */
MUST_USE enum errc lines_peek(struct lines *lines, struct str *out, struct err *err);
/* Takes bytes as they are; 0 at the end. */
MUST_USE enum errc lines_take(struct lines *lines, void *to, size_t room, size_t *out_size, struct err *err);

#endif
