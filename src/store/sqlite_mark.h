/* store/sqlite_mark.h — how many commits were acknowledged, kept beside the database file.
 *
 * A flipped bit in the log looks to SQLite like the end of a log cut off by a power failure: at the next
 * start it drops that transaction and all behind it without a word. The database counts its commits; this
 * file holds the count of the last one acknowledged. When the database knows fewer, something was lost or
 * an older file was put in its place.
 *
 * The file is written after the commit is durable and never synced itself, so it can only fall behind: a
 * power cut together with a flipped bit in what was logged just before it stays unnoticed here. (Peers that
 * have seen the head notice.)
 * Two slots, written in turn, each with a checksum: damage to one leaves the other, one commit older.
 *
 * Layer    store. Only db_sqlite.c includes it.
 * Owns     the open file, until sqlite_mark_close.
 * Threads  the writer's.
 * Errors   ERR_IO, ERR_FULL, ERR_NOMEM.
 * Tests    tests/unit/store/test_sqlite_mark.c, tests/faults/test_flips.c
 */
#ifndef STORE_SQLITE_MARK_H
#define STORE_SQLITE_MARK_H

#include "base/err.h"

struct sqlite_mark;

/* The mark of the database at that path, on that VFS. A reader gets NULL when there is none. */
enum sqlite_mark_use { SQLITE_MARK_READ, SQLITE_MARK_WRITE };
MUST_USE enum errc sqlite_mark_open(const char *vfs, const char *db_path, enum sqlite_mark_use use,
                                    struct sqlite_mark **out, struct err *err);
void sqlite_mark_close(struct sqlite_mark *mark);

/* 0 when there is none yet, or mark is NULL. */
MUST_USE enum errc sqlite_mark_read(struct sqlite_mark *mark, int64_t *out, struct err *err);
MUST_USE enum errc sqlite_mark_write(struct sqlite_mark *mark, int64_t commits, struct err *err);

#endif
