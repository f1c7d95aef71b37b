/* desk/tick.h — what the passing of time makes happen: years begin, duties fall due, shifts have gaps.
 *
 * Nothing is decided by the clock: it opens the yearly duties and raises alarms, which are acts, so that
 * nobody can say later that the program was silent.
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   as the store.
 * Tests    tests/unit/desk/test_tick.c
 */
#ifndef DESK_TICK_H
#define DESK_TICK_H

#include "desk/desk.h"

/* One transaction, or none when there is nothing to do. */
MUST_USE enum errc desk_tick(struct desk *desk, struct err *err);

#endif
