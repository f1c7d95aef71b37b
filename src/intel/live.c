#include "intel/live.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct slot {
    _Alignas(64) _Atomic(struct index *) used; /* a line of its own: readers do not slow each other */
};

struct live {
    _Atomic(struct index *) current;
    struct slot slots[LIVE_SLOTS_MAX];
    struct index *old[LIVE_OLD_MAX];
    size_t old_count;
    char *path;
    struct timespec changed;
    ino_t inode;
};

static void remember_file(struct live *live)
{
    struct stat st;
    if (stat(live->path, &st) < 0)
        return;
    live->changed = st.st_mtim;
    live->inode = st.st_ino;
}

enum errc live_open(const char *path, struct live **out, struct err *err)
{
    struct index *index = NULL;
    struct live *live = aligned_alloc(64, (sizeof *live + 63) / 64 * 64);
    if (!live)
        return err_set(err, ERR_NOMEM, "no memory for an index");
    memset(live, 0, sizeof *live);
    live->path = strdup(path);
    enum errc rc = live->path ? ERR_OK : err_set(err, ERR_NOMEM, "no memory for an index");
    if (rc == ERR_OK) {
        remember_file(live);
        rc = index_open(path, INDEX_CHECK_ALL, &index, err);
    }
    if (rc < 0) {
        free(live->path);
        free(live);
        return rc;
    }
    atomic_init(&live->current, index);
    *out = live;
    return ERR_OK;
}

static bool in_use(struct live *live, const struct index *index)
{
    for (size_t i = 0; i < LIVE_SLOTS_MAX; i++)
        if (atomic_load(&live->slots[i].used) == index)
            return true;
    return false;
}

/* Closes what nobody uses any more. */
static void collect(struct live *live)
{
    size_t kept = 0;
    for (size_t i = 0; i < live->old_count; i++)
        if (in_use(live, live->old[i]))
            live->old[kept++] = live->old[i];
        else
            index_close(live->old[i]);
    live->old_count = kept;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    collect(live);
    index_close(atomic_load(&live->current));
    free(live->path);
    free(live);
}

const struct index *live_use(struct live *live, size_t slot)
{
    struct index *index = atomic_load(&live->current);
    for (;;) {
        atomic_store(&live->slots[slot].used, index);
        /* Replaced between the two? Then the writer may not have seen the slot. */
        struct index *now = atomic_load(&live->current);
        if (now == index)
            return index;
        index = now;
    }
}

void live_leave(struct live *live, size_t slot)
{
    atomic_store_explicit(&live->slots[slot].used, NULL, memory_order_release);
}

enum errc live_replace(struct live *live, struct err *err)
{
    struct index *index = NULL;
    collect(live);
    if (live->old_count == LIVE_OLD_MAX)
        return err_set(err, ERR_BUSY, "%d replaced indexes are still in use", LIVE_OLD_MAX);
    remember_file(live);
    enum errc rc = index_open(live->path, INDEX_CHECK_ALL, &index, err);
    if (rc < 0)
        return rc;
    live->old[live->old_count++] = atomic_exchange(&live->current, index);
    collect(live);
    return ERR_OK;
}

enum errc live_refresh(struct live *live, bool *out_replaced, struct err *err)
{
    struct stat st;
    *out_replaced = false;
    collect(live);
    if (stat(live->path, &st) < 0)
        return ERR_OK; /* between two files: the one in use stays */
    if (st.st_ino == live->inode && st.st_mtim.tv_sec == live->changed.tv_sec &&
        st.st_mtim.tv_nsec == live->changed.tv_nsec)
        return ERR_OK;
    enum errc rc = live_replace(live, err);
    *out_replaced = rc == ERR_OK;
    return rc;
}
