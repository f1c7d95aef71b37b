/* desk/answer.h — the answer to a submission as JSON, and kept under its idempotency key.
 *
 * {"act","subject","root","rev","pos","recorded"}
 *
 * Layer    desk.   Owns nothing.   Threads the writer's.
 * Errors   ERR_REPLAYED the key came before with another request.
 * Tests    tests/unit/desk/test_desk.c
 */
#ifndef DESK_ANSWER_H
#define DESK_ANSWER_H

#include "desk/desk.h"

/* A new reference; NULL when memory is exhausted. */
MUST_USE json_t *answer_write(const struct submission *submission);

/* *out_known: the submission was answered before and now carries that answer. */
MUST_USE enum errc answer_recall(struct desk *desk, struct submission *submission, struct arena *arena,
                                 bool *out_known, struct err *err);
MUST_USE enum errc answer_keep(struct desk *desk, const struct submission *submission, struct err *err);

#endif
