/* domain/guard.h — the few questions to an act that rows of data cannot ask, by the names the catalogue uses.
 *
 * Guards hold no law: they compare what a person says now with what the matter already says.
 *
 * Layer    domain: pure.   Owns nothing.   Threads any.
 * Errors   ERR_INVALID, ERR_PERMISSION, ERR_WRONG_STATE with the field at fault.
 * Tests    tests/unit/domain/test_judge.c
 */
#ifndef DOMAIN_GUARD_H
#define DOMAIN_GUARD_H

#include "domain/matter.h"

bool guard_known(const char *name);

/* All guards that the act's row names. */
MUST_USE enum errc guards_check(const struct matter *matter, struct err *err);

#endif
