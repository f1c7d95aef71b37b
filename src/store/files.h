/* store/files.h — the few things done to whole files of a data directory.
 *
 * Layer    store. Also for those who keep whole records (main/node_backup.h).   Owns nothing.   Threads any.
 * Errors   ERR_FULL, ERR_IO, ERR_INVALID a path is too long.
 * Tests    tests/unit/store/test_files.c
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "base/err.h"

enum { FILES_PATH_SIZE = 512 };

MUST_USE enum errc files_join(char out[FILES_PATH_SIZE], const char *dir, const char *name, struct err *err);
bool files_exists(const char *path);
/* What stands in a file or folder is on the disk when it returns 0. */
MUST_USE enum errc files_sync(const char *path, struct err *err);
MUST_USE enum errc files_rename(const char *from, const char *to, struct err *err);
/* Copies content, then syncs it. There must be no file of the new name. */
MUST_USE enum errc files_copy(const char *from, const char *to, struct err *err);
/* A folder, 0700; one that is there is fine. */
MUST_USE enum errc files_make_dir(const char *path, struct err *err);
/* A folder with the files and folders in it; that there is none is fine. Links are not followed. */
MUST_USE enum errc files_remove_tree(const char *path, struct err *err);

/* The error of the last system call on that path. */
enum errc files_fail(const char *what, const char *path, struct err *err);

#endif
