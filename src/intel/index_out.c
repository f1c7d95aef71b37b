#include "intel/index_out.h"

#include "intel/hash64.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum errc failed(const struct index_out *out, int why, struct err *err)
{
    enum errc rc = why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_IO;
    return err_set(err, rc, "%s cannot be written: %s", out->path, strerror(why));
}

enum errc index_out_open(struct index_out *out, const char *path, struct err *err)
{
    memset(out, 0, sizeof *out);
    out->fd = -1;
    out->path = strdup(path);
    out->block = malloc(INDEX_BLOCK_BYTES);
    if (!out->path || !out->block || asprintf(&out->temporary, "%s.XXXXXX", path) < 0) {
        out->temporary = NULL;
        return err_set(err, ERR_NOMEM, "no memory to write an index");
    }
    out->fd = mkostemp(out->temporary, O_CLOEXEC);
    if (out->fd < 0) {
        free(out->temporary);
        out->temporary = NULL;
        return failed(out, errno, err);
    }
    out->at = INDEX_HEADER_BYTES;
    memcpy(out->header.magic, INDEX_MAGIC, sizeof out->header.magic);
    out->header.version = INDEX_VERSION;
    out->header.section_count = SECTION_COUNT;
    for (unsigned i = 0; i < INDEX_SECTION_ROOM; i++)
        out->header.sections[i].at = INDEX_HEADER_BYTES;
    return ERR_OK;
}

static enum errc write_at(const struct index_out *out, const void *bytes, size_t size, uint64_t at,
                          struct err *err)
{
    const uint8_t *p = bytes;
    while (size > 0) {
        ssize_t n = pwrite(out->fd, p, size, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return failed(out, n < 0 ? errno : EIO, err);
        p += n;
        size -= (size_t)n;
        at += (uint64_t)n;
    }
    return ERR_OK;
}

static enum errc end_block(struct index_out *out, struct err *err)
{
    if (out->fill_bytes == 0)
        return ERR_OK;
    if (out->sum_count == out->sum_room) {
        size_t room = 2 * out->sum_room + 64;
        uint64_t *sums = realloc(out->sums, room * sizeof *sums);
        if (!sums)
            return err_set(err, ERR_NOMEM, "no memory to write an index");
        out->sums = sums;
        out->sum_room = room;
    }
    out->sums[out->sum_count++] = hash64_block(out->block, out->fill_bytes);
    uint64_t at = out->at - out->fill_bytes;
    size_t size = out->fill_bytes;
    out->fill_bytes = 0;
    return write_at(out, out->block, size, at, err);
}

enum errc index_out_put(void *context, const void *bytes, size_t size_bytes, struct err *err)
{
    struct index_out *out = context;
    const uint8_t *p = bytes;
    while (size_bytes > 0) {
        size_t room = INDEX_BLOCK_BYTES - out->fill_bytes;
        size_t n = size_bytes < room ? size_bytes : room;
        memcpy(out->block + out->fill_bytes, p, n);
        out->fill_bytes += n;
        out->at += n;
        p += n;
        size_bytes -= n;
        if (out->fill_bytes == INDEX_BLOCK_BYTES) {
            enum errc rc = end_block(out, err);
            if (rc < 0)
                return rc;
        }
    }
    return ERR_OK;
}

static enum errc pad(struct index_out *out, struct err *err)
{
    static const uint8_t ZEROS[INDEX_ALIGN_BYTES];
    return index_out_put(out, ZEROS, -out->at % INDEX_ALIGN_BYTES, err);
}

static struct index_place *current(struct index_out *out)
{
    struct index_place *last = NULL;
    for (unsigned i = 0; i < SECTION_COUNT; i++)
        if (out->header.sections[i].size_bytes == UINT64_MAX)
            last = &out->header.sections[i];
    return last;
}

static enum errc end_section(struct index_out *out, struct err *err)
{
    struct index_place *open = current(out);
    if (open)
        open->size_bytes = out->at - open->at;
    return pad(out, err);
}

enum errc index_out_section(struct index_out *out, enum index_section section, struct err *err)
{
    enum errc rc = end_section(out, err);
    if (rc == ERR_OK)
        out->header.sections[section] = (struct index_place){out->at, UINT64_MAX};
    return rc;
}

static enum errc rename_durably(struct index_out *out, struct err *err)
{
    char *copy = strdup(out->path);
    int folder = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(copy);
    enum errc rc = ERR_OK;
    if (fchmod(out->fd, 0644) < 0 || fsync(out->fd) < 0 || rename(out->temporary, out->path) < 0)
        rc = failed(out, errno, err);
    if (rc == ERR_OK) {
        free(out->temporary);
        out->temporary = NULL;
        if (folder < 0 || fsync(folder) < 0)
            rc = failed(out, errno, err);
    }
    if (folder >= 0)
        (void)close(folder);
    return rc;
}

enum errc index_out_commit(struct index_out *out, struct err *err)
{
    enum errc rc = end_section(out, err);
    if (rc == ERR_OK)
        rc = end_block(out, err);
    if (rc < 0)
        return rc;
    size_t table = out->sum_count * sizeof *out->sums;
    out->header.blocks_at = out->at;
    out->header.file_bytes = out->at + table;
    out->header.checksum = 0;
    uint64_t sum = hash64_block(&out->header, sizeof out->header);
    out->header.checksum = hash64_mix(sum ^ HASH64_K0, hash64_block(out->sums, table));
    rc = write_at(out, out->sums, table, out->at, err);
    if (rc == ERR_OK)
        rc = write_at(out, &out->header, sizeof out->header, 0, err);
    return rc == ERR_OK ? rename_durably(out, err) : rc;
}

void index_out_done(struct index_out *out)
{
    if (out->temporary)
        (void)unlink(out->temporary);
    if (out->fd >= 0)
        (void)close(out->fd);
    free(out->temporary);
    free(out->path);
    free(out->block);
    free(out->sums);
}
