#include "lib/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t folder_list(const char *folder, const char *ending, char **out, size_t max)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) && count < max) {
        size_t n = strlen(entry->d_name);
        size_t m = strlen(ending);
        if (n < m || strcmp(entry->d_name + n - m, ending) != 0)
            continue;
        if (asprintf(&out[count], "%s/%s", folder, entry->d_name) > 0)
            count++;
    }
    if (dir)
        (void)closedir(dir);
    if (count > 1)
        qsort(out, count, sizeof *out, by_text);
    return count;
}
