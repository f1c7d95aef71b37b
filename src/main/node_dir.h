/* main/node_dir.h — the data directory of a node: what lies where, and what must not leave the machine.
 *
 *   <data>/                  0700
 *     fengsui.yaml           the configuration, when `init` wrote it here
 *     client.yaml      0600  address and token for commands of the operator on this machine
 *     seal/            0700  the signer's: private ledger keys, CA key, its journal         (seal/seal.h)
 *     link/            0700  node.key, node.crt, authority.crt of mutual TLS                (link/, settings)
 *     real/            0700  the record: store.db with its log, lock, blobs/                (store/store.h)
 *     drills/<id>/     0700  a record like real/, one for each drill; journal and client.yaml (drill.h)
 *
 * A backup copies real/ and drills/, never seal/: who restores a node keeps or renews its keys by hand.
 *
 * Layer    main.
 * Owns     texts live in the caller's arena.
 * Threads  any.
 * Errors   ERR_NOMEM, ERR_LIMIT, ERR_IO, ERR_PERMISSION.
 * Tests    tests/unit/main/test_node_dir.c
 */
#ifndef MAIN_NODE_DIR_H
#define MAIN_NODE_DIR_H

#include "base/arena.h"

struct node_dir {
    const char *data;
    const char *config;
    const char *client;
    const char *seal;
    const char *link;
    const char *real;
    const char *drills;
};

MUST_USE enum errc node_dir_of(const char *data, struct arena *arena, struct node_dir *out, struct err *err);

/* Makes data, link and drills; seal and real are made by those who fill them. */
MUST_USE enum errc node_dir_make(const struct node_dir *dir, struct err *err);

#endif
