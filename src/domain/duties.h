/* domain/duties.h — which duties an act opens, performs and cancels, by the rows of all packs.
 *
 * Layer    domain: pure.   Owns nothing; results live in the arena.   Threads any.
 * Errors   ERR_NOMEM, ERR_CRYPTO, ERR_INVALID from a deadline out of range.
 * Data     rules/<pack>/duties.yaml
 * Tests    tests/unit/domain/test_fold.c
 */
#ifndef DOMAIN_DUTIES_H
#define DOMAIN_DUTIES_H

#include "domain/matter.h"

struct duty_list {
    struct duty *at;
    size_t count;
    size_t room;
};

/* open: the duties of the root that are not discharged. out gets new and changed ones. */
MUST_USE enum errc duties_apply(const struct matter *matter, const struct act *act, const struct duty *open,
                                size_t open_count, struct arena *arena, struct duty_list *out,
                                struct err *err);

/* Done, and received: what turns a performed duty into a discharged one. */
void duty_receipt(struct duty *duty, const char *receipt_act, int64_t received_ms);

#endif
