/* store/store_internal.h — what the files of this folder share. Nobody else includes it. */
#ifndef STORE_STORE_INTERNAL_H
#define STORE_STORE_INTERNAL_H

#include "base/merkle.h"
#include "store/db.h"
#include "store/row.h"
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
    bool sealed;                  /* a head for tree.size was saved in this transaction */
};

/* ledger.c: loads the growing edge and compares it with the last signed head. */
MUST_USE enum errc ledger_load(struct store *store, struct err *err);
/* ledger.c: one leaf; the tree's table and store->tree grow. */
MUST_USE enum errc ledger_append(struct store *store, const void *bytes, size_t size_bytes, struct err *err);

#endif
