/* main/node.h — everything of one node, opened in order from its configuration and data directory.
 *
 *   node_open     signer forked (before any thread) ─► law ─► store, whose end is checked ─► the signer is
 *                 shown the last head (a store that was set back is refused) ─► desk
 *   node_start    the writer's thread
 *   node_close    writer (finishes what waits) ─► desk ─► store ─► law ─► signer
 *
 * Between node_open and node_start the desk may be used directly, as commands on a stopped node do.
 *
 * Layer    main.
 * Owns     node_open fills a struct that node_close empties; texts of the configuration must outlive it.
 * Threads  node_open, node_start and node_close: the main thread, the first before any other thread is made.
 * Errors   ERR_BUSY the node runs already; ERR_NOT_FOUND it was never made ('fengsui init'); ERR_FORGED the
 *          store is not the one whose end was signed last; ERR_DAMAGED; those of lawbook_open and seal_start.
 * Data     see node_dir.h
 * Tests    tests/unit/main/test_node.c
 */
#ifndef MAIN_NODE_H
#define MAIN_NODE_H

#include "desk/writer.h"
#include "main/config.h"
#include "main/lawbook.h"
#include "main/node_dir.h"

struct node {
    const struct config *config;
    const struct env *env;
    struct node_dir dir;
    const char *universe; /* "real", or the id of a drill */
    const char *record;   /* folder of its record */
    struct lawbook law;
    struct seal *seal;
    struct store *store; /* the writer's */
    struct desk *desk;
    struct writer *writer; /* NULL until node_start */
};

MUST_USE enum errc node_open(const struct config *config, const struct env *env, struct arena *arena,
                             struct node *out, struct err *err);
/* The same of a drill: its record, the drill key, a journal of its own. It may run beside the real node. */
MUST_USE enum errc node_open_drill(const struct config *config, const struct env *env, const char *drill,
                                   struct arena *arena, struct node *out, struct err *err);
MUST_USE enum errc node_start(struct node *node, const struct writer_events *events, struct err *err);
/* Finishes what waits before the writer, then ends its thread. */
void node_stop(struct node *node);
void node_close(struct node *node); /* takes an empty one */

/* A store for one reading thread; closed by store_close before node_close. */
MUST_USE enum errc node_open_reader(const struct node *node, struct store **out, struct err *err);

#endif
