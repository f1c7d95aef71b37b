#include "lib/files.h"

#include "lib/shared.h"

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

enum { SET_MAX = 512 };

static size_t add_folder(const char *root, const char *below, struct embed_file *files, size_t count)
{
    char folder[600];
    char *paths[SET_MAX];
    (void)snprintf(folder, sizeof folder, "%s%s%s", root, *below ? "/" : "", below);
    size_t n = folder_list(folder, ".yaml", paths, SET_MAX - count);
    for (size_t i = 0; i < n; i++) {
        struct embed_file *file = &files[count++];
        file->bytes = shared_read(paths[i], &file->size_bytes);
        file->path = strdup(paths[i] + strlen(root) + 1);
        free(paths[i]);
    }
    return count;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct embed_file *)a)->path, ((const struct embed_file *)b)->path);
}

struct embed_set folder_set(const char *folder)
{
    struct embed_file *files = calloc(SET_MAX, sizeof *files);
    size_t count = add_folder(folder, "", files, 0);
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
            count = add_folder(folder, entry->d_name, files, count);
    if (dir)
        (void)closedir(dir);
    qsort(files, count, sizeof *files, by_path);
    return (struct embed_set){files, count};
}

void folder_set_free(struct embed_set *set)
{
    struct embed_file *files = (struct embed_file *)(uintptr_t)set->files;
    for (size_t i = 0; i < set->count; i++) {
        free((char *)(uintptr_t)files[i].path);
        free((char *)(uintptr_t)files[i].bytes);
    }
    free(files);
    *set = (struct embed_set){0};
}
