#include "store/search_queue.h"

#include "store/row.h"

#include <stdlib.h>
#include <string.h>

struct search_change {
    int64_t no; /* subjects.no */
    char *gone;
    char *come;
};

static void cut(struct search_queue *queue, size_t count)
{
    while (queue->count > count) {
        struct search_change *last = &queue->changes[--queue->count];
        free(last->gone);
        free(last->come);
    }
}

void search_queue_clear(struct search_queue *queue)
{
    cut(queue, 0);
    free(queue->changes);
    *queue = (struct search_queue){0};
}

void search_queue_mark(struct search_queue *queue)
{
    queue->marked = true;
    queue->marked_count = queue->count;
    queue->marked_written = queue->written;
}

void search_queue_keep(struct search_queue *queue)
{
    queue->marked = false;
}

/* What was written since the mark has left the index again, and waits again. */
void search_queue_undo(struct search_queue *queue)
{
    cut(queue, queue->marked_count);
    queue->written = queue->marked_written;
    queue->marked = false;
}

static enum errc write_one(const struct search_change *change, struct db *db, struct err *err)
{
    enum errc rc = ERR_OK;
    if (change->gone)
        rc = db_run(db, SQL(SEARCH_DELETE), DB_VALUES(db_of_int(change->no), db_of_text(change->gone)), NULL,
                    err);
    if (rc == ERR_OK)
        rc = db_run(db, SQL(SEARCH_INSERT), DB_VALUES(db_of_int(change->no), db_of_text(change->come)), NULL,
                    err);
    return rc;
}

enum errc search_queue_write(struct search_queue *queue, struct db *db, struct err *err)
{
    enum errc rc = ERR_OK;
    for (; rc == ERR_OK && queue->written < queue->count; queue->written += rc == ERR_OK)
        rc = write_one(&queue->changes[queue->written], db, err);
    if (rc == ERR_OK && !queue->marked) {
        cut(queue, 0);
        queue->written = 0;
    }
    return rc;
}

static bool grow(struct search_queue *queue)
{
    if (queue->count < queue->room)
        return true;
    size_t room = queue->room ? queue->room * 2 : 64;
    struct search_change *changes = reallocarray(queue->changes, room, sizeof *changes);
    if (!changes)
        return false;
    queue->changes = changes;
    queue->room = room;
    return true;
}

enum errc search_queue_add(struct search_queue *queue, struct db *db, int64_t no, const struct buf *gone,
                           const struct buf *come, struct err *err)
{
    enum errc rc = ERR_OK;
    if (queue->count - queue->written >= SEARCH_QUEUE_MAX)
        rc = search_queue_write(queue, db, err);
    if (rc < 0)
        return rc;
    struct search_change change = {.no = no, .come = strdup(come->data)};
    if (gone)
        change.gone = strdup(gone->data);
    if (!change.come || (gone && !change.gone) || !grow(queue)) {
        free(change.come);
        free(change.gone);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    queue->changes[queue->count++] = change;
    return ERR_OK;
}
