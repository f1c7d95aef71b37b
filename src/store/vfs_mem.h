/* store/vfs_mem.h — a disk in memory that can fail, lose power, be copied and be damaged on purpose.
 *
 * A SQLite VFS for tests and for the deterministic simulation. Every file has two contents: what programs
 * see, and what would survive a power cut, which is what they had at their last sync; a sync also keeps the
 * names made and deleted in its folder, as journaling file systems do. Contents are shared pages, copied
 * when written, so that a copy of a prepared node is a matter of microseconds.
 *
 *     disk = vfs_mem_new("disk-1")       options.vfs = "disk-1", options.dir = "/node-7"
 *     vfs_mem_copy(disk, "/prepared/", "/node-7/")    vfs_mem_crash(disk, "/node-7/", seed)
 *
 * Layer    store.
 * Owns     the disk and its files until vfs_mem_free; no store may be open on it then.
 * Threads  one thread at a time: a simulation gives each thread its own disk.
 * Errors   what the hook answers; ERR_NOMEM.
 * Tests    tests/unit/store/test_vfs_mem.c
 */
#ifndef STORE_VFS_MEM_H
#define STORE_VFS_MEM_H

#include "base/err.h"

struct vfs_mem;

/* Registers it under that name, which is copied. */
MUST_USE enum errc vfs_mem_new(const char *name, struct vfs_mem **out, struct err *err);
void vfs_mem_free(struct vfs_mem *disk);

enum vfs_mem_op {
    VFS_MEM_OPEN,
    VFS_MEM_READ,
    VFS_MEM_WRITE,
    VFS_MEM_TRUNCATE,
    VFS_MEM_SYNC,
    VFS_MEM_DELETE,
    VFS_MEM_ACCESS,
    VFS_MEM_OP_COUNT
};

struct vfs_mem_call {
    enum vfs_mem_op op;
    const char *path;
    int64_t offset;
    int64_t size_bytes;
};

/* What becomes of a call. */
enum vfs_mem_fate {
    VFS_MEM_PASS,
    VFS_MEM_EIO,    /* fails and does nothing; a sync that fails has also dropped what it should have kept */
    VFS_MEM_ENOSPC, /* a write that finds the disk full */
    VFS_MEM_SHORT,  /* a write that does the first half and then fails */
    VFS_MEM_LIE     /* a sync that answers well and keeps nothing */
};

/* Asked before every call; NULL = all pass. */
typedef enum vfs_mem_fate (*vfs_mem_hook)(void *context, const struct vfs_mem_call *call);
void vfs_mem_set_hook(struct vfs_mem *disk, vfs_mem_hook hook, void *context);

/* Files whose path begins with `from` appear once more with `to` in its place; what was there goes away.
 * They must not be open. */
MUST_USE enum errc vfs_mem_copy(struct vfs_mem *disk, const char *from, const char *to, struct err *err);
/* Files whose path begins so are gone. */
void vfs_mem_remove(struct vfs_mem *disk, const char *prefix);

/* Power cut for the files whose path begins so. seed 0: everything since the last sync is gone. Else each
 * unsynced page, creation and deletion has an even chance of having reached the disk. Locks and shared
 * memory are forgotten: whoever had them is no more. */
MUST_USE enum errc vfs_mem_crash(struct vfs_mem *disk, const char *prefix, uint64_t seed, struct err *err);

/* -1 when there is no such file. */
int64_t vfs_mem_size(const struct vfs_mem *disk, const char *path);
/* Turns one bit of what programs see and of what would survive. */
MUST_USE enum errc vfs_mem_flip(struct vfs_mem *disk, const char *path, int64_t offset, unsigned bit,
                                struct err *err);
/* The path of file number index (from 0); NULL behind the last. */
const char *vfs_mem_path(const struct vfs_mem *disk, size_t index);

#endif
