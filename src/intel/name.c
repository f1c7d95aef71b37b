#include "intel/name.h"

#include <idn2.h>
#include <string.h>

enum { LABEL_MAX = 63, NAME_MAX_CHARS = 253, ESCAPED_DOT = 0x1F };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return false;
    return true;
}

/* 0 when the library refuses it. */
static size_t to_a_labels(struct str text, char out[NAME_SIZE])
{
    char copy[4 * NAME_SIZE];
    uint8_t *converted = NULL;
    size_t size = 0;
    if (text.n >= sizeof copy || memchr(text.p, '\0', text.n) || !utf8_valid(text.p, text.n))
        return 0;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    int rc = idn2_lookup_u8((const uint8_t *)copy, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (rc == IDN2_OK && converted) {
        size_t n = strlen((const char *)converted);
        if (n < NAME_SIZE) {
            memcpy(out, converted, n);
            size = n;
        }
    }
    idn2_free(converted);
    return size;
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Labels of a lower-case name, and that its last one is not a number (else "1.2.3.400" were a name). */
static bool well_formed(const char *name, size_t n)
{
    size_t label = 0;
    bool digits = true;
    if (n == 0 || n > NAME_MAX_CHARS)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (name[i] == '.') {
            if (label == 0)
                return false;
            label = 0;
            digits = true;
            continue;
        }
        if (!name_char(name[i]) || ++label > LABEL_MAX)
            return false;
        digits = digits && name[i] >= '0' && name[i] <= '9';
    }
    return label > 0 && !digits;
}

size_t name_indicator(struct str text, char out[NAME_SIZE])
{
    char name[NAME_SIZE];
    size_t n = 0;
    if (text.n > 0 && text.p[text.n - 1] == '.')
        text.n--;
    if (!ascii(text)) {
        n = to_a_labels(text, name);
        if (n > 0 && name[n - 1] == '.')
            n--;
    } else if (text.n < NAME_SIZE) {
        n = text.n;
        memcpy(name, text.p, n);
    }
    for (size_t i = 0; i < n; i++)
        name[i] = lower(name[i]);
    if (!well_formed(name, n))
        return 0;
    memcpy(out, name, n);
    out[n] = '\0';
    return n;
}

/* One character of a zone file's text, where a backslash protects what follows. */
static char unescape(struct str text, size_t *at)
{
    const char *p = text.p + *at;
    size_t left = text.n - *at;
    char c = p[0];
    if (c != '\\' || left < 2) {
        *at += 1;
        return c;
    }
    bool three = left >= 4 && p[1] >= '0' && p[1] <= '2' && p[2] >= '0' && p[2] <= '9' && p[3] >= '0' &&
                 p[3] <= '9';
    if (three) {
        *at += 4;
        int value = (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');
        c = value <= 255 ? (char)value : '?';
    } else {
        *at += 2;
        c = p[1];
    }
    return c == '.' ? ESCAPED_DOT : c;
}

static bool value_char(char c, bool words)
{
    if (words)
        return (unsigned char)c >= 0x20 || c == ESCAPED_DOT;
    return name_char(c) || c == '*' || (unsigned char)c >= 0x80 || c == ESCAPED_DOT;
}

size_t name_value(struct str text, bool words, char out[NAME_SIZE])
{
    char name[NAME_SIZE];
    size_t n = 0;
    if (text.n > 1 && text.p[text.n - 1] == '.' && text.p[text.n - 2] != '\\')
        text.n--;
    if (!ascii(text)) {
        n = to_a_labels(text, name);
        if (n > 0)
            text = (struct str){name, n};
    }
    n = 0;
    char done[NAME_SIZE];
    for (size_t at = 0; at < text.n;) {
        if (n > NAME_MAX_CHARS - 1)
            return 0;
        bool dot = text.p[at] == '.';
        char c = lower(unescape(text, &at));
        if (!dot && !value_char(c, words))
            return 0;
        done[n++] = c;
    }
    memcpy(out, done, n);
    out[n] = '\0';
    return n;
}

size_t name_labels(struct str name)
{
    size_t count = name.n > 0;
    for (size_t i = 0; i < name.n; i++)
        count += name.p[i] == '.';
    return count;
}
