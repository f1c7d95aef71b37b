/* domain/pack_show.h — a clause with everything that hangs on it, as a document for people and programs.
 *
 * {"pack","version","clause","title","text","en","contains":[…],
 *  "provisions":[{"id","modality","who","zh","en","conditions","powers","duties","routes","fields","gap"}],
 *  "enums","documents","ambiguities"}
 *
 * Layer    domain: pure.
 * Owns     a new reference, which the caller drops; NULL when out of memory.
 * Threads  any.
 * Tests    tests/unit/domain/test_pack_show.c
 */
#ifndef DOMAIN_PACK_SHOW_H
#define DOMAIN_PACK_SHOW_H

#include "domain/pack.h"

/* The clause with this number, or the one that a provision, duty, power or condition of this id stands in;
 * NULL when there is none. */
const struct clause_row *pack_show_find(const struct pack *pack, const char *id);

json_t *pack_show_clause(const struct pack *pack, const struct clause_row *clause);

const char *modality_name(enum modality modality);       /* "must" */
const char *confidence_name(enum confidence confidence); /* "source" */

#endif
