/* lib/record.h — a store with its signer for tests: a fresh folder, acts with real bytes, signed commits.
 *
 * Every call asserts that it worked; ids, times and texts are the same in every run.
 */
#ifndef LIB_RECORD_H
#define LIB_RECORD_H

#include "store/acts.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/subjects.h"

enum { RECORD_PATH_SIZE = 256, RECORD_ID_SIZE = 40 };

/* A matter's id, where acts are read back strictly. */
#define RECORD_MATTER "0190b9a8-7c3e-7000-9000-00000000000a"

struct record {
    char dir[RECORD_PATH_SIZE];
    struct store_options options;
    struct store_identity identity;
    struct store *store;
    struct sign_key *key;
    struct arena arena; /* reset by record_commit */
    struct err err;
    int64_t now_ms;
    uint64_t made; /* ids given out */
};

/* Makes a folder under $TMPDIR and opens a new store in it; node "demo-telecom-zj", universe "real". */
void record_open(struct record *record, enum suite suite);
/* The same on a disk in memory (vfs_mem.h), whose name is given. */
void record_open_on(struct record *record, enum suite suite, const char *vfs);
/* Closes it and takes the folder away. */
void record_done(struct record *record);
/* Closes and opens the store. */
void record_reopen(struct record *record);

/* A new id, in the order of making. */
void record_id(struct record *record, char out[RECORD_ID_SIZE]);

/* Writes and appends an own act about a matter; its text goes into the body. pos and id are in the answer,
 * which lives until the next record_commit. */
struct stored_act record_act(struct record *record, const char *kind, const char *matter, const char *text);

/* Signs what was appended, if anything was, and commits; record_begin before it. */
void record_begin(struct record *record);
void record_commit(struct record *record);
/* Prepares, signs and saves a head; the answer of the first step that failed. */
MUST_USE enum errc record_sign(struct record *record, struct err *err);

/* begin, act, commit. */
void record_one(struct record *record, const char *kind, const char *matter, const char *text);

/* A matter of that type, state "reported", owned by this node, with a document {"text": …} of its own. */
struct subject record_matter(struct record *record, const char *type, const char *title, const char *text);

/* Removes a folder and everything in it. */
void record_remove(const char *dir);

#endif
