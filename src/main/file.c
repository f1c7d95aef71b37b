#include "main/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, TEMPORARY_SIZE = PATH_SIZE + 8 };

static enum errc fault(struct err *err, const char *what, const char *path)
{
    static const struct {
        int number;
        enum errc code;
    } CODES[] = {{ENOENT, ERR_NOT_FOUND},  {EEXIST, ERR_CONFLICT}, {EACCES, ERR_PERMISSION},
                 {EPERM, ERR_PERMISSION},  {ENOSPC, ERR_FULL},     {EDQUOT, ERR_FULL},
                 {ENAMETOOLONG, ERR_LIMIT}};
    enum errc code = ERR_IO;
    int number = errno;
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (CODES[i].number == number)
            code = CODES[i].code;
    return err_set(err, code, "%s cannot be %s: %s", path, what, strerror(number));
}

enum errc file_read(const char *path, size_t size_max_bytes, struct arena *arena, struct str *out,
                    struct err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault(err, "opened", path);
    enum errc rc = ERR_OK;
    size_t have = 0;
    char *text = NULL;
    if (fstat(fd, &about) < 0)
        rc = fault(err, "looked at", path);
    else if (!S_ISREG(about.st_mode))
        rc = err_set(err, ERR_IO, "%s is not a file", path);
    else if ((size_t)about.st_size > size_max_bytes)
        rc = err_set(err, ERR_LIMIT, "%s is larger than %zu bytes", path, size_max_bytes);
    else if (!(text = arena_alloc(arena, (size_t)about.st_size + 1)))
        rc = err_set(err, ERR_NOMEM, "%s does not fit in memory", path);
    while (rc == ERR_OK && have < (size_t)about.st_size) {
        ssize_t n = read(fd, text + have, (size_t)about.st_size - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = fault(err, "read", path);
        else if (n == 0)
            rc = err_set(err, ERR_IO, "%s became shorter while it was read", path);
        else
            have += (size_t)n;
    }
    (void)close(fd); /* it was only read */
    if (rc == ERR_OK)
        *out = (struct str){text, have};
    return rc;
}

static enum errc write_all(int fd, const char *path, const char *text, struct err *err)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fault(err, "written", path);
        text += n;
        left -= (size_t)n;
    }
    return fsync(fd) < 0 ? fault(err, "synced", path) : ERR_OK;
}

static enum errc sync_folder_of(const char *path, struct err *err)
{
    char folder[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 0;
    (void)snprintf(folder, sizeof folder, "%.*s", n ? (int)n : 1, n ? path : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fault(err, "opened", folder);
    enum errc rc = fsync(fd) < 0 ? fault(err, "synced", folder) : ERR_OK;
    (void)close(fd);
    return rc;
}

enum errc file_write(const char *path, const char *text, enum file_mode how, unsigned mode, struct err *err)
{
    char fresh[TEMPORARY_SIZE];
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= PATH_SIZE)
        return err_set(err, ERR_LIMIT, "%.80s…: the path is too long", path);
    (void)unlink(fresh); /* left by a program that was cut off */
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return fault(err, "made", fresh);
    enum errc rc = write_all(fd, fresh, text, err);
    (void)close(fd);
    /* link, unlike rename, never replaces a file that is there. */
    bool moved = rc == ERR_OK && (how == FILE_NEW ? link(fresh, path) : rename(fresh, path)) == 0;
    if (rc == ERR_OK && !moved)
        rc = fault(err, "made", path);
    if (how == FILE_NEW || rc < 0)
        (void)unlink(fresh);
    return rc < 0 ? rc : sync_folder_of(path, err);
}

enum errc file_make_folder(const char *path, struct err *err)
{
    char part[PATH_SIZE];
    size_t n = strlen(path);
    if (n >= sizeof part)
        return err_set(err, ERR_LIMIT, "%.80s…: the path is too long", path);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        (void)snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0700) < 0 && errno != EEXIST)
            return fault(err, "made", part);
    }
    return ERR_OK;
}

bool file_exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}
