/* domain/org.h — organisations and the names they bore: never compare names as strings.
 *
 * Layer    domain: pure.   Owns nothing.   Threads: immutable after loading.
 * Data     rules/<pack>/organisations.yaml
 * Tests    tests/unit/domain/test_org.c
 */
#ifndef DOMAIN_ORG_H
#define DOMAIN_ORG_H

#include "domain/pack.h"

/* The organisation that bore this name on this day ("YYYY-MM-DD"; NULL = at any time); NULL = none. */
const struct organisation_row *org_find(const struct pack *pack, const char *name, const char *date);

/* The name it bore on that day: an alias valid then, else today's name. */
const char *org_name_on(const struct organisation_row *row, const char *date);

#endif
