#include "http/chars.h"

#include <string.h>

/* clang-format off: one row for every 16 bytes */
const uint8_t CHAR_TABLE[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,
    0,  4,  0,  0,  0,  0,  0,  0, /* 0x tab */
    0,  0,  0,  0,  0,  0,  0,  0,
    0,  0,  0,  0,  0,  0,  0,  0, /* 1x */
    4,  7,  4,  5,  7,  7,  7,  7,
    6,  6,  7,  7,  6,  23, 23, 6, /* 2x space ! " # $ % & ' ( ) * + , - . / */
    31, 31, 31, 31, 31, 31, 31, 31,
    31, 31, 6,  6,  4,  6,  4,  6, /* 3x 0 1 2 3 4 5 6 7 8 9 : ; < = > ? */
    6,  31, 31, 31, 31, 31, 31, 23,
    23, 23, 23, 23, 23, 23, 23, 23, /* 4x @ A … O */
    23, 23, 23, 23, 23, 23, 23, 23,
    23, 23, 23, 6,  4,  6,  5,  23, /* 5x P … Z [ \ ] ^ _ */
    5,  31, 31, 31, 31, 31, 31, 23,
    23, 23, 23, 23, 23, 23, 23, 23, /* 6x ` a … o */
    23, 23, 23, 23, 23, 23, 23, 23,
    23, 23, 23, 4,  5,  4,  23, 0, /* 7x p … z { | } ~ */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* 8x obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* 9x obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Ax obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Bx obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Cx obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Dx obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Ex obs-text */
    4,  4,  4,  4,  4,  4,  4,  4,
    4,  4,  4,  4,  4,  4,  4,  4, /* Fx obs-text */
};
/* clang-format on */

bool chars_all(struct str text, enum char_class set)
{
    for (size_t i = 0; i < text.n; i++)
        if (!char_is(text.p[i], set))
            return false;
    return true;
}

char char_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

int char_hex(char c)
{
    return c <= '9' ? c - '0' : char_lower(c) - 'a' + 10;
}

bool chars_same(struct str text, const char *lower)
{
    for (size_t i = 0; i < text.n; i++)
        if (lower[i] == '\0' || char_lower(text.p[i]) != lower[i])
            return false;
    return lower[text.n] == '\0';
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

bool chars_list_next(struct str *list, struct str *element)
{
    if (!list->p)
        return false;
    const char *comma = memchr(list->p, ',', list->n);
    struct str part = {list->p, comma ? (size_t)(comma - list->p) : list->n};
    *list = comma ? (struct str){comma + 1, list->n - part.n - 1} : (struct str){NULL, 0};
    while (part.n > 0 && blank(part.p[0]))
        part = (struct str){part.p + 1, part.n - 1};
    while (part.n > 0 && blank(part.p[part.n - 1]))
        part.n--;
    *element = part;
    return true;
}
