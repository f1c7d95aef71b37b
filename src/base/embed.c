#include "base/embed.h"

#include <string.h>

/* The index of the first file whose path is not below the text, compared over at most n bytes. */
static size_t lower_bound(const struct embed_set *set, const char *text, size_t n, int below)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(set->files[middle].path, text, n) < below)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct embed_file *embed_find(const struct embed_set *set, const char *path)
{
    size_t at = lower_bound(set, path, strlen(path) + 1, 0);
    return at < set->count && strcmp(set->files[at].path, path) == 0 ? &set->files[at] : NULL;
}

struct embed_set embed_under(const struct embed_set *set, const char *prefix)
{
    size_t n = strlen(prefix);
    size_t first = lower_bound(set, prefix, n, 0);
    size_t end = lower_bound(set, prefix, n, 1);
    return (struct embed_set){set->files + first, end - first};
}
