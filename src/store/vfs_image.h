/* store/vfs_image.h — the content of a file as pages that several contents share until one is written.
 *
 * Layer    store. Only vfs_mem.c includes it.
 * Owns     a content until image_done; a page lives as long as some content has it.
 * Threads  one at a time.
 * Errors   false: no memory, or larger than 16 GiB.
 * Tests    tests/unit/store/test_vfs_mem.c
 */
#ifndef STORE_VFS_IMAGE_H
#define STORE_VFS_IMAGE_H

#include "base/err.h"

struct page;

/* {0} is the empty content. */
struct image {
    struct page **pages; /* NULL = zeros */
    size_t count;
    size_t room;
    int64_t size_bytes;
};

void image_done(struct image *image);

bool image_write(struct image *image, const unsigned char *bytes, int64_t size_bytes, int64_t offset);
/* Returns how many bytes there were; the rest of out is zero. */
int64_t image_read(const struct image *image, unsigned char *out, int64_t size_bytes, int64_t offset);
MUST_USE bool image_truncate(struct image *image, int64_t size_bytes);

/* Afterwards `to` shares its pages with `from`: all, or by chance (seed), but none of those in `except`.
 * except and seed may be NULL. */
bool image_follow(struct image *to, const struct image *from, const struct image *except, uint64_t *seed);

#endif
