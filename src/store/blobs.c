#include "store/blobs.h"

#include "base/str.h"
#include "store/files.h"
#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024 };

struct blob_writer {
    int fd;
    int64_t size_bytes;
    int64_t size_bytes_max;
    struct hasher *hasher;
    char dir[FILES_PATH_SIZE];
    char path[FILES_PATH_SIZE]; /* of the unfinished file */
};

enum errc blobs_start(const struct store *store, int64_t size_bytes_max, struct blob_writer **out,
                      struct err *err)
{
    if (store->vfs)
        return err_set(err, ERR_UNSUPPORTED, "a disk in memory keeps no evidence files");
    struct blob_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return err_set(err, ERR_NOMEM, "out of memory");
    writer->fd = -1;
    writer->size_bytes_max = size_bytes_max;
    enum errc rc = hasher_new(store->identity.suite, &writer->hasher, err);
    if (rc == ERR_OK)
        rc = files_join(writer->dir, store->dir, "blobs", err);
    if (rc == ERR_OK)
        rc = files_join(writer->path, writer->dir, ".new-XXXXXX", err);
    if (rc == ERR_OK) {
        writer->fd = mkostemp(writer->path, O_CLOEXEC);
        if (writer->fd < 0)
            rc = files_fail("made", writer->path, err);
    }
    if (rc < 0) {
        blobs_abort(writer);
        return rc;
    }
    hash_begin(writer->hasher);
    *out = writer;
    return ERR_OK;
}

enum errc blobs_write(struct blob_writer *writer, const void *bytes, size_t size_bytes, struct err *err)
{
    const char *at = bytes;
    if ((int64_t)size_bytes > writer->size_bytes_max - writer->size_bytes)
        return err_set(err, ERR_LIMIT, "evidence of more than %lld bytes is not taken",
                       (long long)writer->size_bytes_max);
    hash_add(writer->hasher, bytes, size_bytes);
    writer->size_bytes += (int64_t)size_bytes;
    while (size_bytes > 0) {
        ssize_t n = write(writer->fd, at, size_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return files_fail("written", writer->path, err);
        at += n;
        size_bytes -= (size_t)n;
    }
    return ERR_OK;
}

/* Content first, then its name, then the folder that holds the name: at no moment does a hash name a file
 * that is not whole. */
static enum errc publish(struct blob_writer *writer, const char *hash, struct err *err)
{
    char path[FILES_PATH_SIZE];
    enum errc rc = files_join(path, writer->dir, hash, err);
    if (rc == ERR_OK && fsync(writer->fd) < 0)
        rc = files_fail("synced", writer->path, err);
    if (rc == ERR_OK)
        rc = files_rename(writer->path, path, err);
    if (rc < 0)
        return rc;
    writer->path[0] = '\0';
    return files_sync(writer->dir, err);
}

enum errc blobs_finish(struct blob_writer *writer, char out_hash[HASH_TEXT_SIZE], int64_t *out_size_bytes,
                       struct err *err)
{
    uint8_t digest[HASH_SIZE];
    char hash[HASH_TEXT_SIZE];
    enum errc rc = hash_end(writer->hasher, digest, err);
    if (rc == ERR_OK) {
        hex_encode(digest, sizeof digest, hash);
        rc = publish(writer, hash, err);
    }
    if (rc == ERR_OK) {
        memcpy(out_hash, hash, sizeof hash);
        *out_size_bytes = writer->size_bytes;
    }
    blobs_abort(writer);
    return rc;
}

void blobs_abort(struct blob_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0) {
        (void)close(writer->fd); /* synced before, or of no use */
        if (writer->path[0] != '\0')
            (void)unlink(writer->path); /* else it stays as a file nobody refers to */
    }
    hasher_free(writer->hasher);
    free(writer);
}

enum errc blobs_record(struct store *store, const struct blob *blob, struct err *err)
{
    return db_run(store->db, SQL(BLOB_INSERT),
                  DB_VALUES(db_of_text(blob->hash), db_of_int(blob->size_bytes), db_of_text(blob->name),
                            db_of_text(blob->media), db_of_int(blob->stored_ms)),
                  NULL, err);
}

static void read_row(struct db_rows *rows, struct arena *arena, struct blob *out)
{
    out->hash = db_text(rows, 0, arena);
    out->size_bytes = db_int(rows, 1);
    out->name = db_text(rows, 2, arena);
    out->media = db_text(rows, 3, arena);
    out->stored_ms = db_int(rows, 4);
}

enum errc blobs_load(struct store *store, const char *hash, struct arena *arena, struct blob *out,
                     struct err *err)
{
    struct db_rows *rows = NULL;
    struct blob found;
    enum errc rc = row_first(store->db, SQL(BLOB_GET), DB_VALUES(db_of_text(hash)), &rows, err);
    if (rc == ERR_NOT_FOUND)
        return err_set(err, rc, "there is no evidence %s here", hash);
    if (rc < 0)
        return rc;
    read_row(rows, arena, &found);
    db_finish(rows);
    rc = row_check(arena, err);
    if (rc == ERR_OK)
        *out = found;
    return rc;
}

enum errc blobs_list(struct store *store, const char *after_hash, size_t limit, struct arena *arena,
                     struct blob **out, size_t *out_count, struct err *err)
{
    struct db_rows *rows = NULL;
    bool more = false;
    size_t count = 0;
    if (limit == 0 || limit > BLOBS_LIMIT_MAX)
        return err_field(err, ERR_INVALID, "limit", "1 to %d can be asked for", BLOBS_LIMIT_MAX);
    struct blob *items = arena_array(arena, limit, sizeof *items);
    if (!items)
        return row_check(arena, err);
    enum errc rc = db_query(store->db, SQL(BLOB_LIST),
                            DB_VALUES(db_of_text(after_hash), db_of_int((int64_t)limit)), &rows, err);
    if (rc == ERR_OK)
        rc = db_next(rows, &more, err);
    while (rc == ERR_OK && more) {
        read_row(rows, arena, &items[count++]);
        rc = db_next(rows, &more, err);
    }
    db_finish(rows);
    if (rc == ERR_OK)
        rc = row_check(arena, err);
    if (rc == ERR_OK) {
        *out = items;
        *out_count = count;
    }
    return rc;
}

/* A hash is 64 lower-case hexadecimal digits: nothing else is made into a path. */
static bool is_hash(const char *text)
{
    return strlen(text) == HASH_TEXT_SIZE - 1 && strspn(text, "0123456789abcdef") == HASH_TEXT_SIZE - 1;
}

enum errc blobs_open(const struct store *store, const char *hash, int *out_fd, struct err *err)
{
    char dir[FILES_PATH_SIZE], path[FILES_PATH_SIZE];
    if (store->vfs)
        return err_set(err, ERR_UNSUPPORTED, "a disk in memory keeps no evidence files");
    if (!is_hash(hash))
        return err_set(err, ERR_INVALID, "this is not the hash of a file");
    enum errc rc = files_join(dir, store->dir, "blobs", err);
    if (rc == ERR_OK)
        rc = files_join(path, dir, hash, err);
    if (rc < 0)
        return rc;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return err_set(err, ERR_NOT_FOUND, "the file of evidence %s is missing", hash);
    if (fd < 0)
        return files_fail("opened", path, err);
    *out_fd = fd;
    return ERR_OK;
}

enum errc blobs_check(const struct store *store, const char *hash, struct err *err)
{
    struct hasher *hasher = NULL;
    uint8_t digest[HASH_SIZE];
    char hex[HASH_TEXT_SIZE];
    int fd = -1;
    ssize_t n = 1;
    enum errc rc = blobs_open(store, hash, &fd, err);
    unsigned char *chunk = malloc(READ_BYTES);
    if (rc == ERR_OK && !chunk)
        rc = err_set(err, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = hasher_new(store->identity.suite, &hasher, err);
    if (rc == ERR_OK)
        hash_begin(hasher);
    while (rc == ERR_OK && n > 0) {
        n = read(fd, chunk, READ_BYTES);
        if (n < 0)
            rc = files_fail("read", hash, err);
        else
            hash_add(hasher, chunk, (size_t)n);
    }
    if (rc == ERR_OK)
        rc = hash_end(hasher, digest, err);
    if (rc == ERR_OK) {
        hex_encode(digest, sizeof digest, hex);
        if (!streq(hex, hash))
            rc = err_set(err, ERR_DAMAGED, "the file of evidence %s was altered: its hash is %s", hash, hex);
    }
    hasher_free(hasher);
    free(chunk);
    if (fd >= 0)
        (void)close(fd); /* only read */
    return rc;
}
