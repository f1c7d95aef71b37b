/* main/node_link.h — a node's identity towards other nodes: what enrolment wrote, as texts and keys.
 *
 * Layer    main.
 * Owns     node_link_load fills a struct that node_link_free empties; texts live in it.
 * Threads  immutable once loaded.
 * Errors   ERR_NOT_FOUND the node is not enrolled yet; ERR_SYNTAX, ERR_FORGED the files do not hang together.
 * Data     link.key, link.certificate, link.authority of the configuration; seal/ca.pem
 * Tests    tests/unit/main/test_node_link.c
 */
#ifndef MAIN_NODE_LINK_H
#define MAIN_NODE_LINK_H

#include "base/env.h"
#include "main/config.h"
#include "main/node_dir.h"
#include "seal/tls.h"

struct node_link {
    struct arena arena;
    struct sign_key *key;
    const char *chain; /* own leaf, then CAs */
    const char *root;
    const char *authority; /* own CA certificate and those above it; NULL = the node enrols nobody */
    struct pki_identity self;
};

MUST_USE enum errc node_link_load(const struct config *config, const struct node_dir *dir,
                                  const struct env *env, struct node_link *out, struct err *err);
void node_link_free(struct node_link *link); /* takes an empty one */

struct tls_setup node_link_tls(const struct node_link *link, enum tls_side side);

#endif
