/* main/suggest.h — "did you mean …?": the nearest word by typing errors.
 *
 * Layer    main.   Threads any.   Owns nothing.
 * Tests    tests/unit/main/test_suggest.c
 */
#ifndef MAIN_SUGGEST_H
#define MAIN_SUGGEST_H

#include "base/err.h"

/* Letters inserted, left out, replaced or swapped between two words; words over 63 bytes count as far. */
size_t suggest_distance(const char *a, const char *b);

/* Keeps the nearest word seen. */
struct suggest {
    const char *typed;
    const char *best; /* NULL when nothing is near enough */
    size_t distance;
};

void suggest_init(struct suggest *suggest, const char *typed);
/* answer is what best shall be when word is the nearest; it must outlive the suggest, word need not. */
void suggest_offer(struct suggest *suggest, const char *word, const char *answer);

#endif
