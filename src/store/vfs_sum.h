/* store/vfs_sum.h — a checksum in every page: a flipped bit is an error at the next read, never an answer.
 *
 * A SQLite VFS over another one. Pages of 4096 bytes end in 8 reserved bytes that hold a checksum of the
 * page and its number; they are written when the log is moved into the database file and compared at every
 * read of it. Pages that still lie in the log are compared with the chained checksums that SQLite keeps
 * there, which it looks at itself only when it recovers. A mismatch is SQLITE_IOERR_DATA → ERR_DAMAGED.
 * So a file that another program has written to is refused as well.
 *
 * The reserved bytes must be asked for when the file is made (SQLITE_FCNTL_RESERVE_BYTES).
 * Not covered: the -shm file, which is memory of the running processes and made anew by the first.
 *
 * Layer    store. Only src/store includes it.
 * Owns     the registered VFS, until vfs_sum_drop (the one over the real disk: until the process ends).
 * Threads  any.
 * Tests    tests/unit/store/test_vfs_sum.c, tests/faults/test_flips.c
 */
#ifndef STORE_VFS_SUM_H
#define STORE_VFS_SUM_H

#include "base/err.h"

enum { VFS_SUM_PAGE_BYTES = 4096, VFS_SUM_RESERVE_BYTES = 8 };

/* The name to open databases with, over the VFS called base (NULL = the system's). */
MUST_USE enum errc vfs_sum_over(const char *base, const char **out_name, struct err *err);
/* Before the VFS called base goes away. */
void vfs_sum_drop(const char *base);

#endif
