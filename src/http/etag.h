/* http/etag.h — strong entity tags and the two conditions that are asked with them (RFC 9110, 13.1).
 *
 * Layer    http.   Threads any.   Owns nothing.
 * Errors   ERR_PRECONDITION (412); ERR_SYNTAX for a list that cannot be read.
 * Tests    tests/unit/http/test_etag.c
 */
#ifndef HTTP_ETAG_H
#define HTTP_ETAG_H

#include "http/request.h"

enum { ETAG_SIZE = 80 };

/* "opaque" in its quotes; the opaque part is ours: letters, digits, dashes, at most ETAG_SIZE - 3 of them. */
void etag_format(const char *opaque, char out[ETAG_SIZE]);

/* Are the request's conditions met by what is there now? etag NULL: nothing is there. *not_modified is set
 * when a GET or HEAD should be answered 304. */
MUST_USE enum errc etag_check(const struct http_request *request, const char *etag, bool *not_modified,
                              struct err *err);

#endif
