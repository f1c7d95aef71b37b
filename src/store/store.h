/* store/store.h — one universe's record of one node: open, transactions, and the state after a fault.
 *
 * A data directory holds `store.db`, its log, a lock and `blobs/`. Exactly one writer may have it open, on
 * the whole machine; readers of the same process open it beside the writer. What each table holds is in
 * acts.h, ledger.h, subjects.h, duties.h, outbox.h, inbox.h, nodes.h, tokens.h, blobs.h and meta.h.
 *
 *     store_begin ─► acts_append … subjects_save … outbox_push ─► ledger_prepare_head ─► (signer)
 *                 ─► ledger_save_head ─► store_commit          any error ─► store_rollback
 *
 * Layer    store.
 * Owns     store_open gives an object freed by store_close. What loads return lives in the caller's arena.
 * Threads  one store object, one thread at a time: the writer has one, each reader thread its own.
 * Errors   ERR_BUSY another process has the directory open; ERR_FULL the disk is full and nothing was
 *          recorded; ERR_IO and ERR_DAMAGED on a writer are final: from then on nothing is accepted and
 *          nothing acknowledged (store_failed), until the program is started again; ERR_NOT_FOUND.
 * Tests    tests/unit/store/test_store.c, tests/contract, tests/faults, tests/power
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/hash.h"

struct store;

/* How hard a commit is pushed to the disk. Everything but FULL loses acknowledged acts at a power cut: the
 * other two are the control arms of the power-cut harness and of nothing else. */
enum store_sync { STORE_SYNC_FULL, STORE_SYNC_NORMAL, STORE_SYNC_OFF };

struct store_options {
    const char *dir; /* made by store_create when it is not there */
    const char *vfs; /* name of a SQLite VFS standing in for the disk (vfs_mem.h); NULL = the real one */
    bool read_only;
    enum store_sync sync;
    int cache_kib; /* 0 = 16 MiB for the writer, 8 MiB for a reader */
};

/* Whose record it is. Fixed when the store is created. */
struct store_identity {
    const char *node;
    const char *universe; /* "real" or the id of a drill */
    enum suite suite;     /* of its ledger */
};

/* ERR_CONFLICT when there is a store already. */
MUST_USE enum errc store_create(const struct store_options *options, const struct store_identity *identity,
                                struct err *err);
/* Brings the schema up to date (writer), then checks that the ledger ends as its last signed head says. */
MUST_USE enum errc store_open(const struct store_options *options, struct store **out, struct err *err);
void store_close(struct store *store); /* takes NULL; rolls back what is open */

const struct store_identity *store_identity(const struct store *store);
const char *store_dir(const struct store *store);

/* On a writer a transaction that writes; on a reader one unchanging view until commit or rollback.
 * Nothing is changed outside a transaction; reads outside one see each the latest state. */
MUST_USE enum errc store_begin(struct store *store, struct err *err);
/* Durable when it returns 0. Refuses acts that no saved head covers. */
MUST_USE enum errc store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/* Within a transaction: what follows the mark is kept, or undone alone. One mark at a time. */
MUST_USE enum errc store_mark(struct store *store, struct err *err);
MUST_USE enum errc store_keep(struct store *store, struct err *err);
MUST_USE enum errc store_undo(struct store *store, struct err *err);

/* True after a fault that ended writing; why, when given, gets the story. */
bool store_failed(const struct store *store, struct err *why);

/* Moves the log into the database file and refreshes the planner's figures: for quiet hours and shutdown. */
MUST_USE enum errc store_tidy(struct store *store, struct err *err);

#endif
