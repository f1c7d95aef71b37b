/* main/node_enrol.h — how a node on this machine joins the tier above, and offers a place to those below.
 *
 *   offer   a stopped node's own ticket; a running one is asked over its API
 *   join    bid to the address in the ticket ─► grant ─► checked ─► certificates written, cards installed
 *
 * Joining writes the certificate last: a node that was cut off before has none and may join again with a new
 * ticket.
 *
 * Layer    main.
 * Owns     nothing.
 * Threads  the main thread, before any other is made.
 * Errors   ERR_CONFLICT the node is enrolled already; what the tier above answers; ERR_FORGED its grant does
 *          not prove what it must.
 * Tests    tests/unit/main/test_node_enrol.c, tests/e2e
 */
#ifndef MAIN_NODE_ENROL_H
#define MAIN_NODE_ENROL_H

#include "link/enrol.h"
#include "main/config.h"

MUST_USE enum errc node_enrol_offer(const struct config *config, const struct env *env,
                                    const struct admit_offer *offer, struct arena *arena,
                                    char out_ticket[ENROL_TICKET_SIZE], struct err *err);

/* What an operator asks for: {"id","name","tier","region","roles":[…],"large","ttl_ms"}. Texts stay the
 * document's. */
MUST_USE enum errc node_enrol_read(json_t *doc, struct admit_offer *out, struct err *err);

/* with_authority: asks for a CA certificate, too, as provinces need it. */
MUST_USE enum errc node_enrol_join(const struct config *config, const struct env *env,
                                   const struct enrol_ticket *ticket, bool with_authority,
                                   struct arena *arena, struct err *err);

#endif
