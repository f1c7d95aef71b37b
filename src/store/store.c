#include "store/store_internal.h"

#include "store/files.h"
#include "store/meta.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { STORE_ARENA_BYTES = 64 * 1024 };

/* Held as long as the writer lives. SQLite's own locks would let a second process in between two
 * transactions; two writers must not even take turns, for each keeps the edge of the ledger in memory. */
static enum errc lock_dir(struct store *store, struct err *err)
{
    const char *path = arena_printf(&store->arena, "%s/lock", store->dir);
    if (!path)
        return err_set(err, ERR_NOMEM, "out of memory");
    store->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock_fd < 0)
        return files_fail("opened", path, err);
    if (flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return err_set(err, ERR_BUSY, "another process is using %s; stop it, or ask it instead", store->dir);
    return ERR_OK;
}

static struct store *store_new(const struct store_options *options, struct err *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store) {
        arena_init(&store->arena, STORE_ARENA_BYTES);
        store->lock_fd = -1;
        store->dir = arena_strdup(&store->arena, options->dir);
        store->vfs = arena_strdup(&store->arena, options->vfs);
        if (store->dir && (store->vfs || !options->vfs))
            return store;
        store_close(store);
    }
    (void)err_set(err, ERR_NOMEM, "out of memory");
    return NULL;
}

enum open_as { OPEN_THERE, OPEN_NEW, OPEN_UNCHECKED };

static enum errc open_db(struct store *store, const struct store_options *options, enum open_as as,
                         struct err *err)
{
    const char *path = arena_printf(&store->arena, "%s/store.db", options->dir);
    if (!path)
        return err_set(err, ERR_NOMEM, "out of memory");
    struct db_options db = {.path = path,
                            .vfs = options->vfs,
                            .access = options->read_only ? DB_READ : DB_WRITE,
                            .sync = options->sync,
                            .create = as == OPEN_NEW,
                            .unchecked = as == OPEN_UNCHECKED,
                            .cache_kib = options->cache_kib};
    return db_open(&DB_SQLITE, &db, &store->db, err);
}

static enum errc load_identity(struct store *store, struct err *err)
{
    const char *suite = NULL;
    enum errc rc = meta_get(store, "node", &store->arena, &store->identity.node, err);
    if (rc == ERR_OK)
        rc = meta_get(store, "universe", &store->arena, &store->identity.universe, err);
    if (rc == ERR_OK)
        rc = meta_get(store, "suite", &store->arena, &suite, err);
    if (rc < 0)
        return rc;
    if (suite_parse(suite) < 0)
        return err_set(err, ERR_DAMAGED, "the store names an unknown signature suite \"%s\"", suite);
    store->identity.suite = (enum suite)suite_parse(suite);
    return hasher_new(store->identity.suite, &store->hasher, err);
}

static enum errc save_identity(struct store *store, const struct store_identity *identity, struct err *err)
{
    enum errc rc = store_begin(store, err);
    if (rc == ERR_OK)
        rc = meta_set(store, "node", identity->node, err);
    if (rc == ERR_OK)
        rc = meta_set(store, "universe", identity->universe, err);
    if (rc == ERR_OK)
        rc = meta_set(store, "suite", suite_name(identity->suite), err);
    if (rc == ERR_OK)
        rc = store_commit(store, err);
    if (rc < 0)
        store_rollback(store);
    return rc;
}

enum errc store_create(const struct store_options *options, const struct store_identity *identity,
                       struct err *err)
{
    struct store_options writer = *options;
    writer.read_only = false;
    struct store *store = store_new(&writer, err);
    if (!store)
        return ERR_NOMEM;
    enum errc rc = ERR_OK;
    if (!options->vfs) {
        rc = files_make_dir(options->dir, err);
        if (rc == ERR_OK)
            rc = lock_dir(store, err);
        const char *blobs = arena_printf(&store->arena, "%s/blobs", options->dir);
        if (rc == ERR_OK)
            rc = blobs ? files_make_dir(blobs, err) : err_set(err, ERR_NOMEM, "out of memory");
    }
    if (rc == ERR_OK)
        rc = open_db(store, &writer, OPEN_NEW, err);
    if (rc == ERR_OK)
        rc = store->db->driver->migrate(store->db, err);
    if (rc == ERR_OK) {
        const char *node = NULL;
        rc = meta_get(store, "node", &store->arena, &node, NULL);
        if (rc == ERR_OK)
            rc = err_set(err, ERR_CONFLICT, "%s already holds the record of %s", options->dir, node);
        else if (rc == ERR_NOT_FOUND)
            rc = save_identity(store, identity, err);
        else
            rc = err_set(err, rc, "%s cannot be read", options->dir);
    }
    store_close(store);
    return rc;
}

enum errc store_open(const struct store_options *options, struct store **out, struct err *err)
{
    struct store *store = store_new(options, err);
    if (!store)
        return ERR_NOMEM;
    enum errc rc = ERR_OK;
    if (!options->vfs && !options->read_only) {
        const char *path = arena_printf(&store->arena, "%s/store.db", options->dir);
        if (!path)
            rc = err_set(err, ERR_NOMEM, "out of memory");
        else if (!files_exists(path))
            rc = err_set(err, ERR_NOT_FOUND, "there is no store in %s; make one with 'fengsui init'",
                         options->dir);
        else
            rc = lock_dir(store, err);
    }
    if (rc == ERR_OK)
        rc = open_db(store, options, OPEN_THERE, err);
    if (rc == ERR_OK && !options->read_only)
        rc = store->db->driver->migrate(store->db, err);
    if (rc == ERR_OK)
        rc = load_identity(store, err);
    if (rc == ERR_OK)
        rc = ledger_load(store, err);
    if (rc < 0) {
        store_close(store);
        return rc;
    }
    *out = store;
    return ERR_OK;
}

enum errc store_open_unchecked(const struct store_options *options, struct store **out, struct err *err)
{
    struct store_options reader = *options;
    reader.read_only = true;
    struct store *store = store_new(&reader, err);
    if (!store)
        return ERR_NOMEM;
    enum errc rc = open_db(store, &reader, OPEN_UNCHECKED, err);
    if (rc == ERR_OK)
        rc = load_identity(store, err);
    if (rc < 0) {
        store_close(store);
        return rc;
    }
    *out = store;
    return ERR_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    store_rollback(store);
    search_queue_clear(&store->search);
    db_close(store->db);
    hasher_free(store->hasher);
    if (store->lock_fd >= 0)
        (void)close(store->lock_fd); /* gives the lock back; nothing was written through it */
    arena_done(&store->arena);
    free(store);
}

const struct store_identity *store_identity(const struct store *store)
{
    return &store->identity;
}

const char *store_dir(const struct store *store)
{
    return store->dir;
}

enum errc store_begin(struct store *store, struct err *err)
{
    enum errc rc = db_begin(store->db, store->db->access, err);
    if (rc == ERR_OK)
        store->sealed = false;
    return rc;
}

enum errc store_commit(struct store *store, struct err *err)
{
    if (store->tree.size != store->committed.size && !store->sealed)
        return err_set(err, ERR_INTERNAL, "acts up to number %llu have no signed head",
                       (unsigned long long)store->tree.size);
    enum errc rc = search_queue_write(&store->search, store->db, err);
    if (rc == ERR_OK)
        rc = db_commit(store->db, err);
    if (rc == ERR_OK)
        store->committed = store->tree;
    return rc;
}

void store_rollback(struct store *store)
{
    if (!store->db)
        return;
    db_rollback(store->db);
    search_queue_clear(&store->search);
    store->tree = store->committed;
    store->sealed = false;
}

enum errc store_mark(struct store *store, struct err *err)
{
    store->marked = store->tree;
    search_queue_mark(&store->search);
    return db_run(store->db, SQL(MARK), NULL, 0, NULL, err);
}

enum errc store_keep(struct store *store, struct err *err)
{
    search_queue_keep(&store->search);
    return db_run(store->db, SQL(MARK_DROP), NULL, 0, NULL, err);
}

enum errc store_undo(struct store *store, struct err *err)
{
    enum errc rc = db_run(store->db, SQL(MARK_RETURN), NULL, 0, NULL, err);
    if (rc == ERR_OK)
        search_queue_undo(&store->search);
    if (rc == ERR_OK)
        rc = store_keep(store, err);
    if (rc == ERR_OK) {
        store->tree = store->marked;
        store->sealed = false;
    }
    return rc;
}

bool store_failed(const struct store *store, struct err *why)
{
    if (store->db->failed && why)
        *why = store->db->fault;
    return store->db->failed;
}

enum errc store_tidy(struct store *store, struct err *err)
{
    enum errc rc = store->db->driver->admin(store->db, DB_ADMIN_OPTIMIZE, NULL, err);
    if (rc == ERR_OK)
        rc = store->db->driver->admin(store->db, DB_ADMIN_DRAIN, NULL, err);
    return rc;
}
