/* main/setting.h — the value of one setting: from text to what it means, by its row.
 *
 * Layer    main.   Owns nothing.   Threads any.
 * Errors   ERR_INVALID with a message that says what would be taken.
 * Tests    tests/unit/main/test_setting.c
 */
#ifndef MAIN_SETTING_H
#define MAIN_SETTING_H

#include "base/err.h"

enum setting_type {
    SETTING_ID,       /* small letters, digits and hyphens */
    SETTING_TEXT,     /* any text */
    SETTING_PATH,     /* of a file or folder */
    SETTING_ADDRESS,  /* 127.0.0.1:8480, [::1]:8480 */
    SETTING_URL,      /* https://host or https://host:port */
    SETTING_CHOICE,   /* one of the words of .unit */
    SETTING_BOOL,     /* true, false */
    SETTING_COUNT,    /* a whole number without a unit */
    SETTING_DURATION, /* a whole number and ms, s, min, h or d */
    SETTING_SIZE,     /* a whole number and B, KiB, MiB or GiB */
};

struct setting_row {
    const char *section;
    const char *key;
    enum setting_type type;
    bool required;
    const char *value; /* the default; of a required setting an example */
    const char *unit;
    int64_t min;
    int64_t max;
    const char *text;
    size_t offset; /* of its member in struct config */
};

/* Texts are judged, not changed. *out_number is written for BOOL, COUNT, DURATION (ms) and SIZE (bytes). */
MUST_USE enum errc setting_parse(const struct setting_row *row, const char *text, int64_t *out_number,
                                 struct err *err);

/* True when setting_parse gives a number, not only a judgement. */
bool setting_is_number(enum setting_type type);

#endif
