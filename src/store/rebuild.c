#include "store/rebuild.h"

#include "store/digest.h"
#include "store/files.h"
#include "store/ledger.h"
#include "store/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { COMMIT_EVERY_ACTS = 2000, ACT_ARENA_BYTES = 8 << 20 };

struct rebuild {
    struct store *old;
    struct store *fresh;
    char old_path[FILES_PATH_SIZE]; /* of the old record's database */
    char fresh_dir[FILES_PATH_SIZE];
    char fresh_path[FILES_PATH_SIZE];
    int64_t acts;
};

/* ---- beginning ------------------------------------------------------------------------------------- */

static enum errc open_fresh(struct rebuild *rebuild, const struct store_options *options, struct err *err)
{
    struct store_options fresh = *options;
    fresh.dir = rebuild->fresh_dir;
    fresh.sync = STORE_SYNC_OFF; /* it is synced whole before it is put in place */
    enum errc rc = store_create(&fresh, store_identity(rebuild->old), err);
    return rc == ERR_OK ? store_open(&fresh, &rebuild->fresh, err) : rc;
}

/* Cards that no act of this record proves: the node's own first one and its anchors. */
static enum errc copy_anchors(struct rebuild *rebuild, struct err *err)
{
    struct db *db = rebuild->fresh->db;
    enum errc rc = db->driver->admin(db, DB_ADMIN_ATTACH, rebuild->old_path, err);
    if (rc == ERR_OK)
        rc = store_begin(rebuild->fresh, err);
    if (rc == ERR_OK)
        rc = db_run(db, SQL(COPY_ANCHORS), NULL, 0, NULL, err);
    if (rc == ERR_OK)
        rc = db_run(db, SQL(COPY_TRUST), NULL, 0, NULL, err);
    if (rc == ERR_OK)
        rc = store_commit(rebuild->fresh, err);
    store_rollback(rebuild->fresh);
    return rc;
}

/* Closes both; the fresh record stays where it is. */
static void drop(struct rebuild *rebuild)
{
    store_close(rebuild->fresh);
    store_close(rebuild->old);
    free(rebuild);
}

enum errc rebuild_begin(const struct store_options *options, struct rebuild **out, struct err *err)
{
    struct rebuild *rebuild = calloc(1, sizeof *rebuild);
    if (!rebuild)
        return err_set(err, ERR_NOMEM, "out of memory");
    struct store_options writer = *options;
    writer.read_only = false;
    enum errc rc = files_join(rebuild->old_path, options->dir, "store.db", err);
    if (rc == ERR_OK)
        rc = files_join(rebuild->fresh_dir, options->dir, "rebuild", err);
    if (rc == ERR_OK)
        rc = files_join(rebuild->fresh_path, rebuild->fresh_dir, "store.db", err);
    if (rc == ERR_OK)
        rc = store_open(&writer, &rebuild->old, err);
    if (rc == ERR_OK && !options->vfs)
        rc = files_remove_tree(rebuild->fresh_dir, err); /* of a rebuild that was broken off */
    if (rc == ERR_OK)
        rc = open_fresh(rebuild, options, err);
    if (rc == ERR_OK)
        rc = copy_anchors(rebuild, err);
    if (rc < 0)
        drop(rebuild);
    else
        *out = rebuild;
    return rc;
}

struct store *rebuild_store(struct rebuild *rebuild)
{
    return rebuild->fresh;
}

/* ---- running --------------------------------------------------------------------------------------- */

static enum errc take_act(struct rebuild *rebuild, rebuild_fold_fn fold, void *context, struct err *err)
{
    struct arena arena;
    struct stored_act stored;
    arena_init(&arena, ACT_ARENA_BYTES);
    int64_t pos = acts_count(rebuild->fresh);
    enum errc rc = acts_at(rebuild->old, pos, &arena, &stored, err);
    if (rc == ERR_NOT_FOUND)
        rc = err_set(err, ERR_DAMAGED, "act number %lld is missing from the record", (long long)pos);
    if (rc == ERR_OK)
        rc = acts_append(rebuild->fresh, &stored, err);
    if (rc == ERR_OK)
        rc = fold(context, rebuild->fresh, &stored, err);
    arena_done(&arena);
    return rc;
}

/* The acts that this head signed, and the head itself, if the fresh ledger has come to the same root. */
static enum errc take_batch(struct rebuild *rebuild, const struct tree_head *head, rebuild_fold_fn fold,
                            void *context, struct err *err)
{
    struct merkle_claim now;
    enum errc rc = ERR_OK;
    while (rc == ERR_OK && ledger_size(rebuild->fresh) < head->tree.size)
        rc = take_act(rebuild, fold, context, err);
    if (rc == ERR_OK)
        rc = ledger_root(rebuild->fresh, &now, err);
    if (rc == ERR_OK && (now.size != head->tree.size || memcmp(now.root, head->tree.root, HASH_SIZE) != 0))
        rc = err_set(err, ERR_DAMAGED,
                     "the acts up to number %llu are not those that were signed; 'fengsui verify' names them",
                     (unsigned long long)head->tree.size);
    return rc == ERR_OK ? ledger_save_head(rebuild->fresh, head, err) : rc;
}

static enum errc copy_rest(struct rebuild *rebuild, struct err *err)
{
    static const enum sql_id COPIES[] = {
        SQL_COPY_WITNESSES, SQL_COPY_PEER_HEADS, SQL_COPY_META,        SQL_COPY_OUTBOX,
        SQL_COPY_INBOX,     SQL_COPY_WAITING,    SQL_COPY_PEERS,       SQL_COPY_ENROL_CODES,
        SQL_COPY_BLOBS,     SQL_COPY_TOKENS,     SQL_COPY_ACCOUNTS,    SQL_COPY_ACCESS_CODES,
        SQL_COPY_ATTEMPTS,  SQL_COPY_SESSIONS,   SQL_COPY_IDEMPOTENCY, SQL_COPY_COMMITS,
    };
    enum errc rc = store_begin(rebuild->fresh, err);
    for (size_t i = 0; rc == ERR_OK && i < sizeof COPIES / sizeof COPIES[0]; i++)
        rc = db_run(rebuild->fresh->db, &SQL_TABLE[COPIES[i]], NULL, 0, NULL, err);
    if (rc == ERR_OK)
        rc = store_commit(rebuild->fresh, err);
    store_rollback(rebuild->fresh);
    return rc;
}

enum errc rebuild_run(struct rebuild *rebuild, rebuild_fold_fn fold, void *context, struct err *err)
{
    struct db_rows *heads = NULL;
    bool more = false;
    int64_t committed = 0;
    enum errc rc = db_query(rebuild->old->db, SQL(HEAD_ALL), NULL, 0, &heads, err);
    if (rc == ERR_OK)
        rc = db_next(heads, &more, err);
    if (rc == ERR_OK)
        rc = store_begin(rebuild->fresh, err);
    while (rc == ERR_OK && more) {
        struct tree_head head;
        rc = ledger_read_head(rebuild->old, heads, &head, err);
        if (rc == ERR_OK)
            rc = take_batch(rebuild, &head, fold, context, err);
        if (rc == ERR_OK)
            rc = db_next(heads, &more, err);
        if (rc == ERR_OK && acts_count(rebuild->fresh) - committed >= COMMIT_EVERY_ACTS) {
            committed = acts_count(rebuild->fresh);
            rc = store_commit(rebuild->fresh, err);
            if (rc == ERR_OK)
                rc = store_begin(rebuild->fresh, err);
        }
    }
    db_finish(heads);
    if (rc == ERR_OK)
        rc = store_commit(rebuild->fresh, err);
    store_rollback(rebuild->fresh);
    rebuild->acts = acts_count(rebuild->fresh);
    return rc == ERR_OK ? copy_rest(rebuild, err) : rc;
}

enum errc rebuild_compare(struct rebuild *rebuild, struct rebuild_report *out, struct err *err)
{
    struct rebuild_report report = {.acts = rebuild->acts};
    struct err told;
    enum errc rc = store_digest(rebuild->old, DIGEST_PROJECTIONS, report.before, &told);
    report.readable = rc == ERR_OK;
    if (rc < 0 && rc != ERR_DAMAGED) {
        if (err)
            *err = told;
        return rc;
    }
    rc = store_digest(rebuild->fresh, DIGEST_PROJECTIONS, report.after, err);
    report.identical = report.readable && memcmp(report.before, report.after, HASH_SIZE) == 0;
    if (rc == ERR_OK)
        *out = report;
    return rc;
}

/* ---- ending ---------------------------------------------------------------------------------------- */

/* Both logs are empty and gone once their writers have closed; a log left behind would be replayed onto the
 * wrong file. */
static enum errc put_in_place(struct rebuild *rebuild, const char *dir, struct err *err)
{
    static const char *const LOGS[] = {"store.db-wal", "rebuild/store.db-wal"};
    char path[FILES_PATH_SIZE];
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof LOGS / sizeof LOGS[0]; i++) {
        rc = files_join(path, dir, LOGS[i], err);
        if (rc == ERR_OK && files_exists(path))
            rc = err_set(err, ERR_IO, "%s could not be emptied; nothing was put in place", path);
    }
    if (rc == ERR_OK)
        rc = files_sync(rebuild->fresh_path, err);
    if (rc == ERR_OK)
        rc = files_rename(rebuild->fresh_path, rebuild->old_path, err);
    return rc == ERR_OK ? files_sync(dir, err) : rc;
}

static enum errc tidy_both(struct rebuild *rebuild, struct err *err)
{
    if (rebuild->old->vfs)
        return err_set(err, ERR_UNSUPPORTED, "a disk in memory renames nothing");
    enum errc rc = store_tidy(rebuild->fresh, err);
    return rc == ERR_OK ? store_tidy(rebuild->old, err) : rc;
}

enum errc rebuild_end(struct rebuild *rebuild, enum rebuild_end what, struct err *err)
{
    if (!rebuild)
        return ERR_OK;
    char dir[FILES_PATH_SIZE];
    bool in_memory = rebuild->old->vfs != NULL;
    bool place = what == REBUILD_PUT_IN_PLACE;
    (void)snprintf(dir, sizeof dir, "%s", rebuild->old->dir);
    struct rebuild paths = *rebuild;
    enum errc rc = place ? tidy_both(rebuild, err) : ERR_OK;
    drop(rebuild);
    if (rc == ERR_OK && place)
        rc = put_in_place(&paths, dir, err);
    if (rc == ERR_OK && !in_memory)
        rc = files_remove_tree(paths.fresh_dir, err);
    return rc;
}
