#include "store/ledger.h"

#include "store/acts.h"
#include "store/ledger_number.h"
#include "store/store_internal.h"

#include <string.h>

static enum errc get_hash(void *context, unsigned level, uint64_t index, uint8_t out[HASH_SIZE],
                          struct err *err)
{
    struct store *store = context;
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, SQL(TREE_GET), DB_VALUES(db_of_int(ledger_number(level, index))),
                             &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_DAMAGED, "the ledger lacks a hash (level %u, number %llu)", level,
                       (unsigned long long)index);
    if (rc < 0)
        return rc;
    rc = row_hash(rows, 0, out, err);
    db_finish(rows);
    return rc;
}

static enum errc put_hash(void *context, unsigned level, uint64_t index, const uint8_t hash[HASH_SIZE],
                          struct err *err)
{
    struct store *store = context;
    return db_run(store->db, SQL(TREE_PUT),
                  DB_VALUES(db_of_int(ledger_number(level, index)), db_of_blob(hash, HASH_SIZE)), NULL, err);
}

static struct merkle_hashes hashes_of(struct store *store)
{
    return (struct merkle_hashes){store, get_hash, put_hash};
}

enum errc ledger_append(struct store *store, const void *bytes, size_t size_bytes, struct err *err)
{
    struct merkle_hashes hashes = hashes_of(store);
    uint8_t leaf[HASH_SIZE];
    enum errc rc = merkle_leaf(store->hasher, bytes, size_bytes, leaf, err);
    if (rc == ERR_OK)
        rc = merkle_append(&store->tree, store->hasher, leaf, &hashes, err);
    if (rc == ERR_OK)
        store->sealed = false;
    return rc;
}

uint64_t ledger_size(const struct store *store)
{
    return store->tree.size;
}

static enum errc root_of(struct store *store, const struct merkle_tree *tree, struct merkle_claim *out,
                         struct err *err)
{
    struct merkle_claim claim = {.size = tree->size};
    enum errc rc = merkle_root(tree, store->hasher, claim.root, err);
    if (rc == ERR_OK)
        *out = claim;
    return rc;
}

enum errc ledger_root(struct store *store, struct merkle_claim *out, struct err *err)
{
    return root_of(store, &store->tree, out, err);
}

enum errc ledger_root_at(struct store *store, uint64_t size, struct merkle_claim *out, struct err *err)
{
    struct merkle_hashes hashes = hashes_of(store);
    struct merkle_tree tree = {0};
    if (size > store->tree.size)
        return err_set(err, ERR_NOT_FOUND, "the ledger has %llu acts, not %llu",
                       (unsigned long long)store->tree.size, (unsigned long long)size);
    enum errc rc = merkle_load(&tree, size, &hashes, err);
    return rc == ERR_OK ? root_of(store, &tree, out, err) : rc;
}

static enum errc copy_name(char out[PROOF_NAME_MAX + 1], const char *name, struct err *err)
{
    size_t size = strlen(name);
    if (size > PROOF_NAME_MAX)
        return err_set(err, ERR_DAMAGED, "the stored name \"%.80s\" is too long", name);
    memcpy(out, name, size + 1);
    return ERR_OK;
}

/* Columns size, root, time_ms, signature of an own head. */
enum errc ledger_read_head(const struct store *store, struct db_rows *rows, struct tree_head *out,
                           struct err *err)
{
    struct tree_head head = {.suite = store->identity.suite};
    head.tree.size = (uint64_t)db_int(rows, 0);
    head.time_ms = db_int(rows, 2);
    enum errc rc = copy_name(head.node, store->identity.node, err);
    if (rc == ERR_OK)
        rc = copy_name(head.universe, store->identity.universe, err);
    if (rc == ERR_OK)
        rc = row_hash(rows, 1, head.tree.root, err);
    if (rc == ERR_OK)
        rc = row_signature(rows, 3, &head.sig, err);
    if (rc >= 0)
        *out = head;
    return rc;
}

static enum errc one_head(struct store *store, const struct db_sql *sql, const struct db_value *values,
                          size_t count, struct tree_head *out, struct err *err)
{
    struct db_rows *rows = NULL;
    enum errc rc = row_first(store->db, sql, values, count, &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no such signed tree head");
    if (rc < 0)
        return rc;
    rc = ledger_read_head(store, rows, out, err);
    db_finish(rows);
    return rc;
}

enum errc ledger_last_head(struct store *store, struct tree_head *out, struct err *err)
{
    return one_head(store, SQL(HEAD_LAST), NULL, 0, out, err);
}

enum errc ledger_head_at(struct store *store, uint64_t size, struct tree_head *out, struct err *err)
{
    return one_head(store, SQL(HEAD_AT), DB_VALUES(db_of_int((int64_t)size)), out, err);
}

/* The committed tree, read anew from the table, must be the one that the last head signed. */
static enum errc check_continues(struct store *store, struct err *err)
{
    struct merkle_claim claim = {0};
    struct tree_head head;
    enum errc rc = ledger_last_head(store, &head, err);
    if (rc == ERR_NOT_FOUND && store->committed.size == 0)
        return ERR_OK;
    if (rc == ERR_NOT_FOUND)
        return err_set(err, ERR_DAMAGED, "%llu acts are recorded and no head is signed",
                       (unsigned long long)store->committed.size);
    if (rc < 0)
        return rc;
    rc = ledger_root_at(store, store->committed.size, &claim, err);
    if (rc < 0)
        return rc;
    if (head.tree.size != claim.size || memcmp(head.tree.root, claim.root, HASH_SIZE) != 0)
        return err_set(err, ERR_DAMAGED,
                       "the ledger of %llu acts is not the one signed last (%llu acts); run 'fengsui verify'",
                       (unsigned long long)claim.size, (unsigned long long)head.tree.size);
    return ERR_OK;
}

enum errc ledger_load(struct store *store, struct err *err)
{
    struct merkle_hashes hashes = hashes_of(store);
    int64_t count = 0;
    enum errc rc = db_number(store->db, SQL(ACT_COUNT), NULL, 0, &count, err);
    if (rc == ERR_OK)
        rc = merkle_load(&store->committed, (uint64_t)count, &hashes, err);
    store->tree = store->committed;
    return rc == ERR_OK ? check_continues(store, err) : rc;
}

/* What will be on disk, not what was handed in: each act of the transaction is read back and hashed. */
static enum errc check_batch(struct store *store, struct err *err)
{
    struct merkle_tree again = store->committed;
    struct db_rows *rows = NULL;
    bool more = false;
    enum errc rc = db_query(store->db, SQL(ACT_BYTES_FROM), DB_VALUES(db_of_int((int64_t)again.size)), &rows,
                            err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        struct db_value bytes = db_column(rows, 2);
        uint8_t leaf[HASH_SIZE];
        rc = merkle_leaf(store->hasher, bytes.bytes, bytes.size_bytes, leaf, err);
        if (rc == ERR_OK)
            rc = merkle_append(&again, store->hasher, leaf, NULL, err);
        if (rc == ERR_OK)
            rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc < 0)
        return rc;
    struct merkle_claim want, got;
    rc = root_of(store, &store->tree, &want, err);
    if (rc == ERR_OK)
        rc = root_of(store, &again, &got, err);
    if (rc == ERR_OK && (want.size != got.size || memcmp(want.root, got.root, HASH_SIZE) != 0))
        rc = err_set(err, ERR_DAMAGED, "acts read back from the store are not those that were recorded");
    return rc;
}

enum errc ledger_prepare_head(struct store *store, int64_t time_ms, struct tree_head *out, struct err *err)
{
    struct tree_head head = {.suite = store->identity.suite, .time_ms = time_ms};
    enum errc rc = check_continues(store, err);
    if (rc == ERR_OK)
        rc = check_batch(store, err);
    if (rc == ERR_OK)
        rc = copy_name(head.node, store->identity.node, err);
    if (rc == ERR_OK)
        rc = copy_name(head.universe, store->identity.universe, err);
    if (rc == ERR_OK)
        rc = ledger_root(store, &head.tree, err);
    if (rc == ERR_OK)
        *out = head;
    return rc;
}

enum errc ledger_save_head(struct store *store, const struct tree_head *head, struct err *err)
{
    struct merkle_claim now = {0};
    enum errc rc = ledger_root(store, &now, err);
    if (rc < 0)
        return rc;
    if (now.size != head->tree.size || memcmp(now.root, head->tree.root, HASH_SIZE) != 0)
        return err_set(err, ERR_INTERNAL, "this head is not of the tree as it is now");
    rc = db_run(store->db, SQL(HEAD_INSERT),
                DB_VALUES(db_of_int((int64_t)head->tree.size), db_of_blob(head->tree.root, HASH_SIZE),
                          db_of_int(head->time_ms), db_of_blob(head->sig.bytes, head->sig.size_bytes)),
                NULL, err);
    if (rc == ERR_CONFLICT)
        return err_set(err, rc, "a head of %llu acts is signed already", (unsigned long long)head->tree.size);
    if (rc == ERR_OK)
        store->sealed = true;
    return rc;
}

enum errc ledger_prove_act(struct store *store, int64_t pos, enum ledger_cover cover, struct act_proof *out,
                           struct err *err)
{
    struct merkle_hashes hashes = hashes_of(store);
    struct act_proof proof = {.pos = (uint64_t)pos};
    enum errc rc = cover == LEDGER_NEWEST
                       ? ledger_last_head(store, &proof.head, err)
                       : one_head(store, SQL(HEAD_COVERING), DB_VALUES(db_of_int(pos + 1)), &proof.head, err);
    if (rc == ERR_OK)
        rc = merkle_inclusion(store->hasher, proof.pos, proof.head.tree.size, &hashes, &proof.path, err);
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}

enum errc ledger_prove_growth(struct store *store, uint64_t from, uint64_t to, struct growth_proof *out,
                              struct err *err)
{
    struct merkle_hashes hashes = hashes_of(store);
    struct growth_proof proof = {.from = from, .to = to};
    if (to > store->tree.size)
        return err_set(err, ERR_NOT_FOUND, "the ledger has %llu acts, not %llu",
                       (unsigned long long)store->tree.size, (unsigned long long)to);
    enum errc rc = merkle_consistency(store->hasher, from, to, &hashes, &proof.path, err);
    if (rc == ERR_OK)
        *out = proof;
    return rc;
}
