/* main/folder.h — a folder on disk as a set of files in memory, in the place of one built into the binary.
 *
 * Layer    main.
 * Owns     everything lies in the caller's arena.
 * Threads  any; the folder should not change meanwhile.
 * Errors   ERR_NOT_FOUND, ERR_IO, ERR_LIMIT (FOLDER_FILES_MAX, size_max_bytes in all), ERR_NOMEM; each
 *          names the path.
 * Tests    tests/unit/main/test_folder.c
 */
#ifndef MAIN_FOLDER_H
#define MAIN_FOLDER_H

#include "base/arena.h"
#include "base/embed.h"

enum { FOLDER_FILES_MAX = 1024, FOLDER_DEPTH_MAX = 8 };

/* Every regular file below the folder whose name ends so (".yaml"; "" = all); names that begin with a dot
 * are left out. Paths are relative to the folder and sorted, as embed_find needs them. */
MUST_USE enum errc folder_read(const char *folder, const char *ending, size_t size_max_bytes,
                               struct arena *arena, struct embed_set *out, struct err *err);

#endif
