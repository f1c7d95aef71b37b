/* intel/list_line.h — one line of a list: the pieces of it that may be indicators.
 *
 * Layer    intel; private to list.c.
 * Owns     nothing: pieces are lent by the line.
 * Threads  any.
 * Tests    tests/unit/intel/test_list_line.c
 */
#ifndef INTEL_LIST_LINE_H
#define INTEL_LIST_LINE_H

#include "intel/csv.h"

enum { LIST_PIECES_MAX = 64 };

enum list_form {
    LIST_NOTHING, /* blank, or a comment */
    LIST_ALL,     /* every piece must be an indicator */
    LIST_FIRST,   /* the first piece that is an indicator is the one */
};

struct list_pieces {
    size_t count;
    struct str at[LIST_PIECES_MAX];
};

/* Without blanks around it, without a comment behind it. */
struct str list_line_trim(struct str line);

/* The text of a comment line; n = 0 when the line is none. */
struct str list_line_comment(struct str line);

/* What a trimmed line consists of. */
enum list_form list_line_split(struct str line, struct list_pieces *out);

#endif
