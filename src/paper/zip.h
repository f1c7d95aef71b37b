/* paper/zip.h — a ZIP archive in memory that is the same whenever and wherever it is made; libzip underneath.
 *
 * Layer    paper.
 * Owns     nothing: parts are borrowed until zip_write returns, bytes go into the caller's buffer.
 * Threads  any.
 * Errors   ERR_NOMEM, ERR_LIMIT; ERR_INTERNAL when libzip refuses.
 * Tests    tests/unit/paper/test_zip.c
 */
#ifndef PAPER_ZIP_H
#define PAPER_ZIP_H

#include "base/buf.h"

struct zip_part {
    const char *path;
    const char *bytes;
    size_t size_bytes;
};

/* Parts in the order given, deflated, all dated 1980-01-01. */
MUST_USE enum errc zip_write(const struct zip_part *parts, size_t count, struct buf *out, struct err *err);

#endif
