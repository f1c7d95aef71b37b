/* paper/fonts.h — the faces of a paper: where they are, and one pango context that finds them.
 *
 * Layer    paper. The only file that looks at the machine's fonts.
 * Owns     fonts_open gives an object closed by fonts_close.
 * Threads  any; each with an object of its own; pango keeps a map of faces for each thread.
 * Errors   ERR_NOMEM; ERR_UNSUPPORTED when no face can set Chinese at all.
 * Data     documents/house.yaml
 * Tests    tests/unit/paper/test_fonts.c
 */
#ifndef PAPER_FONTS_H
#define PAPER_FONTS_H

#include "paper/papers.h"

#include <pango/pangocairo.h>

enum font { FONT_SONG, FONT_SONG_BOLD, FONT_FANG, FONT_HEI, FONT_KAI, FONT_COUNT };

struct fonts;

MUST_USE enum errc fonts_open(const struct paper_house *house, struct fonts **out, struct err *err);
void fonts_close(struct fonts *fonts); /* takes NULL */

/* A new layout in that face; the caller drops it with g_object_unref. */
PangoLayout *fonts_layout(struct fonts *fonts, enum font font, double size_pt, double spacing_pt,
                          const char *text);

#endif
