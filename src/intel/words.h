/* intel/words.h — a line of text taken apart from the left.
 *
 * Layer    intel; private to the readers of text logs.   Threads any.   Owns nothing.
 * Tests    tests/unit/intel/test_words.c
 */
#ifndef INTEL_WORDS_H
#define INTEL_WORDS_H

#include "base/str.h"

/* The next word between blanks, taken off *rest; n = 0 at the end. */
struct str words_next(struct str *rest);
/* What stands before the first byte c, taken off with it; the whole rest when there is none. */
struct str words_until(struct str *rest, char c);
/* Puts *rest behind the first occurrence of text; false, and *rest as it was, when there is none. */
bool words_skip_to(struct str *rest, const char *text);
bool words_starts(struct str text, const char *with);

#endif
