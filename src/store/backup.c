#include "store/backup.h"

#include "store/blobs.h"
#include "store/files.h"
#include "store/store_internal.h"

#include <string.h>

enum { BLOBS_A_PAGE = 200, PAGE_ARENA_BYTES = 1 << 20 };

static enum errc copy_blob(const char *from_dir, const char *to_dir, const char *hash, struct err *err)
{
    char name[HASH_TEXT_SIZE + 8], from[FILES_PATH_SIZE], to[FILES_PATH_SIZE];
    (void)snprintf(name, sizeof name, "blobs/%s", hash);
    enum errc rc = files_join(from, from_dir, name, err);
    if (rc == ERR_OK)
        rc = files_join(to, to_dir, name, err);
    return rc == ERR_OK ? files_copy(from, to, err) : rc;
}

/* Those that the record in `store` knows. Files are whole once they have their name, so it does not matter
 * that more of them may be there already. */
static enum errc copy_blobs(struct store *store, const char *from_dir, const char *to_dir, struct err *err)
{
    struct arena arena;
    struct blob *blobs = NULL;
    size_t count = 1;
    char last[HASH_TEXT_SIZE] = "", path[FILES_PATH_SIZE];
    enum errc rc = files_join(path, to_dir, "blobs", err);
    if (rc == ERR_OK)
        rc = files_make_dir(path, err);
    arena_init(&arena, PAGE_ARENA_BYTES);
    while (rc == ERR_OK && count > 0) {
        rc = blobs_list(store, last, BLOBS_A_PAGE, &arena, &blobs, &count, err);
        for (size_t i = 0; rc == ERR_OK && i < count; i++) {
            rc = copy_blob(from_dir, to_dir, blobs[i].hash, err);
            (void)snprintf(last, sizeof last, "%s", blobs[i].hash);
        }
        arena_reset(&arena);
    }
    arena_done(&arena);
    return rc == ERR_OK ? files_sync(path, err) : rc;
}

static enum errc fresh_dir(const char *dir, struct err *err)
{
    if (files_exists(dir))
        return err_set(err, ERR_CONFLICT, "%s is there already; name a folder that is not", dir);
    return files_make_dir(dir, err);
}

/* Blobs are listed from the copy, so that they are those of the same moment. */
static enum errc copy_blobs_of(const char *copy_dir, const char *from_dir, struct err *err)
{
    struct store_options options = {.dir = copy_dir, .read_only = true};
    struct store *copy = NULL;
    enum errc rc = store_open(&options, &copy, err);
    if (rc == ERR_OK)
        rc = copy_blobs(copy, from_dir, copy_dir, err);
    store_close(copy);
    return rc;
}

/* The parent folder holds the new one's name. */
static enum errc sync_all(const char *dir, const char *file, struct err *err)
{
    char parent[FILES_PATH_SIZE];
    enum errc rc = files_join(parent, dir, "..", err);
    if (rc == ERR_OK)
        rc = files_sync(file, err);
    if (rc == ERR_OK)
        rc = files_sync(dir, err);
    return rc == ERR_OK ? files_sync(parent, err) : rc;
}

/* What a failed copy leaves is of no use to anybody; the first error is the one to tell. */
static void take_away(const char *dir)
{
    if (files_remove_tree(dir, NULL) < 0)
        return;
}

enum errc backup_make(struct store *reader, const char *dir, verify_head_fn check_head, void *context,
                      struct verify_report *out, struct err *err)
{
    char path[FILES_PATH_SIZE];
    struct store_options copy = {.dir = dir};
    if (reader->vfs)
        return err_set(err, ERR_UNSUPPORTED, "a disk in memory is not backed up");
    enum errc rc = files_join(path, dir, "store.db", err);
    if (rc == ERR_OK)
        rc = fresh_dir(dir, err);
    if (rc < 0)
        return rc;
    rc = reader->db->driver->admin(reader->db, DB_ADMIN_BACKUP, path, err);
    if (rc == ERR_OK)
        rc = copy_blobs_of(dir, reader->dir, err);
    if (rc == ERR_OK)
        rc = sync_all(dir, path, err);
    if (rc == ERR_OK)
        rc = store_verify(&copy, check_head, context, out, err);
    if (rc < 0)
        take_away(dir);
    return rc;
}

/* The folder may be there (it holds configuration and keys), a record in it may not. */
static enum errc check_target(const char *dir, char path[FILES_PATH_SIZE], struct err *err)
{
    enum errc rc = files_join(path, dir, "store.db", err);
    if (rc == ERR_OK && files_exists(path))
        rc = err_set(err, ERR_CONFLICT, "%s holds a record; move it away first: restoring overwrites nothing",
                     dir);
    return rc == ERR_OK ? files_make_dir(dir, err) : rc;
}

/* What a record that was moved away, or a restore that was broken off, may have left behind. An old log would
 * be replayed onto the restored file. */
static enum errc clear_target(const char *dir, struct err *err)
{
    static const char *const OLD[] = {"store.db.restoring", "store.db-wal", "store.db-shm", "store.db-mark",
                                      "blobs"};
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof OLD / sizeof OLD[0]; i++) {
        char path[FILES_PATH_SIZE];
        rc = files_join(path, dir, OLD[i], err);
        if (rc == ERR_OK)
            rc = files_remove_tree(path, err);
    }
    return rc;
}

/* The database takes its name last: before that there is no record, and a restore can be begun again. */
static enum errc copy_back(const char *backup_dir, const char *dir, const char *path, struct err *err)
{
    char from[FILES_PATH_SIZE], unfinished[FILES_PATH_SIZE];
    struct store_options options = {.dir = backup_dir, .read_only = true};
    struct store *backup = NULL;
    enum errc rc = files_join(from, backup_dir, "store.db", err);
    if (rc == ERR_OK)
        rc = files_join(unfinished, dir, "store.db.restoring", err);
    if (rc == ERR_OK)
        rc = clear_target(dir, err);
    if (rc == ERR_OK)
        rc = store_open(&options, &backup, err);
    if (rc == ERR_OK)
        rc = copy_blobs(backup, backup_dir, dir, err);
    store_close(backup);
    if (rc == ERR_OK)
        rc = files_copy(from, unfinished, err);
    if (rc == ERR_OK)
        rc = files_rename(unfinished, path, err);
    return rc == ERR_OK ? sync_all(dir, path, err) : rc;
}

enum errc backup_restore(const char *backup_dir, const char *dir, verify_head_fn check_head, void *context,
                         struct verify_report *out, struct err *err)
{
    char path[FILES_PATH_SIZE];
    struct store_options backup = {.dir = backup_dir};
    enum errc rc = store_verify(&backup, check_head, context, out, err);
    if (rc == ERR_OK)
        rc = check_target(dir, path, err);
    return rc == ERR_OK ? copy_back(backup_dir, dir, path, err) : rc;
}
