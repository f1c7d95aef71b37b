/* store/blobs.h — evidence: files kept under the hash of their content.
 *
 *     blobs_start ─► blobs_write … ─► blobs_finish       the file is durable under its hash (any thread)
 *                                        │
 *                       blobs_record ◄───┘               the writer's transaction knows it
 *
 * A crash between the two leaves a file that nobody refers to; the same evidence given again takes its place.
 * The hash is that of the ledger's suite.
 *
 * Layer    store.
 * Owns     a blob_writer until blobs_finish or blobs_abort. What loads return lives in the caller's arena.
 * Threads  start, write, finish, abort and open: any; the rest as the store.
 * Errors   ERR_LIMIT larger than allowed; ERR_FULL; ERR_IO; ERR_NOT_FOUND; ERR_DAMAGED the file is not what
 *          its hash says; ERR_UNSUPPORTED on a disk in memory.
 * Tests    tests/unit/store/test_blobs.c
 */
#ifndef STORE_BLOBS_H
#define STORE_BLOBS_H

#include "store/store.h"

enum { BLOBS_LIMIT_MAX = 1000 };

struct blob_writer;

MUST_USE enum errc blobs_start(const struct store *store, int64_t size_bytes_max, struct blob_writer **out,
                               struct err *err);
MUST_USE enum errc blobs_write(struct blob_writer *writer, const void *bytes, size_t size_bytes,
                               struct err *err);
/* Frees the writer, also when it fails. */
MUST_USE enum errc blobs_finish(struct blob_writer *writer, char out_hash[HASH_TEXT_SIZE],
                                int64_t *out_size_bytes, struct err *err);
void blobs_abort(struct blob_writer *writer); /* takes NULL */

struct blob {
    const char *hash; /* hexadecimal */
    int64_t size_bytes;
    const char *name; /* as its bringer called it: never a path */
    const char *media;
    int64_t stored_ms;
};

/* The same content twice is nothing new; the first name stays. */
MUST_USE enum errc blobs_record(struct store *store, const struct blob *blob, struct err *err);
MUST_USE enum errc blobs_load(struct store *store, const char *hash, struct arena *arena, struct blob *out,
                              struct err *err);
/* In order of hash, behind the one given ("" = from the first). */
MUST_USE enum errc blobs_list(struct store *store, const char *after_hash, size_t limit, struct arena *arena,
                              struct blob **out, size_t *out_count, struct err *err);

/* The file, for reading; the caller closes the descriptor. */
MUST_USE enum errc blobs_open(const struct store *store, const char *hash, int *out_fd, struct err *err);
/* Reads the file through and compares. */
MUST_USE enum errc blobs_check(const struct store *store, const char *hash, struct err *err);

#endif
