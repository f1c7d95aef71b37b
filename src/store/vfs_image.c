#include "store/vfs_image.h"

#include <string.h>

enum { PAGE_BYTES = 4096, PAGES_MAX = 1 << 22 };

struct page {
    size_t uses;
    unsigned char bytes[PAGE_BYTES];
};

static void page_drop(struct page *page)
{
    if (page && --page->uses == 0)
        free(page);
}

static bool image_grow(struct image *image, size_t count)
{
    if (count > PAGES_MAX)
        return false;
    if (count > image->room) {
        size_t room = image->room > 0 ? 2 * image->room : 16;
        while (room < count)
            room *= 2;
        struct page **pages = realloc(image->pages, room * sizeof *pages);
        if (!pages)
            return false;
        image->pages = pages;
        image->room = room;
    }
    while (image->count < count)
        image->pages[image->count++] = NULL;
    return true;
}

static void image_cut(struct image *image, size_t count)
{
    while (image->count > count)
        page_drop(image->pages[--image->count]);
}

void image_done(struct image *image)
{
    image_cut(image, 0);
    free(image->pages);
    *image = (struct image){0};
}

static void image_share(struct image *image, size_t at, struct page *page)
{
    if (page)
        page->uses++;
    page_drop(image->pages[at]);
    image->pages[at] = page;
}

/* A page of its own, to be written. */
static struct page *image_own(struct image *image, size_t at)
{
    struct page *old = image->pages[at];
    if (old && old->uses == 1)
        return old;
    struct page *page = malloc(sizeof *page);
    if (!page)
        return NULL;
    page->uses = 1;
    if (old)
        memcpy(page->bytes, old->bytes, PAGE_BYTES);
    else
        memset(page->bytes, 0, PAGE_BYTES);
    page_drop(old);
    image->pages[at] = page;
    return page;
}

bool image_write(struct image *image, const unsigned char *bytes, int64_t size_bytes, int64_t offset)
{
    int64_t end = offset + size_bytes;
    if (!image_grow(image, (size_t)((end + PAGE_BYTES - 1) / PAGE_BYTES)))
        return false;
    while (size_bytes > 0) {
        int64_t from = offset % PAGE_BYTES,
                n = PAGE_BYTES - from < size_bytes ? PAGE_BYTES - from : size_bytes;
        struct page *page = image_own(image, (size_t)(offset / PAGE_BYTES));
        if (!page)
            return false;
        memcpy(page->bytes + from, bytes, (size_t)n);
        bytes += n;
        offset += n;
        size_bytes -= n;
    }
    if (image->size_bytes < end)
        image->size_bytes = end;
    return true;
}

int64_t image_read(const struct image *image, unsigned char *out, int64_t size_bytes, int64_t offset)
{
    int64_t got = 0, there = image->size_bytes > offset ? image->size_bytes - offset : 0;
    memset(out, 0, (size_t)size_bytes);
    if (there > size_bytes)
        there = size_bytes;
    while (got < there) {
        int64_t from = (offset + got) % PAGE_BYTES;
        int64_t n = PAGE_BYTES - from < there - got ? PAGE_BYTES - from : there - got;
        const struct page *page = image->pages[(offset + got) / PAGE_BYTES];
        if (page)
            memcpy(out + got, page->bytes + from, (size_t)n);
        got += n;
    }
    return there;
}

bool image_truncate(struct image *image, int64_t size_bytes)
{
    size_t count = (size_t)((size_bytes + PAGE_BYTES - 1) / PAGE_BYTES);
    int64_t tail = size_bytes % PAGE_BYTES;
    image_cut(image, count);
    if (!image_grow(image, count))
        return false;
    if (size_bytes < image->size_bytes && tail > 0 && image->pages[count - 1]) {
        struct page *page = image_own(image, count - 1);
        if (!page)
            return false;
        memset(page->bytes + tail, 0, (size_t)(PAGE_BYTES - tail)); /* what grows back is zeros */
    }
    image->size_bytes = size_bytes;
    return true;
}

bool image_follow(struct image *to, const struct image *from, const struct image *except, uint64_t *seed)
{
    if (!image_grow(to, from->count))
        return false;
    for (size_t i = 0; i < from->count; i++) {
        if (to->pages[i] == from->pages[i])
            continue;
        if (except && i < except->count && from->pages[i] && except->pages[i] == from->pages[i])
            continue;
        if (seed) {
            *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            if (*seed >> 63)
                continue;
        }
        image_share(to, i, from->pages[i]);
    }
    image_cut(to, from->count);
    to->size_bytes = from->size_bytes;
    return true;
}
