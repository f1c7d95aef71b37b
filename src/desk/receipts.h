/* desk/receipts.h — receipts as acts: giving one for a batch that came, and what a received one proves.
 *
 * receipt.given {"received":time,"acts":{"<act id>":{"hash":hex,"state":"accepted","why","clause"}}}
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   ERR_INVALID for a receipt that cannot be read.
 * Tests    tests/unit/desk/test_receive.c
 */
#ifndef DESK_RECEIPTS_H
#define DESK_RECEIPTS_H

#include "desk/desk.h"

/* Notes who has which act, and discharges the duties those acts performed. Nothing for other kinds. */
MUST_USE enum errc receipts_apply(struct desk *desk, const struct act *act, struct arena *arena,
                                  struct err *err);

#endif
