#include "store/sqlite_mark.h"

#include <sqlite3.h>
#include <string.h>

enum { SLOTS = 2, SLOT_STEP_BYTES = 512, PATH_BYTES = 512 };

#define MAGIC UINT64_C(0x316b72616d736766) /* "fgsmark1" */

struct slot {
    uint64_t magic;
    uint64_t commits;
    uint64_t sum;
};

struct sqlite_mark {
    sqlite3_vfs *vfs;
    char path[PATH_BYTES];
    sqlite3_file file; /* as large as the VFS needs; last */
};

static uint64_t sum_of(const struct slot *slot)
{
    return (slot->magic ^ slot->commits) * UINT64_C(0x9E3779B97F4A7C15);
}

static enum errc fail(const struct sqlite_mark *mark, int code, struct err *err)
{
    enum errc rc = (code & 0xFF) == SQLITE_FULL    ? ERR_FULL
                   : (code & 0xFF) == SQLITE_NOMEM ? ERR_NOMEM
                                                   : ERR_IO;
    return err_set(err, rc, "%s cannot be used: %s", mark->path, sqlite3_errstr(code));
}

enum errc sqlite_mark_open(const char *vfs_name, const char *db_path, enum sqlite_mark_use use,
                           struct sqlite_mark **out, struct err *err)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    if (!vfs)
        return err_set(err, ERR_INTERNAL, "there is no disk layer of that name");
    struct sqlite_mark *mark = calloc(1, sizeof *mark + (size_t)vfs->szOsFile);
    if (!mark)
        return err_set(err, ERR_NOMEM, "out of memory");
    mark->vfs = vfs;
    if (snprintf(mark->path, sizeof mark->path, "%s-mark", db_path) >= PATH_BYTES) {
        free(mark);
        return err_set(err, ERR_INVALID, "the path of the data directory is too long");
    }
    /* The kind of file for which a VFS needs to know nothing of databases. */
    int flags = SQLITE_OPEN_SUPER_JOURNAL;
    flags |= use == SQLITE_MARK_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int code = vfs->xOpen(vfs, mark->path, &mark->file, flags, NULL);
    if (code == SQLITE_OK) {
        *out = mark;
        return ERR_OK;
    }
    bool none = use == SQLITE_MARK_READ && (code & 0xFF) == SQLITE_CANTOPEN;
    enum errc rc = none ? ERR_OK : fail(mark, code, err);
    free(mark);
    return rc;
}

void sqlite_mark_close(struct sqlite_mark *mark)
{
    if (!mark)
        return;
    if (mark->file.pMethods)
        (void)mark->file.pMethods->xClose(&mark->file); /* nothing is buffered */
    free(mark);
}

enum errc sqlite_mark_read(struct sqlite_mark *mark, int64_t *out, struct err *err)
{
    uint64_t last = 0;
    for (int i = 0; mark && i < SLOTS; i++) {
        struct slot slot;
        int code = mark->file.pMethods->xRead(&mark->file, &slot, sizeof slot, i * SLOT_STEP_BYTES);
        if (code == SQLITE_IOERR_SHORT_READ)
            continue;
        if (code != SQLITE_OK)
            return fail(mark, code, err);
        if (slot.magic == MAGIC && slot.sum == sum_of(&slot) && slot.commits > last)
            last = slot.commits;
    }
    *out = (int64_t)last;
    return ERR_OK;
}

enum errc sqlite_mark_write(struct sqlite_mark *mark, int64_t commits, struct err *err)
{
    struct slot slot = {.magic = MAGIC, .commits = (uint64_t)commits};
    slot.sum = sum_of(&slot);
    int code = mark->file.pMethods->xWrite(&mark->file, &slot, sizeof slot,
                                           commits % SLOTS * SLOT_STEP_BYTES);
    return code == SQLITE_OK ? ERR_OK : fail(mark, code, err);
}
