/* seal/files.h — the seal's folder: key files that only their owner may read.
 *
 * Layer    seal. Only src/seal includes it.
 * Owns     nothing.   Threads any.
 * Errors   ERR_NOT_FOUND; ERR_PERMISSION when others could read or change a key; ERR_CONFLICT it is there.
 * Tests    tests/unit/seal/test_files.c
 */
#ifndef SEAL_FILES_H
#define SEAL_FILES_H

#include "base/sign.h"

enum { FILES_PATH_SIZE = 4096 };

#define FILES_REAL_KEY "real.pem"
#define FILES_DRILL_KEY "drill.pem"
#define FILES_CA_KEY "ca-key.pem"
#define FILES_CA "ca.pem"
#define FILES_JOURNAL "journal"

MUST_USE enum errc files_path(const char *folder, const char *name, char out[FILES_PATH_SIZE],
                              struct err *err);

/* The whole file as text, with its NUL. */
MUST_USE enum errc files_read(const char *folder, const char *name, char *out, size_t size_bytes,
                              struct err *err);
/* A new file, 0600, synced with its folder, whole or not at all. */
MUST_USE enum errc files_write(const char *folder, const char *name, const char *text, struct err *err);

MUST_USE enum errc files_read_key(const char *folder, const char *name, const char *passphrase,
                                  struct sign_key **out, struct err *err);
MUST_USE enum errc files_write_key(const char *folder, const char *name, const char *passphrase,
                                   const struct sign_key *key, struct err *err);

/* Makes the folder, 0700, when it is not there. */
MUST_USE enum errc files_make_folder(const char *folder, struct err *err);

#endif
