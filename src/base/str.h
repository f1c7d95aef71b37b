/* base/str.h — small text helpers: slices, UTF-8, hexadecimal, base64.
 *
 * Layer    base.   Threads any.   Owns nothing but what the arena owns.
 * Tests    tests/unit/base/test_str.c
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"

struct str {
    const char *p;
    size_t n;
};

bool str_eq(struct str a, const char *text);
bool streq(const char *a, const char *b); /* NULL equals only NULL */

/* True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms, ≤ U+10FFFF). */
bool utf8_valid(const char *bytes, size_t size_bytes);

/* Number of code points of a valid UTF-8 text. */
size_t utf8_count(const char *bytes, size_t size_bytes);

/* Decodes one code point at *at and moves *at behind it; the text must be valid. */
uint32_t utf8_next(const char *bytes, size_t size_bytes, size_t *at);

/* out needs 2 * size + 1 bytes. */
void hex_encode(const void *bytes, size_t size_bytes, char *out);
/* Lower or upper case; exactly 2 * size digits. */
MUST_USE bool hex_decode(const char *text, size_t text_size_bytes, void *out, size_t size_bytes);

/* Standard base64 with padding; NULL when the arena is exhausted / the text is not canonical base64. */
MUST_USE char *base64_encode(struct arena *arena, const void *bytes, size_t size_bytes);
MUST_USE void *base64_decode(struct arena *arena, const char *text, size_t text_size_bytes,
                             size_t *out_size_bytes);

#endif
