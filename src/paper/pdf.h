/* paper/pdf.h — a paper as PDF in the form of GB/T 9704—2012: fonts embedded, text that can be searched.
 *
 * The same paper gives the same bytes wherever the same fonts are.
 *
 * Layer    paper.   Owns nothing: bytes go into the caller's buffer.   Threads any.
 * Errors   ERR_UNSUPPORTED no Chinese font; ERR_LIMIT; ERR_NOMEM.
 * Data     documents/house.yaml
 * Tests    tests/unit/paper/test_pdf.c
 */
#ifndef PAPER_PDF_H
#define PAPER_PDF_H

#include "paper/compose.h"

MUST_USE enum errc pdf_write(const struct paper *paper, const struct paper_house *house, struct buf *out,
                             struct err *err);

#endif
