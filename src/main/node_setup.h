/* main/node_setup.h — a new node: its keys, its record, and for the ministry its authority and first act.
 *
 *   every node     seal/ with fresh ledger keys · link/node.key · an empty record
 *   the ministry   besides: the root of all certificates, a certificate for itself, its own card as the
 *                  anchor of trust, and node.enrolled as act number 0
 *
 * All other nodes then wait for enrolment by the tier above.
 *
 * Layer    main.
 * Owns     nothing.
 * Threads  the main thread, before any other is made: the ministry's signer is forked.
 * Errors   ERR_CONFLICT there is a node already; those of what it makes. What was made before an error stays
 *          and must be removed by hand: nothing is ever deleted here that may hold a key.
 * Tests    tests/unit/main/test_node.c
 */
#ifndef MAIN_NODE_SETUP_H
#define MAIN_NODE_SETUP_H

#include "base/env.h"
#include "domain/model.h"
#include "main/config.h"
#include "main/node_dir.h"

struct node_setup {
    const struct config *config;
    enum suite suite;
    const struct node_card *top; /* the ministry's name, tier, region and roles; NULL for every other node */
    const char *person;          /* who sets it up */
    const char *post;
};

MUST_USE enum errc node_setup(const struct node_setup *setup, const struct env *env, struct arena *arena,
                              struct err *err);

#endif
