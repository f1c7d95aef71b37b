/* paper/docx.h — a paper as DOCX (ECMA-376), in the same form as the PDF: what an office edits further.
 *
 * Faces are named as the readers' machines have them; nothing is embedded. Same paper, same bytes.
 *
 * Layer    paper: pure but for libzip.   Owns nothing.   Threads any.
 * Errors   those of zip_write.
 * Data     documents/house.yaml
 * Tests    tests/unit/paper/test_docx.c
 */
#ifndef PAPER_DOCX_H
#define PAPER_DOCX_H

#include "paper/compose.h"

MUST_USE enum errc docx_write(const struct paper *paper, const struct paper_house *house, struct buf *out,
                              struct err *err);

#endif
