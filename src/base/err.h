/* base/err.h — one way to fail: a negative code, and the story in the caller's struct err.
 *
 * Layer    base. Knows nothing of the project.
 * Owns     nothing; struct err is plain data of the caller, usually on the stack.
 * Threads  any; no shared state.
 * Errors   functions return 0 or a negative enum errc. Outputs are untouched on error.
 * Data     errors.def
 * Tests    tests/unit/base/test_err.c
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))

enum errc {
    ERR_OK = 0,
#define ERRC(name, number, status, slug, hint) ERR_##name = -(number),
#include "base/errors.def"
#undef ERRC
};

struct errc_info {
    enum errc code;
    int http_status;
    const char *name; /* "INVALID" */
    const char *slug; /* "invalid" */
    const char *hint;
};

/* What went wrong, where, and which clause says so. Texts are cut at their size, never overrun. */
struct err {
    enum errc code;
    int line;        /* of the outside text, 1-based; 0 = not known */
    char field[160]; /* path of the field at fault, "body.scope.provinces[1]"; "" = none */
    char clause[48]; /* "4.4" when the law refuses; "" otherwise */
    char message[512];
};

void err_clear(struct err *err);

/* Fills *err (which may be NULL) and gives the code, so that callers can write: return err_set(...).
 * err_field also names the field at fault. Macros, so that a reader of the caller alone, be it a person, a
 * compiler or an analyzer, sees which code comes back. */
#define err_set(err, code, ...) err_keep((code), err_note((err), "", __VA_ARGS__))
#define err_field(err, code, field, ...) err_keep((code), err_note((err), (field), __VA_ARGS__))

/* The two halves: the story, then the code. */
struct err *err_note(struct err *err, const char *field, const char *fmt, ...) PRINTF_LIKE(3, 4);
static inline enum errc err_keep(enum errc code, struct err *err)
{
    if (err)
        err->code = code;
    return code;
}

/* Puts "prefix." (or "prefix" before "[") in front of the field already named. */
void err_field_prefix(struct err *err, const char *prefix);

/* A fault of this node (disk, memory, a mistake of the program), not of what was asked of it. */
bool errc_is_fault(enum errc code);

/* The row of a code; unknown codes give the row of ERR_INTERNAL. */
const struct errc_info *errc_info(enum errc code);

#endif
