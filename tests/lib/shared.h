/* lib/shared.h — data that is not part of the repository: where it is, and how it is unpacked.
 *
 * The folder is named by FENGSUI_SHARED, else it is ../shared beside the repository (tests run in its root).
 * A test that needs it and does not find it skips by name, saying so.
 */
#ifndef LIB_SHARED_H
#define LIB_SHARED_H

#include <stdbool.h>
#include <stddef.h>

enum { SHARED_PATH_SIZE = 512 };

/* The path of a file of the folder. False when it is not there; the reason is then printed. */
bool shared_find(const char *name, char out[SHARED_PATH_SIZE]);

/* Unpacks an archive into a new folder under $TMPDIR, whose path goes to out; shared_remove takes it away. */
bool shared_unpack(const char *archive, char out[SHARED_PATH_SIZE]);
void shared_remove(const char *folder);

/* A new empty folder under $TMPDIR, for shared_remove too. */
bool shared_folder(char out[SHARED_PATH_SIZE]);

/* All bytes of a file, NUL-terminated, to be freed; NULL when it cannot be read. */
char *shared_read(const char *path, size_t *size_bytes);

#endif
