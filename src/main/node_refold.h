/* main/node_refold.h — a stopped node's tables made again from its acts; and a record under another law.
 *
 * Layer    main.
 * Owns     documents are new references.
 * Threads  the main thread.
 * Errors   ERR_BUSY the node runs (node_rebuild); those of store/rebuild.h, desk/replay.h, lawbook_open.
 * Tests    tests/unit/main/test_node_refold.c
 */
#ifndef MAIN_NODE_REFOLD_H
#define MAIN_NODE_REFOLD_H

#include "base/env.h"
#include "main/config.h"
#include "store/rebuild.h"

/* The real record. With check_only nothing is put in place. */
MUST_USE enum errc node_rebuild(const struct config *config, const struct env *env, bool check_only,
                                struct arena *arena, struct rebuild_report *out, struct err *err);

/* rules: the folder of the other rule packs; NULL = those in the binary. Works on a copy in the data
 * directory, also while the node runs. *out: see desk/replay.h. */
MUST_USE enum errc node_replay(const struct config *config, const struct env *env, const char *rules,
                               struct arena *arena, json_t **out, struct err *err);

#endif
