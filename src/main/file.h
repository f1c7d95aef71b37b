/* main/file.h — small files that a command writes or reads whole: configuration, client file, certificates.
 *
 * Layer    main.
 * Owns     what is read lives in the caller's arena.
 * Threads  any.
 * Errors   ERR_NOT_FOUND, ERR_CONFLICT (a new file is there already), ERR_PERMISSION, ERR_FULL, ERR_IO,
 *          ERR_LIMIT; each names the path.
 * Tests    tests/unit/main/test_file.c
 */
#ifndef MAIN_FILE_H
#define MAIN_FILE_H

#include "base/str.h"

MUST_USE enum errc file_read(const char *path, size_t size_max_bytes, struct arena *arena, struct str *out,
                             struct err *err);

enum file_mode {
    FILE_NEW,    /* there must be nothing yet */
    FILE_REPLACE /* what is there gives way, at once and whole */
};

/* Synced with its folder; whole or not at all. mode is that of the file system: 0600, 0644. */
MUST_USE enum errc file_write(const char *path, const char *text, enum file_mode how, unsigned mode,
                              struct err *err);

/* A folder and those above it, as far as they are missing; new ones are 0700. */
MUST_USE enum errc file_make_folder(const char *path, struct err *err);

bool file_exists(const char *path);

#endif
