/* main/demo_country.h — the nodes of a demonstration, each a process of its own, reached over their APIs.
 *
 *   country_open    for each node, from the top down: init ─► one-time code of the tier above, over its API
 *                   ─► join ─► serve --demo (demo_process.h) ─► a duty officer's token
 *
 *   <folder>/<node>/   a data directory like any other: commands take it as --data, 'verify' checks it
 *
 * Layer    main.
 * Owns     country_open gives an object freed by country_close, which ends the processes in order.
 * Threads  one.
 * Errors   what the nodes answer; ERR_NOT_FOUND no such node.
 * Tests    tests/e2e/test_demo.py
 */
#ifndef MAIN_DEMO_COUNTRY_H
#define MAIN_DEMO_COUNTRY_H

#include "main/call.h"
#include "main/demo_script.h"

struct country;

MUST_USE enum errc country_open(struct call *call, const char *folder, const struct demo_script *script,
                                struct country **out, struct err *err);
void country_close(struct country *country); /* takes NULL */

/* For people and programs who want to go on by hand. */
struct country_place {
    const struct demo_node *node;
    const char *data;
    const char *url;     /* of its API */
    const char *officer; /* token */
    bool runs;
};
size_t country_count(const struct country *country);
struct country_place country_place(const struct country *country, size_t n);

/* ---- what the nodes do ---- */

struct country_act {
    const char *node;
    const char *kind;
    const char *on;    /* matter, or NULL */
    const char *under; /* what a new matter hangs under, or NULL */
    const json_t *body;
};
/* out_id: of the matter, UUID_TEXT_SIZE bytes. */
MUST_USE enum errc country_act(struct country *country, const struct country_act *act, char *out_id,
                               struct err *err);
/* *out is a new reference. */
MUST_USE enum errc country_get(struct country *country, const char *node, const char *path, json_t **out,
                               struct err *err);

/* ---- what happens to them ---- */

MUST_USE enum errc country_stop(struct country *country, const char *node, bool kill, struct err *err);
MUST_USE enum errc country_start(struct country *country, const char *node, struct err *err);
/* Cuts or heals the link between two nodes; other NULL: between the node and all others. */
MUST_USE enum errc country_cut(struct country *country, const char *node, const char *other, bool cut,
                               struct err *err);
/* Sets every clock forward. */
MUST_USE enum errc country_forward(struct country *country, int64_t by_ms, struct err *err);

#endif
