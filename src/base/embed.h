/* base/embed.h — named files in memory: those built into the binary, or a folder read from disk.
 *
 * Whoever needs files (rule packs, the catalogue of acts, the console) takes an embed_set and does not
 * know where it came from. Paths are relative, with '/', and sorted by their bytes.
 *
 * Layer    base.
 * Owns     nothing: sets built into the binary are constants; others belong to who made them.
 * Threads  any; sets are immutable.
 * Tests    tests/unit/base/test_embed.c
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/err.h"

struct embed_file {
    const char *path;
    const char *bytes; /* a NUL follows the last one */
    size_t size_bytes;
};

struct embed_set {
    const struct embed_file *files;
    size_t count;
};

/* By the whole path; NULL when it is not there. */
const struct embed_file *embed_find(const struct embed_set *set, const char *path);

/* The files whose path begins with prefix: a part of the same set. */
struct embed_set embed_under(const struct embed_set *set, const char *prefix);

#endif
