#include "store/digest.h"

#include "store/store_internal.h"

#include <string.h>

/* Whole rows in the order of their keys. A table that is missing here is missing in every comparison:
 * tests/unit/store/test_digest.c compares with the schema. */
static const struct {
    unsigned scope;
    enum sql_id rows;
} TABLES[] = {
    {DIGEST_RECORD, SQL_ROWS_ACTS},
    {DIGEST_RECORD, SQL_ROWS_TREE},
    {DIGEST_RECORD, SQL_ROWS_HEADS},
    {DIGEST_RECORD, SQL_ROWS_WITNESSES},
    {DIGEST_RECORD, SQL_ROWS_PEER_HEADS},
    {DIGEST_PROJECTIONS, SQL_ROWS_SUBJECTS},
    {DIGEST_PROJECTIONS, SQL_ROWS_SUBJECT_DOCS},
    {DIGEST_PROJECTIONS, SQL_ROWS_SEARCH},
    {DIGEST_PROJECTIONS, SQL_ROWS_DUTIES},
    {DIGEST_PROJECTIONS, SQL_ROWS_RECEIPTS},
    {DIGEST_PROJECTIONS, SQL_ROWS_NODES},
    {DIGEST_WORKING, SQL_ROWS_META},
    {DIGEST_WORKING, SQL_ROWS_OUTBOX},
    {DIGEST_WORKING, SQL_ROWS_INBOX},
    {DIGEST_WORKING, SQL_ROWS_WAITING},
    {DIGEST_WORKING, SQL_ROWS_PEERS},
    {DIGEST_WORKING, SQL_ROWS_ENROL_CODES},
    {DIGEST_WORKING, SQL_ROWS_BLOBS},
    {DIGEST_WORKING, SQL_ROWS_TOKENS},
    {DIGEST_WORKING, SQL_ROWS_ACCOUNTS},
    {DIGEST_WORKING, SQL_ROWS_ACCESS_CODES},
    {DIGEST_WORKING, SQL_ROWS_ATTEMPTS},
    {DIGEST_WORKING, SQL_ROWS_SESSIONS},
    {DIGEST_WORKING, SQL_ROWS_IDEMPOTENCY},
};

/* Type and size go before the value, so that no two rows have the same bytes. */
static void add_value(struct hasher *hasher, const struct db_value *value)
{
    struct {
        int64_t type, number, size_bytes;
    } head = {value->type, value->number, (int64_t)value->size_bytes};
    hash_add(hasher, &head, sizeof head);
    hash_add(hasher, value->bytes, value->size_bytes);
}

/* No column holds NULL: the first one is behind the last column. */
static enum errc add_table(struct store *store, struct hasher *hasher, size_t at, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    hash_add(hasher, &at, sizeof at);
    enum errc rc = db_query(store->db, &SQL_TABLE[TABLES[at].rows], NULL, 0, &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        struct db_value value = db_column(rows, 0);
        for (int i = 0; value.type != DB_NULL; value = db_column(rows, ++i))
            add_value(hasher, &value);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    return rc;
}

enum errc store_digest(struct store *store, unsigned scope, uint8_t out[HASH_SIZE], struct err *err)
{
    struct hasher *hasher = NULL;
    enum errc rc = hasher_new(store->identity.suite, &hasher, err);
    if (rc < 0)
        return rc;
    hash_begin(hasher);
    for (size_t i = 0; rc == ERR_OK && i < sizeof TABLES / sizeof TABLES[0]; i++)
        if (scope & TABLES[i].scope)
            rc = add_table(store, hasher, i, err);
    if (rc == ERR_OK)
        rc = hash_end(hasher, out, err);
    hasher_free(hasher);
    return rc;
}
