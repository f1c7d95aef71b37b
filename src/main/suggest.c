#include "main/suggest.h"

#include <string.h>

enum { WORD_MAX = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: three rows suffice because a swap looks back two. */
size_t suggest_distance(const char *a, const char *b)
{
    size_t an = strlen(a);
    size_t bn = strlen(b);
    if (an > WORD_MAX || bn > WORD_MAX)
        return SIZE_MAX;
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= bn; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= an; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= bn; j++) {
            size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(replaced, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return rows[an % 3][bn];
}

void suggest_init(struct suggest *suggest, const char *typed)
{
    /* A third of the letters may be wrong; one-letter words never match by chance. */
    *suggest = (struct suggest){.typed = typed, .distance = (strlen(typed) + 1) / 3 + 1};
}

void suggest_offer(struct suggest *suggest, const char *word, const char *answer)
{
    size_t distance = suggest_distance(suggest->typed, word);
    if (distance < suggest->distance) {
        suggest->distance = distance;
        suggest->best = answer;
    }
}
