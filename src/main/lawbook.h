/* main/lawbook.h — the catalogue of acts, the rule packs and the documents a program works with.
 *
 * Layer    main.
 * Owns     lawbook_open fills a struct lawbook that lawbook_close empties.
 * Threads  immutable once open: any thread may read.
 * Errors   those of catalogue_load and pack_set_load, with file and line; ERR_INVALID when a pack names an
 *          act that the catalogue does not have; those of folder_read.
 * Data     api/acts, rules/, documents/
 * Tests    tests/unit/main/test_lawbook.c
 */
#ifndef MAIN_LAWBOOK_H
#define MAIN_LAWBOOK_H

#include "base/arena.h"
#include "domain/catalogue.h"
#include "domain/pack_set.h"
#include "paper/papers.h"

/* The option row of commands that may be given other rules. */
#define RULES_OPTION                                                                                         \
    {                                                                                                        \
        .name = "rules", .kind = OPTION_TEXT, .value = "DIR",                                                \
        .text = "take the rules of a folder, not those built in"                                             \
    }

struct lawbook {
    struct catalogue *catalogue;
    struct pack_set *packs;
    struct papers *papers; /* templates of documents */
};

/* folder: rule packs in the place of those in the binary; NULL or "" = those in the binary. */
MUST_USE enum errc lawbook_open(const char *folder, struct lawbook *out, struct err *err);
void lawbook_close(struct lawbook *law); /* takes an empty one */

/* Only the packs, freed by pack_set_free, and not yet held against a catalogue. */
MUST_USE enum errc lawbook_packs(const char *folder, struct pack_set **out, struct err *err);
/* Every act kind that the packs name is in the catalogue. */
MUST_USE enum errc lawbook_check(const struct pack_set *packs, struct catalogue *catalogue, struct err *err);

#endif
