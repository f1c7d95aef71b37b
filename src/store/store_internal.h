/* store/store_internal.h — what the files of this folder share. Nobody else includes it. */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "base/merkle.h"
#include "store/db.h"
#include "store/row.h"
#include "store/search_queue.h"
#include "store/store.h"

struct store {
    struct db *db;
    struct arena arena; /* identity, dir */
    struct store_identity identity;
    const char *dir;
    const char *vfs;
    int lock_fd;
    struct hasher *hasher;
    struct merkle_tree committed; /* as of the last commit */
    struct merkle_tree tree;      /* with what this transaction appended */
    struct merkle_tree marked;    /* as of store_mark */
    struct search_queue search;   /* what the full-text index is owed */
    bool sealed;                  /* a head for tree.size was saved in this transaction */
};

/* A reader that takes pages whatever their checksums say and compares nothing: for verify.c. */
MUST_USE enum errc store_open_unchecked(const struct store_options *options, struct store **out,
                                        struct err *err);

/* ledger.c: loads the growing edge and compares it with the last signed head. */
MUST_USE enum errc ledger_load(struct store *store, struct err *err);
/* ledger.c: one leaf; the tree's table and store->tree grow. */
MUST_USE enum errc ledger_append(struct store *store, const void *bytes, size_t size_bytes, struct err *err);

struct stored_act;

/* acts.c: a row of ACT_COLUMNS. */
void acts_read_row(const struct store *store, struct db_rows *rows, struct arena *arena,
                   struct stored_act *out);
/* ledger.c: a row of heads. */
MUST_USE enum errc ledger_read_head(const struct store *store, struct db_rows *rows, struct tree_head *out,
                                    struct err *err);

#endif
