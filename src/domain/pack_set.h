/* domain/pack_set.h — all the law a node knows: its rule packs, working-day calendars and regions.
 *
 * Built from files in memory, so that copies in the binary and a folder on disk feed it alike. Below rules/
 * a path is "<pack>/<file>.yaml", "calendar/<file>.yaml" or "regions/<file>.yaml"; others are not read.
 * The lists of a pack may be spread over its files as one likes, each list in one file.
 *
 * Layer    domain: pure. It allocates the set, and nothing afterwards.
 * Owns     pack_set_load gives an object freed by pack_set_free; everything in it is lent. The files'
 *          bytes need not outlive the call.
 * Threads  immutable after loading; any thread may read.
 * Errors   ERR_SYNTAX or ERR_INVALID with "file:line: what is wrong; what to do" and err->line; ERR_LIMIT.
 * Data     rules/
 * Tests    tests/unit/domain/test_pack_set.c, tests/unit/domain/test_pack_check.c, tests/fuzz/fuzz_pack.c
 */
#ifndef DOMAIN_PACK_SET_H
#define DOMAIN_PACK_SET_H

#include "base/embed.h"
#include "domain/pack.h"

struct calendar;
struct region_table;

enum { PACK_SET_MAX = 16, PACK_FILES_MAX = 512 };

struct pack_set;

MUST_USE enum errc pack_set_load(const struct embed_set *files, struct pack_set **out, struct err *err);
void pack_set_free(struct pack_set *set);

/* The main pack is the first. */
size_t pack_set_count(const struct pack_set *set);
const struct pack *pack_set_at(const struct pack_set *set, size_t index);
/* By id; NULL when it is not there. */
const struct pack *pack_set_find(const struct pack_set *set, const char *id);
/* The pack that is marked main; NULL when none is. */
const struct pack *pack_set_main(const struct pack_set *set);

const struct calendar *pack_set_calendar(const struct pack_set *set);
const struct region_table *pack_set_regions(const struct pack_set *set);

/* Calls known() for every act kind that the rows of all packs name; the first that is not known is an
 * error that names pack, row and kind. Lets a caller hold the packs against the catalogue of acts. */
MUST_USE enum errc pack_set_check_kinds(const struct pack_set *set,
                                        bool (*known)(void *context, const char *kind), void *context,
                                        struct err *err);

#endif
