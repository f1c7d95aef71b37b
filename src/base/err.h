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

/* Fills *err (which may be NULL) and returns code, so that callers can write: return err_set(...). */
enum errc err_set(struct err *err, enum errc code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same, naming the field at fault. */
enum errc err_field(struct err *err, enum errc code, const char *field, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* The static analyser reads one file at a time: this tells it that the code given is the code returned. */
#ifdef __clang_analyzer__
#define err_set(err, code, ...) ((void)(err_set)(err, code, __VA_ARGS__), (code))
#define err_field(err, code, field, ...) ((void)(err_field)(err, code, field, __VA_ARGS__), (code))
#endif

/* Puts "prefix." (or "prefix" before "[") in front of the field already named. */
void err_field_prefix(struct err *err, const char *prefix);

/* The row of a code; unknown codes give the row of ERR_INTERNAL. */
const struct errc_info *errc_info(enum errc code);

#endif
