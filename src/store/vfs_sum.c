#include "store/vfs_sum.h"

#include <sqlite3.h>
#include <string.h>

/* The log (WAL), as SQLite's file format says:
 *
 *   32 bytes   magic · version · page size · sequence · two salts · two checksums of the header
 *   then frames, each 24 bytes + a page:
 *     page number · size after commit · two salts · two checksums, chained from the frame before
 *
 * Only whole pages read from it are compared here: that is what SQLite asks for when it needs a page. */
enum {
    NAME_MAX_BYTES = 96,
    LOG_HEADER_BYTES = 32,
    FRAME_HEADER_BYTES = 24,
    FRAME_BYTES = FRAME_HEADER_BYTES + VFS_SUM_PAGE_BYTES,
    SUMS_BYTES = 8,         /* the two checksums, at the end of either header */
    FRAME_COVERED_BYTES = 8 /* of a frame's header, by its checksum */
};

struct sum_vfs {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char name[NAME_MAX_BYTES];
};

enum kind { KIND_OTHER, KIND_DATABASE, KIND_LOG };

struct sum_file {
    sqlite3_file file;
    sqlite3_file *real; /* lies behind this struct */
    enum kind kind;
    sqlite3_int64 written_to;  /* log: where the last frame written ends */
    sqlite3_int64 unsure_from; /* log: checksums from here on are being rewritten; see on_log_write */
};

#define SURE INT64_MAX

/* ---- checksums ------------------------------------------------------------------------------------ */

/* Four lanes of multiply and rotate over 64-bit words. Each step is a bijection of the lane and of the
 * word, and so is the gathering of the lanes: a change within one word cannot go unseen. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash << 29 | hash >> 35;
}

static uint64_t page_sum(const unsigned char *page, uint64_t number)
{
    enum { LANES = 4, WORDS = (VFS_SUM_PAGE_BYTES - VFS_SUM_RESERVE_BYTES) / 8 };
    uint64_t lane[LANES] = {1, 2, 3, 4}, word, hash = number;
    for (size_t i = 0; i < WORDS; i++) {
        memcpy(&word, page + 8 * i, 8);
        lane[i % LANES] = mix(lane[i % LANES], word);
    }
    for (size_t i = 0; i < LANES; i++)
        hash = mix(hash, lane[i]);
    return hash;
}

static uint64_t page_number(sqlite3_int64 offset)
{
    return (uint64_t)(offset / VFS_SUM_PAGE_BYTES) + 1;
}

/* A page that was allocated and given back before it was ever written is a hole of zeros in the file. */
static bool is_hole(const unsigned char *page)
{
    return page[0] == 0 && memcmp(page, page + 1, VFS_SUM_PAGE_BYTES - 1) == 0;
}

static bool page_holds(const unsigned char *page, sqlite3_int64 offset)
{
    uint64_t kept;
    memcpy(&kept, page + VFS_SUM_PAGE_BYTES - VFS_SUM_RESERVE_BYTES, sizeof kept);
    return kept == page_sum(page, page_number(offset)) || is_hole(page);
}

static uint32_t big32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t word32(const unsigned char *p, bool big)
{
    return big ? big32(p) : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void log_sum(const unsigned char *bytes, size_t size_bytes, bool big, uint32_t sums[2])
{
    for (size_t i = 0; i < size_bytes; i += 8) {
        sums[0] += word32(bytes + i, big) + sums[1];
        sums[1] += word32(bytes + i + 4, big) + sums[0];
    }
}

/* Is the page, read from the frame at that offset, what its checksums say? */
static int check_frame(struct sum_file *file, const unsigned char *page, sqlite3_int64 frame)
{
    unsigned char magic[4], header[FRAME_HEADER_BYTES], before[SUMS_BYTES];
    sqlite3_int64 before_at = frame == LOG_HEADER_BYTES
                                  ? LOG_HEADER_BYTES - SUMS_BYTES
                                  : frame - FRAME_BYTES + FRAME_HEADER_BYTES - SUMS_BYTES;
    const sqlite3_io_methods *io = file->real->pMethods;
    int rc = io->xRead(file->real, magic, sizeof magic, 0);
    if (rc == SQLITE_OK)
        rc = io->xRead(file->real, header, sizeof header, frame);
    if (rc == SQLITE_OK)
        rc = io->xRead(file->real, before, sizeof before, before_at);
    if (rc != SQLITE_OK)
        return rc;
    bool big = magic[3] & 1;
    uint32_t sums[2] = {big32(before), big32(before + 4)};
    log_sum(header, FRAME_COVERED_BYTES, big, sums);
    log_sum(page, VFS_SUM_PAGE_BYTES, big, sums);
    bool holds = sums[0] == big32(header + FRAME_HEADER_BYTES - SUMS_BYTES) &&
                 sums[1] == big32(header + FRAME_HEADER_BYTES - SUMS_BYTES + 4);
    return holds ? SQLITE_OK : SQLITE_IOERR_DATA;
}

/* ---- files ---------------------------------------------------------------------------------------- */

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct sum_file *)file)->real;
}

static int sum_close(sqlite3_file *file)
{
    sqlite3_file *real = real_of(file);
    return real->pMethods ? real->pMethods->xClose(real) : SQLITE_OK;
}

static int sum_read(sqlite3_file *base, void *out, int size_bytes, sqlite3_int64 offset)
{
    struct sum_file *file = (struct sum_file *)base;
    int rc = file->real->pMethods->xRead(file->real, out, size_bytes, offset);
    if (rc != SQLITE_OK || size_bytes != VFS_SUM_PAGE_BYTES)
        return rc;
    if (file->kind == KIND_DATABASE)
        return page_holds(out, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
    sqlite3_int64 frame = offset - FRAME_HEADER_BYTES;
    bool is_page = frame >= LOG_HEADER_BYTES && (frame - LOG_HEADER_BYTES) % FRAME_BYTES == 0;
    if (file->kind == KIND_LOG && is_page && frame < file->unsure_from)
        return check_frame(file, out, frame);
    return rc;
}

/* A transaction larger than the page cache writes frames before it ends, and may write one of them again;
 * then the checksums behind it are wrong until it commits, when SQLite rewrites them and syncs. Only the
 * writer itself reads those frames. */
static void on_log_write(struct sum_file *file, int size_bytes, sqlite3_int64 offset)
{
    sqlite3_int64 frame = offset - FRAME_HEADER_BYTES;
    if (size_bytes != VFS_SUM_PAGE_BYTES)
        return;
    if (offset < file->written_to && frame < file->unsure_from)
        file->unsure_from = frame;
    file->written_to = offset + size_bytes;
}

static int sum_write(sqlite3_file *base, const void *bytes, int size_bytes, sqlite3_int64 offset)
{
    struct sum_file *file = (struct sum_file *)base;
    if (file->kind == KIND_LOG)
        on_log_write(file, size_bytes, offset);
    if (file->kind != KIND_DATABASE || size_bytes != VFS_SUM_PAGE_BYTES)
        return file->real->pMethods->xWrite(file->real, bytes, size_bytes, offset);
    unsigned char page[VFS_SUM_PAGE_BYTES];
    memcpy(page, bytes, sizeof page);
    uint64_t sum = page_sum(page, page_number(offset));
    memcpy(page + VFS_SUM_PAGE_BYTES - VFS_SUM_RESERVE_BYTES, &sum, sizeof sum);
    return file->real->pMethods->xWrite(file->real, page, size_bytes, offset);
}

static int sum_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int sum_sync(sqlite3_file *base, int flags)
{
    struct sum_file *file = (struct sum_file *)base;
    int rc = file->real->pMethods->xSync(file->real, flags);
    if (rc == SQLITE_OK) {
        file->unsure_from = SURE;
        file->written_to = 0; /* the log may start anew from here */
    }
    return rc;
}

static int sum_size(sqlite3_file *file, sqlite3_int64 *out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), out);
}

static int sum_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int sum_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int sum_check_lock(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int sum_control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int sum_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int sum_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int sum_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, out);
}

static int sum_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void sum_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int sum_shm_unmap(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

/* Version 2: no memory mapping, which would read pages past this. */
static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = sum_close,
    .xRead = sum_read,
    .xWrite = sum_write,
    .xTruncate = sum_truncate,
    .xSync = sum_sync,
    .xFileSize = sum_size,
    .xLock = sum_lock,
    .xUnlock = sum_unlock,
    .xCheckReservedLock = sum_check_lock,
    .xFileControl = sum_control,
    .xSectorSize = sum_sector,
    .xDeviceCharacteristics = sum_traits,
    .xShmMap = sum_shm_map,
    .xShmLock = sum_shm_lock,
    .xShmBarrier = sum_shm_barrier,
    .xShmUnmap = sum_shm_unmap,
};

/* ---- the VFS -------------------------------------------------------------------------------------- */

static sqlite3_vfs *below(sqlite3_vfs *vfs)
{
    return ((struct sum_vfs *)vfs)->real;
}

static int sum_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
    struct sum_file *file = (struct sum_file *)base;
    *file = (struct sum_file){.real = (sqlite3_file *)(file + 1), .unsure_from = SURE};
    if (flags & SQLITE_OPEN_MAIN_DB)
        file->kind = KIND_DATABASE;
    else if (flags & SQLITE_OPEN_WAL)
        file->kind = KIND_LOG;
    file->real->pMethods = NULL;
    int rc = below(vfs)->xOpen(below(vfs), name, file->real, flags, out_flags);
    base->pMethods = file->real->pMethods ? &METHODS : NULL;
    return rc;
}

static int sum_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    return below(vfs)->xDelete(below(vfs), name, sync);
}

static int sum_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    return below(vfs)->xAccess(below(vfs), name, flags, out);
}

static int sum_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    return below(vfs)->xFullPathname(below(vfs), name, size, out);
}

static int sum_random(sqlite3_vfs *vfs, int size, char *out)
{
    return below(vfs)->xRandomness(below(vfs), size, out);
}

static int sum_sleep(sqlite3_vfs *vfs, int microseconds)
{
    return below(vfs)->xSleep(below(vfs), microseconds);
}

static int sum_time(sqlite3_vfs *vfs, double *out)
{
    return below(vfs)->xCurrentTime(below(vfs), out);
}

static int sum_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    return below(vfs)->xGetLastError ? below(vfs)->xGetLastError(below(vfs), size, out) : 0;
}

static int sum_time64(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    return below(vfs)->xCurrentTimeInt64(below(vfs), out);
}

static void name_over(const char *base, char out[NAME_MAX_BYTES])
{
    (void)snprintf(out, NAME_MAX_BYTES, "sum:%s", base ? base : "");
}

static sqlite3_vfs *make(sqlite3_vfs *real, const char *name)
{
    struct sum_vfs *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->real = real;
    memcpy(made->name, name, sizeof made->name);
    made->vfs = (sqlite3_vfs){.iVersion = real->iVersion >= 2 ? 2 : 1,
                              .szOsFile = (int)sizeof(struct sum_file) + real->szOsFile,
                              .mxPathname = real->mxPathname,
                              .zName = made->name,
                              .xOpen = sum_open,
                              .xDelete = sum_delete,
                              .xAccess = sum_access,
                              .xFullPathname = sum_full_path,
                              .xRandomness = sum_random,
                              .xSleep = sum_sleep,
                              .xCurrentTime = sum_time,
                              .xGetLastError = sum_last_error,
                              .xCurrentTimeInt64 = sum_time64};
    return &made->vfs;
}

enum errc vfs_sum_over(const char *base, const char **out_name, struct err *err)
{
    char name[NAME_MAX_BYTES];
    name_over(base, name);
    int code = sqlite3_initialize();
    sqlite3_mutex *mutex = code == SQLITE_OK ? sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1) : NULL;
    sqlite3_mutex_enter(mutex);
    sqlite3_vfs *vfs = sqlite3_vfs_find(name);
    if (!vfs && code == SQLITE_OK) {
        sqlite3_vfs *real = sqlite3_vfs_find(base);
        vfs = real ? make(real, name) : NULL;
        if (vfs)
            code = sqlite3_vfs_register(vfs, 0);
    }
    sqlite3_mutex_leave(mutex);
    if (!vfs || code != SQLITE_OK)
        return err_set(err, ERR_NOMEM, "the disk layer %s cannot be set up", name);
    *out_name = vfs->zName;
    return ERR_OK;
}

void vfs_sum_drop(const char *base)
{
    char name[NAME_MAX_BYTES];
    name_over(base, name);
    sqlite3_vfs *vfs = sqlite3_vfs_find(name);
    if (!vfs)
        return;
    (void)sqlite3_vfs_unregister(vfs); /* it is registered: found just now */
    free(vfs);
}
