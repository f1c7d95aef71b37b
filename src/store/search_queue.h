/* store/search_queue.h — what the full-text index is owed by a transaction.
 *
 * Changing the index costs little, writing it out costs much, and it is written out at every mark and every
 * commit. So changes gather here and go into the index together: before the commit, before a search, or when
 * there are many. What is committed is never ahead of the index.
 *
 * Layer    store: for the files of this folder only.
 * Owns     copies of the terms, until the transaction ends.
 * Threads  the writer's.
 * Errors   ERR_NOMEM; those of db_run.
 * Tests    tests/unit/store/test_search_queue.c
 */
#ifndef STORE_SEARCH_QUEUE_H
#define STORE_SEARCH_QUEUE_H

#include "base/buf.h"
#include "store/db.h"

/* Waiting changes; one more writes them out. */
enum { SEARCH_QUEUE_MAX = 512 };

struct search_change;

struct search_queue {
    struct search_change *changes;
    size_t count;
    size_t room;
    size_t written; /* the first ones are in the index already */
    size_t marked_count;
    size_t marked_written;
    bool marked; /* there is a mark to return to */
};

/* Copies both texts. gone = the terms that leave the index; NULL = there were none. */
MUST_USE enum errc search_queue_add(struct search_queue *queue, struct db *db, int64_t no,
                                    const struct buf *gone, const struct buf *come, struct err *err);
/* What waits goes into the index, in the order in which it came. */
MUST_USE enum errc search_queue_write(struct search_queue *queue, struct db *db, struct err *err);

/* These go with the marks of the store (store_mark, store_keep, store_undo). */
void search_queue_mark(struct search_queue *queue);
void search_queue_keep(struct search_queue *queue);
void search_queue_undo(struct search_queue *queue);
/* The transaction has ended, one way or the other. */
void search_queue_clear(struct search_queue *queue);

#endif
