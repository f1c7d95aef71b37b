/* main/demo_country.h — the nodes of a demonstration, all in one process: records on disk, links in memory.
 *
 * Each node is a real one — its own keys, store, ledger, desk and link — but its exchanges go from buffer to
 * buffer instead of over TLS, and the cards that enrolment would give are handed round at the start.
 *
 *   <folder>/<node>/real/     its record, which `fengsui verify <folder>/<node>` checks afterwards
 *
 * Layer    main.
 * Owns     country_open gives an object freed by country_close.
 * Threads  one.
 * Errors   those of store, seal, desk and link.
 * Tests    tests/unit/main/test_cmd_demo.c
 */
#ifndef MAIN_DEMO_COUNTRY_H
#define MAIN_DEMO_COUNTRY_H

#include "main/demo_script.h"
#include "main/lawbook.h"

#include "desk/desk.h"

struct country;

MUST_USE enum errc country_open(const char *folder, const struct demo_script *script, const struct env *env,
                                struct country **out, struct err *err);
void country_close(struct country *country); /* takes NULL */

MUST_USE enum errc country_act(struct country *country, const char *node, struct submission *submission,
                               struct err *err);

/* Exchanges until nothing waits any more. */
MUST_USE enum errc country_deliver(struct country *country, struct err *err);

/* Lent; NULL for an unknown node. */
struct store *country_store(const struct country *country, const char *node);

#endif
