/* http/chars.h — the character classes of RFC 9110 and RFC 3986 as one table.
 *
 * Layer    http.   Threads any.   Owns nothing.
 * Tests    tests/unit/http/test_chars.c
 */
#ifndef HTTP_CHARS_H
#define HTTP_CHARS_H

#include "base/str.h"

enum char_class {
    CHAR_TOKEN = 1, /* tchar: methods, field names */
    CHAR_URI = 2,   /* whatever may stand in a request target, brackets and % included */
    CHAR_FIELD = 4, /* field values: visible, space, tab, obs-text */
    CHAR_HEX = 8,
    CHAR_HOST = 16 /* RFC 3986 unreserved */
};

extern const uint8_t CHAR_TABLE[256];

static inline bool char_is(char c, enum char_class set)
{
    return (CHAR_TABLE[(unsigned char)c] & (unsigned)set) != 0;
}

/* True when every byte is in the class; an empty slice is. */
bool chars_all(struct str text, enum char_class set);

char char_lower(char c);
int char_hex(char c); /* 0..15; only for CHAR_HEX */

/* ASCII letters compare without case. */
bool chars_same(struct str text, const char *lower);

/* Takes the next element of a comma-separated list off *list, without the spaces around it; false at the
 * end. */
bool chars_list_next(struct str *list, struct str *element);

#endif
