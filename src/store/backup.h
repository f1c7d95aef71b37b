/* store/backup.h — a copy of a record while it is in use, and a record made from a copy.
 *
 * A backup is a folder like a data directory: `store.db`, whole and without a log, and `blobs/`. It holds one
 * consistent moment and is verified before backup_make answers. Keys are not in it: they are the signer's.
 *
 * Restoring sets the record back to that moment. Peers that have seen later heads notice, and must: what
 * was recorded in between is gone here.
 *
 * Layer    store.   Owns nothing.
 * Threads  backup_make: a reader's; the writer goes on meanwhile. backup_restore: the node must not run.
 * Errors   ERR_CONFLICT the target is there already; ERR_DAMAGED the copy or the record does not hold, and
 *          what was made is taken away again; ERR_FULL; ERR_UNSUPPORTED on a disk in memory.
 * Tests    tests/unit/store/test_backup.c
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/verify.h"

/* reader: a store opened read_only. dir must not exist. check_head as in verify.h, may be NULL. */
MUST_USE enum errc backup_make(struct store *reader, const char *dir, verify_head_fn check_head,
                               void *context, struct verify_report *out, struct err *err);

/* Verifies the backup, then copies it to dir, which must not hold a store. */
MUST_USE enum errc backup_restore(const char *backup_dir, const char *dir, verify_head_fn check_head,
                                  void *context, struct verify_report *out, struct err *err);

#endif
