#include "base/str.h"

#include <string.h>

bool str_eq(struct str a, const char *text)
{
    size_t n = strlen(text);
    return a.n == n && (n == 0 || memcmp(a.p, text, n) == 0);
}

bool streq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

/* Length of the sequence that starts with this byte, its first byte's payload and the smallest code
 * point it may carry; 0 = not a first byte. */
static size_t sequence(unsigned char first, uint32_t *payload, uint32_t *least)
{
    if (first < 0x80) {
        *payload = first;
        *least = 0;
        return 1;
    }
    if ((first & 0xE0) == 0xC0) {
        *payload = first & 0x1F;
        *least = 0x80;
        return 2;
    }
    if ((first & 0xF0) == 0xE0) {
        *payload = first & 0x0F;
        *least = 0x800;
        return 3;
    }
    if ((first & 0xF8) == 0xF0) {
        *payload = first & 0x07;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

bool utf8_valid(const char *bytes, size_t size_bytes)
{
    const unsigned char *p = (const unsigned char *)bytes;
    size_t i = 0;
    while (i < size_bytes) {
        uint32_t point = 0;
        uint32_t least = 0;
        size_t n = sequence(p[i], &point, &least);
        if (n == 0 || n > size_bytes - i)
            return false;
        for (size_t k = 1; k < n; k++) {
            if ((p[i + k] & 0xC0) != 0x80)
                return false;
            point = point << 6 | (p[i + k] & 0x3Fu);
        }
        if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
            return false;
        i += n;
    }
    return true;
}

size_t utf8_count(const char *bytes, size_t size_bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < size_bytes; i++)
        count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    return count;
}

uint32_t utf8_next(const char *bytes, size_t size_bytes, size_t *at)
{
    const unsigned char *p = (const unsigned char *)bytes + *at;
    uint32_t point = 0;
    uint32_t least = 0;
    size_t n = sequence(p[0], &point, &least);
    if (n == 0 || n > size_bytes - *at) {
        *at = size_bytes;
        return 0xFFFD;
    }
    for (size_t k = 1; k < n; k++)
        point = point << 6 | (p[k] & 0x3Fu);
    *at += n;
    return point;
}

void hex_encode(const void *bytes, size_t size_bytes, char *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    for (size_t i = 0; i < size_bytes; i++) {
        out[2 * i] = DIGITS[p[i] >> 4];
        out[2 * i + 1] = DIGITS[p[i] & 15];
    }
    out[2 * size_bytes] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, size_t text_size_bytes, void *out, size_t size_bytes)
{
    unsigned char *p = out;
    if (text_size_bytes != 2 * size_bytes)
        return false;
    for (size_t i = 0; i < size_bytes; i++) {
        int high = hex_value(text[2 * i]);
        int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        p[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(struct arena *arena, const void *bytes, size_t size_bytes)
{
    if (size_bytes > SIZE_MAX / 2)
        return NULL;
    const unsigned char *p = bytes;
    char *out = arena_alloc(arena, (size_bytes + 2) / 3 * 4 + 1);
    if (!out)
        return NULL;
    char *o = out;
    for (size_t i = 0; i < size_bytes; i += 3) {
        size_t left = size_bytes - i;
        uint32_t v = (uint32_t)p[i] << 16;
        if (left > 1)
            v |= (uint32_t)p[i + 1] << 8;
        if (left > 2)
            v |= p[i + 2];
        *o++ = BASE64[v >> 18];
        *o++ = BASE64[v >> 12 & 63];
        *o++ = left > 1 ? BASE64[v >> 6 & 63] : '=';
        *o++ = left > 2 ? BASE64[v & 63] : '=';
    }
    *o = '\0';
    return out;
}

static int base64_value(char c)
{
    const char *at = c ? strchr(BASE64, c) : NULL;
    return at ? (int)(at - BASE64) : -1;
}

void *base64_decode(struct arena *arena, const char *text, size_t text_size_bytes, size_t *out_size_bytes)
{
    if (text_size_bytes % 4 != 0)
        return NULL;
    unsigned char *out = arena_alloc(arena, text_size_bytes / 4 * 3 + 1);
    if (!out)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < text_size_bytes; i += 4) {
        bool last = i + 4 == text_size_bytes;
        size_t pad = last ? (size_t)(text[i + 3] == '=') + (size_t)(text[i + 3] == '=' && text[i + 2] == '=')
                          : 0;
        uint32_t v = 0;
        for (size_t k = 0; k < 4; k++) {
            int d = k >= 4 - pad ? 0 : base64_value(text[i + k]);
            if (d < 0)
                return NULL;
            v = v << 6 | (uint32_t)d;
        }
        /* The unused low bits must be zero, else two texts would mean the same bytes. */
        if ((pad == 1 && (v & 0xFF) != 0) || (pad == 2 && (v & 0xFFFF) != 0))
            return NULL;
        out[n++] = (unsigned char)(v >> 16);
        if (pad < 2)
            out[n++] = (unsigned char)(v >> 8);
        if (pad < 1)
            out[n++] = (unsigned char)v;
    }
    *out_size_bytes = n;
    return out;
}
