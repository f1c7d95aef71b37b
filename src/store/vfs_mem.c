#include "store/vfs_mem.h"

#include "store/vfs_image.h"
#include "store/vfs_sum.h"

#include <sqlite3.h>
#include <string.h>

enum { NAME_BYTES = 48, PATH_BYTES = 256, SHM_REGIONS_MAX = 64 };

/* ---- files ---------------------------------------------------------------------------------------- */

struct mem_file {
    struct mem_file *next;
    char path[PATH_BYTES];
    struct image seen; /* what programs read */
    struct image safe; /* what survives a power cut */
    struct image lost; /* pages that a failed sync dropped: no later sync keeps them */
    bool there;        /* programs see it */
    bool safe_there;   /* it would be there after a power cut */
    int opens;
    int shared; /* database locks: how many SHARED … */
    const void *reserved;
    const void *exclusive;
    unsigned char *shm[SHM_REGIONS_MAX];
    int shm_shared[SQLITE_SHM_NLOCK];
    const void *shm_exclusive[SQLITE_SHM_NLOCK];
};

struct vfs_mem {
    sqlite3_vfs vfs;
    char name[NAME_BYTES];
    struct mem_file *files;
    vfs_mem_hook hook;
    void *hook_context;
    uint64_t random; /* state of xRandomness: the same in every run */
};

struct handle {
    sqlite3_file file;
    struct vfs_mem *disk;
    struct mem_file *mem;
    int level;
    bool read_only;
    bool delete_on_close;
    uint16_t shm_shared;
    uint16_t shm_exclusive;
};

static struct mem_file *find(const struct vfs_mem *disk, const char *path)
{
    struct mem_file *mem = disk->files;
    while (mem && strcmp(mem->path, path) != 0)
        mem = mem->next;
    return mem;
}

static struct mem_file *make_file(struct vfs_mem *disk, const char *path)
{
    struct mem_file *mem = find(disk, path);
    if (!mem && strlen(path) < PATH_BYTES) {
        mem = calloc(1, sizeof *mem);
        if (!mem)
            return NULL;
        (void)snprintf(mem->path, sizeof mem->path, "%s", path);
        mem->next = disk->files;
        disk->files = mem;
    }
    return mem;
}

/* What lives in the memory of the running programs. */
static void forget_sharing(struct mem_file *mem)
{
    for (size_t i = 0; i < SHM_REGIONS_MAX; i++) {
        free(mem->shm[i]);
        mem->shm[i] = NULL;
    }
    memset(mem->shm_shared, 0, sizeof mem->shm_shared);
    memset(mem->shm_exclusive, 0, sizeof mem->shm_exclusive);
    mem->shared = 0;
    mem->reserved = mem->exclusive = NULL;
}

static void free_file(struct mem_file *mem)
{
    image_done(&mem->seen);
    image_done(&mem->safe);
    image_done(&mem->lost);
    forget_sharing(mem);
    free(mem);
}

static enum vfs_mem_fate fate(struct vfs_mem *disk, enum vfs_mem_op op, const char *path, int64_t offset,
                              int64_t size_bytes)
{
    struct vfs_mem_call call = {op, path, offset, size_bytes};
    return disk->hook ? disk->hook(disk->hook_context, &call) : VFS_MEM_PASS;
}

static enum vfs_mem_fate file_fate(const struct handle *handle, enum vfs_mem_op op, int64_t offset,
                                   int64_t size_bytes)
{
    return fate(handle->disk, op, handle->mem->path, offset, size_bytes);
}

static int mem_close(sqlite3_file *file)
{
    struct handle *handle = (struct handle *)file;
    struct mem_file *mem = handle->mem;
    (void)file->pMethods->xUnlock(file, SQLITE_LOCK_NONE); /* cannot fail here */
    mem->opens--;
    if (handle->delete_on_close)
        mem->there = mem->safe_there = false;
    return SQLITE_OK;
}

static int mem_read(sqlite3_file *file, void *out, int size_bytes, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)file;
    if (file_fate(handle, VFS_MEM_READ, offset, size_bytes) != VFS_MEM_PASS)
        return SQLITE_IOERR_READ;
    return image_read(&handle->mem->seen, out, size_bytes, offset) == size_bytes ? SQLITE_OK
                                                                                 : SQLITE_IOERR_SHORT_READ;
}

static int mem_write(sqlite3_file *file, const void *bytes, int size_bytes, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)file;
    struct image *seen = &handle->mem->seen;
    if (handle->read_only)
        return SQLITE_IOERR_WRITE;
    switch (file_fate(handle, VFS_MEM_WRITE, offset, size_bytes)) {
    case VFS_MEM_PASS:
    case VFS_MEM_LIE: return image_write(seen, bytes, size_bytes, offset) ? SQLITE_OK : SQLITE_IOERR_NOMEM;
    case VFS_MEM_SHORT:
        (void)image_write(seen, bytes, size_bytes / 2, offset); /* it fails either way */
        return SQLITE_FULL;
    case VFS_MEM_ENOSPC: return SQLITE_FULL;
    case VFS_MEM_EIO: break;
    }
    return SQLITE_IOERR_WRITE;
}

static int mem_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct handle *handle = (struct handle *)file;
    if (handle->read_only)
        return SQLITE_IOERR_TRUNCATE;
    if (file_fate(handle, VFS_MEM_TRUNCATE, size, 0) != VFS_MEM_PASS)
        return SQLITE_IOERR_TRUNCATE;
    return image_truncate(&handle->mem->seen, size) ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

/* Like a journaling file system: whatever was made or deleted in the folder before is durable with it. */
static void keep_names(struct vfs_mem *disk, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    for (struct mem_file *mem = disk->files; mem; mem = mem->next)
        if (strncmp(mem->path, path, folder) == 0)
            mem->safe_there = mem->there;
}

/* A failed sync drops what it should have kept, as on Linux: the next one answers well and means nothing. */
static int mem_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    struct handle *handle = (struct handle *)file;
    struct mem_file *mem = handle->mem;
    switch (file_fate(handle, VFS_MEM_SYNC, 0, mem->seen.size_bytes)) {
    case VFS_MEM_PASS:
        keep_names(handle->disk, mem->path);
        return image_follow(&mem->safe, &mem->seen, &mem->lost, NULL) ? SQLITE_OK : SQLITE_IOERR_NOMEM;
    case VFS_MEM_LIE: return SQLITE_OK;
    case VFS_MEM_ENOSPC:
    case VFS_MEM_SHORT:
    case VFS_MEM_EIO: break;
    }
    (void)image_follow(&mem->lost, &mem->seen, NULL, NULL); /* it fails either way */
    return SQLITE_IOERR_FSYNC;
}

static int mem_size(sqlite3_file *file, sqlite3_int64 *out)
{
    *out = ((struct handle *)file)->mem->seen.size_bytes;
    return SQLITE_OK;
}

/* ---- locks of the database file ------------------------------------------------------------------- */

static int mem_lock(sqlite3_file *file, int level)
{
    struct handle *handle = (struct handle *)file;
    struct mem_file *mem = handle->mem;
    if (handle->level >= level)
        return SQLITE_OK;
    if (mem->exclusive && mem->exclusive != handle)
        return SQLITE_BUSY;
    if (handle->level == SQLITE_LOCK_NONE) {
        mem->shared++;
        handle->level = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) {
        if (mem->reserved && mem->reserved != handle)
            return SQLITE_BUSY;
        mem->reserved = handle;
        handle->level = SQLITE_LOCK_RESERVED;
    }
    if (level >= SQLITE_LOCK_PENDING) {
        if (mem->shared > 1)
            return SQLITE_BUSY;
        mem->exclusive = handle;
        handle->level = SQLITE_LOCK_EXCLUSIVE;
    }
    return SQLITE_OK;
}

static int mem_unlock(sqlite3_file *file, int level)
{
    struct handle *handle = (struct handle *)file;
    struct mem_file *mem = handle->mem;
    if (handle->level <= level)
        return SQLITE_OK;
    if (mem->exclusive == handle)
        mem->exclusive = NULL;
    if (mem->reserved == handle)
        mem->reserved = NULL;
    if (level == SQLITE_LOCK_NONE && mem->shared > 0)
        mem->shared--;
    handle->level = level;
    return SQLITE_OK;
}

static int mem_check_lock(sqlite3_file *file, int *out)
{
    *out = ((struct handle *)file)->mem->reserved != NULL;
    return SQLITE_OK;
}

static int mem_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int mem_sector(sqlite3_file *file)
{
    (void)file;
    return 512;
}

static int mem_traits(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- shared memory of the log --------------------------------------------------------------------- */

static int mem_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    struct mem_file *mem = ((struct handle *)file)->mem;
    *out = NULL;
    if (region >= SHM_REGIONS_MAX)
        return SQLITE_FULL;
    if (!mem->shm[region] && extend) {
        mem->shm[region] = calloc(1, (size_t)size);
        if (!mem->shm[region])
            return SQLITE_IOERR_NOMEM;
    }
    *out = mem->shm[region];
    return SQLITE_OK;
}

static int shm_unlock(struct handle *handle, unsigned mask)
{
    struct mem_file *mem = handle->mem;
    for (unsigned i = 0; i < SQLITE_SHM_NLOCK; i++) {
        unsigned bit = mask & 1U << i;
        if (bit & handle->shm_shared && mem->shm_shared[i] > 0)
            mem->shm_shared[i]--;
        if (bit & handle->shm_exclusive && mem->shm_exclusive[i] == handle)
            mem->shm_exclusive[i] = NULL;
    }
    handle->shm_shared &= (uint16_t)~mask;
    handle->shm_exclusive &= (uint16_t)~mask;
    return SQLITE_OK;
}

static int mem_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    struct handle *handle = (struct handle *)file;
    struct mem_file *mem = handle->mem;
    unsigned mask = ((1U << count) - 1) << offset;
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    if (flags & SQLITE_SHM_UNLOCK)
        return shm_unlock(handle, mask);
    for (unsigned i = 0; i < SQLITE_SHM_NLOCK; i++) {
        if (!(mask & 1U << i))
            continue;
        bool own = handle->shm_shared & 1U << i;
        if (mem->shm_exclusive[i] && mem->shm_exclusive[i] != handle)
            return SQLITE_BUSY;
        if (exclusive && mem->shm_shared[i] > own)
            return SQLITE_BUSY;
    }
    for (unsigned i = 0; i < SQLITE_SHM_NLOCK; i++) {
        if (!(mask & 1U << i))
            continue;
        if (exclusive)
            mem->shm_exclusive[i] = handle;
        else if (!(handle->shm_shared & 1U << i))
            mem->shm_shared[i]++;
    }
    if (exclusive)
        handle->shm_exclusive |= (uint16_t)mask;
    else
        handle->shm_shared |= (uint16_t)mask;
    return SQLITE_OK;
}

static void mem_shm_barrier(sqlite3_file *file)
{
    (void)file; /* one thread at a time */
}

static int mem_shm_unmap(sqlite3_file *file, int remove)
{
    struct handle *handle = (struct handle *)file;
    (void)shm_unlock(handle, (1U << SQLITE_SHM_NLOCK) - 1);
    if (remove && handle->mem->opens == 1)
        forget_sharing(handle->mem);
    return SQLITE_OK;
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = mem_close,
    .xRead = mem_read,
    .xWrite = mem_write,
    .xTruncate = mem_truncate,
    .xSync = mem_sync,
    .xFileSize = mem_size,
    .xLock = mem_lock,
    .xUnlock = mem_unlock,
    .xCheckReservedLock = mem_check_lock,
    .xFileControl = mem_control,
    .xSectorSize = mem_sector,
    .xDeviceCharacteristics = mem_traits,
    .xShmMap = mem_shm_map,
    .xShmLock = mem_shm_lock,
    .xShmBarrier = mem_shm_barrier,
    .xShmUnmap = mem_shm_unmap,
};

/* ---- the VFS -------------------------------------------------------------------------------------- */

static int mem_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    struct vfs_mem *disk = (struct vfs_mem *)vfs;
    struct handle *handle = (struct handle *)file;
    char temporary[32];
    *handle = (struct handle){0};
    if (!name) {
        (void)snprintf(temporary, sizeof temporary, "#%llu", (unsigned long long)++disk->random);
        name = temporary;
    }
    if (fate(disk, VFS_MEM_OPEN, name, 0, 0) != VFS_MEM_PASS)
        return SQLITE_CANTOPEN;
    struct mem_file *mem = find(disk, name);
    if (!(mem && mem->there) && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    mem = make_file(disk, name);
    if (!mem)
        return SQLITE_NOMEM;
    if (!mem->there)
        image_done(&mem->seen);
    if (!mem->safe_there)
        image_done(&mem->safe);
    mem->there = true;
    mem->opens++;
    handle->disk = disk;
    handle->mem = mem;
    handle->read_only = flags & SQLITE_OPEN_READONLY;
    handle->delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE;
    file->pMethods = &METHODS;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static int mem_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct vfs_mem *disk = (struct vfs_mem *)vfs;
    struct mem_file *mem = find(disk, name);
    if (fate(disk, VFS_MEM_DELETE, name, 0, 0) != VFS_MEM_PASS)
        return SQLITE_IOERR_DELETE;
    if (!mem || !mem->there)
        return SQLITE_IOERR_DELETE_NOENT;
    mem->there = false;
    if (sync)
        mem->safe_there = false;
    return SQLITE_OK;
}

static int mem_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)flags;
    struct vfs_mem *disk = (struct vfs_mem *)vfs;
    const struct mem_file *mem = find(disk, name);
    if (fate(disk, VFS_MEM_ACCESS, name, 0, 0) != VFS_MEM_PASS)
        return SQLITE_IOERR_ACCESS;
    *out = mem && mem->there;
    return SQLITE_OK;
}

static int mem_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

/* Salts of the log come from here: the same disk gives the same bytes in every run. */
static int mem_random(sqlite3_vfs *vfs, int size, char *out)
{
    struct vfs_mem *disk = (struct vfs_mem *)vfs;
    for (int i = 0; i < size; i++) {
        disk->random = disk->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        out[i] = (char)(disk->random >> 56);
    }
    return size;
}

static int mem_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds; /* nobody else would go on meanwhile */
}

static int mem_time64(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = INT64_C(2440587) * 86400000 + 43200000; /* always 1970: no statement of ours asks */
    return SQLITE_OK;
}

static int mem_time(sqlite3_vfs *vfs, double *out)
{
    (void)vfs;
    *out = 2440587.5;
    return SQLITE_OK;
}

static int mem_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    if (size > 0)
        *out = '\0';
    return 0;
}

enum errc vfs_mem_new(const char *name, struct vfs_mem **out, struct err *err)
{
    struct vfs_mem *disk = calloc(1, sizeof *disk);
    if (!disk || sqlite3_initialize() != SQLITE_OK) {
        free(disk);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    (void)snprintf(disk->name, sizeof disk->name, "%s", name);
    disk->vfs = (sqlite3_vfs){.iVersion = 2,
                              .szOsFile = (int)sizeof(struct handle),
                              .mxPathname = PATH_BYTES - 1,
                              .zName = disk->name,
                              .xOpen = mem_open,
                              .xDelete = mem_delete,
                              .xAccess = mem_access,
                              .xFullPathname = mem_full_path,
                              .xRandomness = mem_random,
                              .xSleep = mem_sleep,
                              .xCurrentTime = mem_time,
                              .xGetLastError = mem_last_error,
                              .xCurrentTimeInt64 = mem_time64};
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) {
        free(disk);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    *out = disk;
    return ERR_OK;
}

void vfs_mem_free(struct vfs_mem *disk)
{
    if (!disk)
        return;
    vfs_sum_drop(disk->name);
    (void)sqlite3_vfs_unregister(&disk->vfs); /* it is registered */
    vfs_mem_remove(disk, "");
    free(disk);
}

/* ---- what tests and the simulation do to it --------------------------------------------------------- */

static bool begins(const char *path, const char *prefix)
{
    return strncmp(path, prefix, strlen(prefix)) == 0;
}

void vfs_mem_set_hook(struct vfs_mem *disk, vfs_mem_hook hook, void *context)
{
    disk->hook = hook;
    disk->hook_context = context;
}

void vfs_mem_remove(struct vfs_mem *disk, const char *prefix)
{
    for (struct mem_file **at = &disk->files; *at;) {
        struct mem_file *mem = *at;
        if (begins(mem->path, prefix)) {
            *at = mem->next;
            free_file(mem);
        } else {
            at = &mem->next;
        }
    }
}

enum errc vfs_mem_copy(struct vfs_mem *disk, const char *from, const char *to, struct err *err)
{
    vfs_mem_remove(disk, to);
    for (const struct mem_file *mem = disk->files; mem; mem = mem->next) {
        char path[PATH_BYTES];
        if (!begins(mem->path, from))
            continue;
        int n = snprintf(path, sizeof path, "%s%s", to, mem->path + strlen(from));
        struct mem_file *copy = n < PATH_BYTES ? make_file(disk, path) : NULL;
        if (!copy || !image_follow(&copy->seen, &mem->seen, NULL, NULL) ||
            !image_follow(&copy->safe, &mem->safe, NULL, NULL))
            return err_set(err, ERR_NOMEM, "out of memory");
        copy->there = mem->there;
        copy->safe_there = mem->safe_there;
    }
    return ERR_OK;
}

static bool crash_file(struct mem_file *mem, uint64_t *seed)
{
    forget_sharing(mem);
    if (seed && mem->there != mem->safe_there) {
        *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (!(*seed >> 63))
            mem->safe_there = mem->there;
    }
    /* What reached the disk by chance is on it from now on. */
    if (seed && mem->there && !image_follow(&mem->safe, &mem->seen, &mem->lost, seed))
        return false;
    image_done(&mem->lost);
    mem->there = mem->safe_there;
    return image_follow(&mem->seen, &mem->safe, NULL, NULL);
}

enum errc vfs_mem_crash(struct vfs_mem *disk, const char *prefix, uint64_t seed, struct err *err)
{
    for (struct mem_file *mem = disk->files; mem; mem = mem->next)
        if (begins(mem->path, prefix) && !crash_file(mem, seed ? &seed : NULL))
            return err_set(err, ERR_NOMEM, "out of memory");
    return ERR_OK;
}

int64_t vfs_mem_size(const struct vfs_mem *disk, const char *path)
{
    const struct mem_file *mem = find(disk, path);
    return mem && mem->there ? mem->seen.size_bytes : -1;
}

enum errc vfs_mem_flip(struct vfs_mem *disk, const char *path, int64_t offset, unsigned bit, struct err *err)
{
    struct mem_file *mem = find(disk, path);
    unsigned char byte;
    if (!mem || !mem->there || offset >= mem->seen.size_bytes)
        return err_set(err, ERR_NOT_FOUND, "%s has no byte %lld", path, (long long)offset);
    (void)image_read(&mem->seen, &byte, 1, offset); /* it is there */
    byte ^= (unsigned char)(1U << bit % 8);
    if (!image_write(&mem->seen, &byte, 1, offset) || !image_follow(&mem->safe, &mem->seen, NULL, NULL))
        return err_set(err, ERR_NOMEM, "out of memory");
    return ERR_OK;
}

const char *vfs_mem_path(const struct vfs_mem *disk, size_t index)
{
    for (const struct mem_file *mem = disk->files; mem; mem = mem->next)
        if (mem->there && index-- == 0)
            return mem->path;
    return NULL;
}
