#include "main/folder.h"

#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reading {
    const char *ending;
    size_t left_bytes;
    size_t size_max_bytes;
    struct arena *arena;
    struct embed_file *files;
    size_t count;
};

static enum errc system_fault(const char *path, struct err *err)
{
    return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text);
    size_t m = strlen(ending);
    return n >= m && streq(text + n - m, ending);
}

static enum errc read_file(struct reading *in, const char *path, const char *relative, size_t size_bytes,
                           struct err *err)
{
    if (in->count == FOLDER_FILES_MAX)
        return err_set(err, ERR_LIMIT, "%s: more than %d files in the folder", path, FOLDER_FILES_MAX);
    if (size_bytes > in->left_bytes)
        return err_set(err, ERR_LIMIT, "%s: the folder holds more than %zu bytes", path, in->size_max_bytes);
    char *bytes = arena_alloc(in->arena, size_bytes + 1);
    if (!bytes)
        return err_set(err, ERR_NOMEM, "%s: no memory for %zu bytes", path, size_bytes);
    FILE *file = fopen(path, "re");
    if (!file)
        return system_fault(path, err);
    size_t n = fread(bytes, 1, size_bytes, file);
    (void)fclose(file); /* it was only read */
    if (n != size_bytes)
        return err_set(err, ERR_IO, "%s: it changed or failed while it was read", path);
    in->left_bytes -= n;
    in->files[in->count++] = (struct embed_file){relative, bytes, n};
    return ERR_OK;
}

static enum errc read_folder(struct reading *in, const char *path, const char *relative, int depth,
                             struct err *err);

static enum errc read_entry(struct reading *in, const char *folder, const char *relative, const char *name,
                            int depth, struct err *err)
{
    struct stat about;
    if (name[0] == '.')
        return ERR_OK;
    const char *path = arena_printf(in->arena, "%s/%s", folder, name);
    const char *inner = arena_printf(in->arena, "%s%s%s", relative, relative[0] ? "/" : "", name);
    if (!path || !inner)
        return err_set(err, ERR_NOMEM, "%s: no memory for its names", folder);
    if (stat(path, &about) < 0)
        return system_fault(path, err);
    if (S_ISDIR(about.st_mode))
        return read_folder(in, path, inner, depth + 1, err);
    if (!S_ISREG(about.st_mode) || !ends_with(name, in->ending))
        return ERR_OK;
    return read_file(in, path, inner, (size_t)about.st_size, err);
}

/* Folders are few and shallow, so each level keeps its handle open while the next one is read. */
static enum errc read_folder(struct reading *in, const char *path, const char *relative, int depth,
                             struct err *err)
{
    if (depth > FOLDER_DEPTH_MAX)
        return err_set(err, ERR_LIMIT, "%s: deeper than %d folders", path, FOLDER_DEPTH_MAX);
    DIR *dir = opendir(path);
    if (!dir)
        return system_fault(path, err);
    enum errc rc = ERR_OK;
    for (struct dirent *entry; rc == ERR_OK && (entry = readdir(dir)) != NULL;)
        rc = read_entry(in, path, relative, entry->d_name, depth, err);
    (void)closedir(dir);
    return rc;
}

static int by_path(const void *a, const void *b)
{
    const struct embed_file *x = a;
    const struct embed_file *y = b;
    return strcmp(x->path, y->path);
}

enum errc folder_read(const char *folder, const char *ending, size_t size_max_bytes, struct arena *arena,
                      struct embed_set *out, struct err *err)
{
    struct reading in = {
        .ending = ending, .left_bytes = size_max_bytes, .size_max_bytes = size_max_bytes, .arena = arena};
    in.files = arena_array(arena, FOLDER_FILES_MAX, sizeof *in.files);
    if (!in.files)
        return err_set(err, ERR_NOMEM, "%s: no memory for its list of files", folder);
    enum errc rc = read_folder(&in, folder, "", 0, err);
    if (rc < 0)
        return rc;
    if (in.count > 1)
        qsort(in.files, in.count, sizeof *in.files, by_path);
    *out = (struct embed_set){in.files, in.count};
    return ERR_OK;
}
