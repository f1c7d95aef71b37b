/* http/problem.h — an error told to a client: RFC 9457, application/problem+json. The only place that
 * forms one.
 *
 *   {"type":"/problems/invalid","title":"Invalid","status":422,"detail":"…","field":"body.scope",
 *    "clause":"4.4","hint":"…","line":3}          field, clause and line only where they are known
 *
 * Layer    http.   Threads any.   Owns nothing.
 * Errors   the buffer's failed flag.
 * Data     src/base/errors.def
 * Tests    tests/unit/http/test_problem.c
 */
#ifndef HTTP_PROBLEM_H
#define HTTP_PROBLEM_H

#include "base/doc.h"

#define PROBLEM_CONTENT_TYPE "application/problem+json"
#define PROBLEM_TYPE_PREFIX "/problems/"

enum { PROBLEM_TITLE_SIZE = 64 };

/* more: an object whose members are added behind, such as "then"; may be NULL. */
void problem_write(const struct err *err, int status, const json_t *more, struct buf *out);

/* "storage-full" → "Storage full". */
void problem_title(const char *slug, char out[PROBLEM_TITLE_SIZE]);

#endif
