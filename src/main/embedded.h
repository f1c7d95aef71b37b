/* main/embedded.h — the files built into the binary, so that one file is the whole program.
 *
 * Layer    main: other layers are handed a set.
 * Owns     constants.
 * Threads  any.
 * Data     api/, rules/, documents/ (made by cmake/Embed.cmake)
 * Tests    tests/unit/main/test_embedded.c
 */
#ifndef MAIN_EMBEDDED_H
#define MAIN_EMBEDDED_H

#include "base/embed.h"

/* The catalogue of acts, the API's contract: paths below api/. */
extern const struct embed_set EMBED_api;
/* The rule packs, calendars and regions: paths below rules/. */
extern const struct embed_set EMBED_rules;
/* Templates of documents and registers: documents/. */
extern const struct embed_set EMBED_documents;
/* The demonstration: country.yaml and scenario.yaml. */
extern const struct embed_set EMBED_demo;

#endif
