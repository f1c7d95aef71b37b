/* domain/fields.h — is the body of an act what its row of the catalogue asks for?
 *
 * Layer    domain: pure.   Owns nothing.   Threads any.
 * Errors   ERR_INVALID naming the field (unknown, missing, wrong type, out of range, not a region, not a
 *          node …) and the clause that demands it; ERR_CLASSIFIED for a text that carries a secrecy marking.
 * Tests    tests/unit/domain/test_fields.c
 */
#ifndef DOMAIN_FIELDS_H
#define DOMAIN_FIELDS_H

#include "domain/matter.h"

enum { FIELD_LIST_MAX = 1000 };

/* Checks matter->body against matter->row. */
MUST_USE enum errc fields_check(const struct matter *matter, struct arena *arena, struct err *err);

#endif
