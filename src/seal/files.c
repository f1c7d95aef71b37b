#include "seal/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum errc io_error(struct err *err, const char *what, const char *path)
{
    enum errc code = ERR_IO;
    if (errno == ENOENT)
        code = ERR_NOT_FOUND;
    else if (errno == EEXIST)
        code = ERR_CONFLICT;
    else if (errno == EACCES || errno == EPERM)
        code = ERR_PERMISSION;
    else if (errno == ENOSPC || errno == EDQUOT)
        code = ERR_FULL;
    return err_set(err, code, "cannot %s %s: %s", what, path, strerror(errno));
}

enum errc files_path(const char *folder, const char *name, char out[FILES_PATH_SIZE], struct err *err)
{
    int n = snprintf(out, FILES_PATH_SIZE, "%s/%s", folder, name);
    if (n < 0 || n >= FILES_PATH_SIZE)
        return err_set(err, ERR_LIMIT, "the path of the seal's folder is too long");
    return ERR_OK;
}

static enum errc read_all(int fd, const char *path, char *out, size_t size_bytes, struct err *err)
{
    size_t have = 0;
    for (;;) {
        ssize_t n = read(fd, out + have, size_bytes - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(err, "read", path);
        if (n == 0)
            break;
        have += (size_t)n;
        if (have == size_bytes)
            return err_set(err, ERR_LIMIT, "%s is longer than %zu bytes", path, size_bytes - 1);
    }
    out[have] = '\0';
    if (strlen(out) != have)
        return err_set(err, ERR_SYNTAX, "%s is not a text", path);
    return ERR_OK;
}

enum errc files_read(const char *folder, const char *name, char *out, size_t size_bytes, struct err *err)
{
    char path[FILES_PATH_SIZE];
    struct stat info;
    enum errc rc = files_path(folder, name, path, err);
    if (rc < 0)
        return rc;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return io_error(err, "open", path);
    if (fstat(fd, &info) < 0)
        rc = io_error(err, "look at", path);
    else if (!S_ISREG(info.st_mode) || (info.st_mode & 077) != 0)
        rc = err_set(err, ERR_PERMISSION, "%s must be a file that only its owner can use (chmod 600)", path);
    else
        rc = read_all(fd, path, out, size_bytes, err);
    (void)close(fd);
    return rc;
}

static enum errc write_all(int fd, const char *path, const char *text, struct err *err)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n < 0 && errno != EINTR)
            return io_error(err, "write", path);
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return fsync(fd) < 0 ? io_error(err, "sync", path) : ERR_OK;
}

static enum errc sync_folder(const char *folder, struct err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error(err, "open", folder);
    enum errc rc = fsync(fd) < 0 ? io_error(err, "sync", folder) : ERR_OK;
    (void)close(fd);
    return rc;
}

enum errc files_write(const char *folder, const char *name, const char *text, struct err *err)
{
    char path[FILES_PATH_SIZE];
    char fresh[FILES_PATH_SIZE];
    enum errc rc = files_path(folder, name, path, err);
    if (rc < 0)
        return rc;
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return err_set(err, ERR_LIMIT, "the path of the seal's folder is too long");
    (void)unlink(fresh); /* left by a program that was cut off */
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return io_error(err, "make", fresh);
    rc = write_all(fd, fresh, text, err);
    (void)close(fd);
    /* link, unlike rename, never replaces a key that is there. */
    if (rc == ERR_OK && link(fresh, path) < 0)
        rc = io_error(err, "make", path);
    (void)unlink(fresh);
    return rc < 0 ? rc : sync_folder(folder, err);
}

enum errc files_read_key(const char *folder, const char *name, const char *passphrase, struct sign_key **out,
                         struct err *err)
{
    char pem[SIGN_PEM_SIZE];
    enum errc rc = files_read(folder, name, pem, sizeof pem, err);
    if (rc == ERR_OK)
        rc = sign_key_read_private(pem, passphrase, out, err);
    explicit_bzero(pem, sizeof pem);
    return rc;
}

enum errc files_write_key(const char *folder, const char *name, const char *passphrase,
                          const struct sign_key *key, struct err *err)
{
    char pem[SIGN_PEM_SIZE];
    enum errc rc = sign_key_write_private(key, passphrase, pem, err);
    if (rc == ERR_OK)
        rc = files_write(folder, name, pem, err);
    explicit_bzero(pem, sizeof pem);
    return rc;
}

enum errc files_make_folder(const char *folder, struct err *err)
{
    struct stat info;
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return io_error(err, "make", folder);
    if (stat(folder, &info) < 0)
        return io_error(err, "look at", folder);
    if (!S_ISDIR(info.st_mode) || (info.st_mode & 077) != 0)
        return err_set(err, ERR_PERMISSION, "%s must be a folder that only its owner can use (chmod 700)",
                       folder);
    return ERR_OK;
}
