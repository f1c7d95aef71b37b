/* desk/evidence.h — what the record says of late, false, concealed and omitted reporting (004§4.1, §6.2).
 *
 * The program computes, people decide: each entry names the conduct it may be evidence of, the unit, the
 * acts and duties it rests on, and the figures. 立即 and 及时 have no number, so a time taken for them is
 * given as `measured` and called late by nobody here.
 *
 * Layer    desk.
 * Owns     gives a new reference.
 * Threads  as the store.
 * Errors   as the store.
 * Tests    tests/unit/desk/test_evidence.c
 */
#ifndef DESK_EVIDENCE_H
#define DESK_EVIDENCE_H

#include "desk/view.h"

/* [{"conduct","unit","why","clause","acts":[…],"duties":[…], …}] of one matter and what hangs under it. */
MUST_USE enum errc evidence_of(const struct view *view, struct store *store, const char *root,
                               struct arena *arena, json_t **out, struct err *err);

#endif
