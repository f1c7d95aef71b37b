/* desk/standing.h — how far the person who asks for an act may go: the post's limits, on top of the law's.
 *
 * The packs say what this tier may do; the post says which of it this person does: acts that need a power of
 * the packs need it in the post too, and what concerns a region must lie in the post's. Nobody acts on his
 * own account. An act that the catalogue marks needs a second factor, shown a moment ago.
 *
 * Layer    desk.   Owns nothing: borrowed until the submission is answered.   Threads any.
 * Errors   ERR_PERMISSION (recorded as a refusal), ERR_SECOND_FACTOR.
 * Tests    tests/unit/desk/test_standing.c
 */
#ifndef DESK_STANDING_H
#define DESK_STANDING_H

#include "domain/matter.h"

struct standing {
    const char *user;    /* id of the matter of type user; "" = a token's */
    const char *region;  /* of the post; "" = as far as the node's own */
    bool all_powers;     /* "*" */
    const char **powers; /* of the packs */
    size_t power_count;
    bool confirmed; /* a second factor was shown */
};

/* standing NULL: the program itself or its operator on this machine; nothing is asked. */
MUST_USE enum errc standing_check(const struct matter *matter, const struct standing *standing,
                                  struct err *err);

#endif
