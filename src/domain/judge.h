/* domain/judge.h — may this act be done, here and now? And whom is it for?
 *
 * Four questions, in this order: are the fields right (fields.h), does the node stand to the matter as the
 * catalogue asks, does the state allow it, do the packs give the power. The first no is the answer.
 *
 * An act that comes from a peer is judged by the same rules, except where another order of arrival is the
 * likely reason: a state that has moved on does not matter, and an owner that is not known yet is ERR_BUSY
 * ("wait"), not a refusal.
 *
 * Layer    domain: pure.   Owns nothing.   Threads any.
 * Errors   ERR_INVALID, ERR_WRONG_STATE, ERR_PERMISSION, ERR_POWER (with clause), ERR_BUSY (wait), ERR_NOMEM.
 * Tests    tests/unit/domain/test_judge.c
 */
#ifndef DOMAIN_JUDGE_H
#define DOMAIN_JUDGE_H

#include "domain/matter.h"
#include "domain/power.h"

enum judge_mode {
    JUDGE_MAKE,   /* a person asks for it here */
    JUDGE_SYSTEM, /* the program itself makes it */
    JUDGE_RECEIVE /* a peer's act has come */
};

/* What the ruling rests on; for a refusal err says what, ruling says what to do instead. */
struct ruling {
    const char *pack;
    const char *pack_version;
    const char *clause;
    const struct sayings *then; /* NULL = nothing to propose */
};

MUST_USE enum errc judge(const struct matter *matter, enum judge_mode mode, struct arena *arena,
                         struct ruling *out, struct err *err);

/* The power of the packs that the act asks for; NULL when it needs none. */
const char *judge_power(const struct matter *matter);

/* Everybody the act is for: the catalogue's route, the packs' routes, never the actor itself. */
MUST_USE enum errc judge_addressees(const struct matter *matter, struct arena *arena, struct node_list *out,
                                    struct err *err);

#endif
