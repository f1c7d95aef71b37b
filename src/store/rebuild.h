/* store/rebuild.h — projections made again from the acts, and compared with those that are there.
 *
 *     rebuild_begin ─► rebuild_run ─► rebuild_compare ─► rebuild_end (drop, or put in place)
 *                        │ for every act, in order:
 *                        └─ copied into a fresh record, then fold(fresh, act) by the caller
 *
 * The fresh record lies in `rebuild/` beside the old one and is a record of its own: its ledger grows anew
 * and must reach every signed root on the way. What is no projection is copied as it is. Putting in place is
 * one rename; until then the old record is untouched, so a rebuild can be broken off at any moment. Pages of
 * projections that cannot be read any more do not hinder it.
 *
 * Layer    store.
 * Owns     rebuild_begin gives an object freed by rebuild_end; the old record is held exclusively meanwhile.
 * Threads  one rebuild, one thread.
 * Errors   ERR_BUSY the node is running; ERR_DAMAGED the acts are not those that were signed; ERR_UNSUPPORTED
 *          putting in place on a disk in memory.
 * Tests    tests/unit/store/test_rebuild.c
 */
#ifndef STORE_REBUILD_H
#define STORE_REBUILD_H

#include "store/acts.h"

struct rebuild;

MUST_USE enum errc rebuild_begin(const struct store_options *options, struct rebuild **out, struct err *err);

/* The fresh record: what fold writes into, and what it must read from. */
struct store *rebuild_store(struct rebuild *rebuild);

/* What an act changes, as when it was recorded. A transaction is open. */
typedef enum errc (*rebuild_fold_fn)(void *context, struct store *fresh, const struct stored_act *stored,
                                     struct err *err);
MUST_USE enum errc rebuild_run(struct rebuild *rebuild, rebuild_fold_fn fold, void *context, struct err *err);

struct rebuild_report {
    int64_t acts;
    bool identical;            /* the projections are row for row what they were */
    bool readable;             /* the old ones could be read at all; else `before` says nothing */
    uint8_t before[HASH_SIZE]; /* store_digest of the projections */
    uint8_t after[HASH_SIZE];
};

/* After rebuild_run. */
MUST_USE enum errc rebuild_compare(struct rebuild *rebuild, struct rebuild_report *out, struct err *err);

enum rebuild_end { REBUILD_DROP, REBUILD_PUT_IN_PLACE };
/* Frees it, also when it fails. Takes NULL with REBUILD_DROP. */
MUST_USE enum errc rebuild_end(struct rebuild *rebuild, enum rebuild_end what, struct err *err);

#endif
