/* domain/power.h — who may do what to whom.
 *
 * A power is a row: an act, the warnings or responses it is about, and what it needs of its user. The act
 * is allowed when one matching row has all its needs. Otherwise the answer names the clause and says what
 * to do instead.
 *
 * Layer    domain: pure.
 * Owns     nothing: texts belong to the packs.
 * Threads  any.
 * Errors   ERR_INVALID naming the field: an unknown act, or a colour, level … that the answer turns on.
 * Data     rules/<pack>/powers.yaml
 * Tests    tests/unit/domain/test_power.c
 */
#ifndef DOMAIN_POWER_H
#define DOMAIN_POWER_H

#include "domain/pack_set.h"

enum power_what {
    POWER_TIER,      /* of the actor is listed */
    POWER_REGION,    /* "own": the target lies in the actor's region; a code: the actor is of that region */
    POWER_PUBLISHER, /* "self": the actor published it; "self-told": and that was said */
    POWER_BASIS,
    POWER_CONSENT,
    POWER_RESPONSE_STARTED,
    POWER_NOBODY, /* never: somebody outside this program has the power */
    POWER_WHAT_COUNT
};

enum basis { BASIS_NONE, BASIS_STATE, BASIS_LEADING_GROUP };
const char *basis_name(enum basis basis);
int basis_parse(const char *name); /* "none", "state", "leading-group"; -1 for another word */

struct power_query {
    const char *act; /* "warning.publish" */
    enum tier tier;
    const char *region; /* of the actor; NULL = not told, for the ministry the country */
    enum colour colour;
    enum level level;
    const char *target_region; /* NULL = not told: the actor's own */
    int publisher_tier;        /* -1 = not told: the actor itself */
    const char *publisher_region;
    enum basis basis;
    enum answer consent;
    enum answer response_started;
};

struct power_answer {
    bool allowed;
    const struct pack *pack;
    const struct power_row *row;
    const struct power_need *need; /* the need that was not there; NULL when allowed */
    const char *clause;
    struct said why;
    const struct sayings *then;
};

/* Everything else is not told. */
struct power_query power_query(const char *act, enum tier tier);

MUST_USE enum errc power_check(const struct pack_set *set, const struct power_query *query,
                               struct power_answer *out, struct err *err);

/* The acts for which some pack has a power row. */
bool power_known(const struct pack_set *set, const char *act);

/* The JSON of contracts/cli.md; a new reference, NULL when out of memory. */
json_t *power_json(const struct power_answer *answer);

#endif
