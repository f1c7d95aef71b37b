/* paper/cap.h — a warning as an alert of the Common Alerting Protocol 1.2 (OASIS), for machines.
 *
 * Layer    paper: pure.   Owns nothing.   Threads any.
 * Errors   ERR_UNSUPPORTED the document is no warning; ERR_INVALID the act does not say what an alert needs.
 * Data     documents/warning.yaml (`cap`)
 * Tests    tests/unit/paper/test_cap.c
 */
#ifndef PAPER_CAP_H
#define PAPER_CAP_H

#include "base/arena.h"
#include "paper/words.h"

/* original: the act that published the warning, for an update or a cancellation; NULL otherwise. */
MUST_USE enum errc cap_write(const struct paper_facts *facts, const struct paper_row *row,
                             const struct act *original, struct buf *out, struct err *err);

#endif
