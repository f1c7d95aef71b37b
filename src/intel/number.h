/* intel/number.h — E.164 numbers, ranges of them, and number prefixes.
 *
 * "+8613800138000", with blanks, brackets and hyphens between the digits or "tel:" before them;
 * "+8617000000000-+8617000009999", both ends of one length; "+86170*", every number that begins so.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Errors   false for what is no number.
 * Tests    tests/unit/intel/test_number.c
 */
#ifndef INTEL_NUMBER_H
#define INTEL_NUMBER_H

#include "base/str.h"

enum {
    NUMBER_DIGITS_MIN = 7,
    NUMBER_DIGITS_MAX = 15,
    NUMBER_TEXT_SIZE = 40,
    NUMBER_KEY_MAX = 1 + NUMBER_DIGITS_MAX,
    NUMBER_PIECES_MAX = 2 * 9 * NUMBER_DIGITS_MAX,
};

struct number_range {
    uint64_t first;
    uint64_t last;
    uint8_t digits; /* of first and of last */
    bool open;      /* every number that begins with first, whatever its length */
};

MUST_USE bool number_parse(struct str text, struct number_range *out);
void number_format(const struct number_range *range, char out[NUMBER_TEXT_SIZE]);

/* A range is the numbers of one length (0 = any) that begin with one of a few prefixes. */
struct number_piece {
    uint8_t length; /* digits of the whole number; 0 = any */
    uint8_t digits; /* of prefix */
    uint64_t prefix;
};
size_t number_split(const struct number_range *range, struct number_piece out[NUMBER_PIECES_MAX]);

/* The key of a piece: its length, and the digits of its prefix as text. Returns the size. */
size_t number_key(const struct number_piece *piece, uint8_t out[NUMBER_KEY_MAX]);

#endif
