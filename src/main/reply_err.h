/* main/reply_err.h — a problem document (RFC 9457) that another node answered, as an error again.
 *
 * Layer    main.   Owns nothing.   Threads any.
 * Errors   what the document says: code by its type, message, field, clause, line. A document that says
 *          nothing, or none at all: ERR_INTERNAL from 500 on, else ERR_INVALID.
 * Tests    tests/unit/main/test_reply_err.c
 */
#ifndef MAIN_REPLY_ERR_H
#define MAIN_REPLY_ERR_H

#include "base/doc.h"

/* doc may be NULL. Fills *err and returns its code. */
enum errc reply_err(const json_t *doc, int status, struct err *err);

#endif
