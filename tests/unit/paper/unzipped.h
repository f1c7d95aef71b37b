/* A part of an archive in memory, for tests: NUL-terminated, to be freed; NULL when it is not there. */
#ifndef UNIT_PAPER_UNZIPPED_H
#define UNIT_PAPER_UNZIPPED_H

#include "base/buf.h"

char *unzipped(const struct buf *archive, const char *path);

#endif
