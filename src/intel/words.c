#include "intel/words.h"

#include <string.h>

struct str words_next(struct str *rest)
{
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = (struct str){rest->p + 1, rest->n - 1};
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
        n++;
    struct str word = {rest->p, n};
    *rest = (struct str){rest->p + n, rest->n - n};
    return word;
}

struct str words_until(struct str *rest, char c)
{
    const char *at = rest->n > 0 ? memchr(rest->p, c, rest->n) : NULL;
    size_t n = at ? (size_t)(at - rest->p) : rest->n;
    struct str before = {rest->p, n};
    *rest = (struct str){rest->p + n + (at != NULL), rest->n - n - (at != NULL)};
    return before;
}

bool words_skip_to(struct str *rest, const char *text)
{
    size_t size = strlen(text);
    const char *at = rest->n > 0 ? memmem(rest->p, rest->n, text, size) : NULL;
    if (!at)
        return false;
    at += size;
    *rest = (struct str){at, rest->n - (size_t)(at - rest->p)};
    return true;
}

bool words_starts(struct str text, const char *with)
{
    size_t n = strlen(with);
    return text.n >= n && memcmp(text.p, with, n) == 0;
}
