/* main/law.h — the catalogue of acts and the rule packs a program works with.
 *
 * Layer    main.
 * Owns     law_open fills a struct law that law_close empties.
 * Threads  immutable once open: any thread may read.
 * Errors   those of catalogue_load and pack_set_load, with file and line; ERR_INVALID when a pack names an
 *          act that the catalogue does not have; those of folder_read.
 * Data     api/acts, rules/
 * Tests    tests/unit/main/test_law.c
 */
#ifndef MAIN_LAW_H
#define MAIN_LAW_H

#include "base/arena.h"
#include "domain/catalogue.h"
#include "domain/pack_set.h"

struct law {
    struct catalogue *catalogue;
    struct pack_set *packs;
};

/* folder: rule packs in the place of those in the binary; NULL or "" = those in the binary. */
MUST_USE enum errc law_open(const char *folder, struct law *out, struct err *err);
void law_close(struct law *law); /* takes an empty one */

/* Only the packs, freed by pack_set_free, and not yet held against a catalogue. */
MUST_USE enum errc law_packs(const char *folder, struct pack_set **out, struct err *err);
/* Every act kind that the packs name is in the catalogue. */
MUST_USE enum errc law_check(const struct pack_set *packs, struct catalogue *catalogue, struct err *err);

#endif
