#include "store/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPY_BYTES = 256 * 1024, OPEN_DIRS_MAX = 8 };

enum errc files_fail(const char *what, const char *path, struct err *err)
{
    int code = errno;
    return err_set(err, code == ENOSPC || code == EDQUOT ? ERR_FULL : ERR_IO, "%s cannot be %s: %s", path,
                   what, strerror(code));
}

enum errc files_join(char out[FILES_PATH_SIZE], const char *dir, const char *name, struct err *err)
{
    if (snprintf(out, FILES_PATH_SIZE, "%s/%s", dir, name) >= FILES_PATH_SIZE)
        return err_set(err, ERR_INVALID, "the path of the data directory is too long");
    return ERR_OK;
}

bool files_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

enum errc files_sync(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum errc rc = fd < 0 || fsync(fd) < 0 ? files_fail("synced", path, err) : ERR_OK;
    if (fd >= 0)
        (void)close(fd); /* nothing was written through it */
    return rc;
}

enum errc files_rename(const char *from, const char *to, struct err *err)
{
    return rename(from, to) < 0 ? files_fail("renamed", from, err) : ERR_OK;
}

static enum errc copy_bytes(int from, int to, const char *path, struct err *err)
{
    static const size_t CHUNK = COPY_BYTES;
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, CHUNK, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return files_fail("copied", path, err);
        if (n == 0)
            return fsync(to) < 0 ? files_fail("synced", path, err) : ERR_OK;
    }
}

enum errc files_copy(const char *from, const char *to, struct err *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return files_fail("read", from, err);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum errc rc = out < 0 ? files_fail("made", to, err) : copy_bytes(in, out, to, err);
    (void)close(in); /* only read */
    if (out >= 0 && close(out) < 0 && rc == ERR_OK)
        rc = files_fail("closed", to, err);
    return rc;
}

enum errc files_make_dir(const char *path, struct err *err)
{
    return mkdir(path, 0700) < 0 && errno != EEXIST ? files_fail("made", path, err) : ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

enum errc files_remove_tree(const char *path, struct err *err)
{
    if (!files_exists(path))
        return ERR_OK;
    return nftw(path, remove_one, OPEN_DIRS_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0
               ? files_fail("removed", path, err)
               : ERR_OK;
}
