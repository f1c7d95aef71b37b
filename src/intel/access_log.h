/* intel/access_log.h — access logs of squid, nginx and Apache, told apart line by line.
 *
 *   squid     1700000000.123 45 192.0.2.1 TCP_MISS/200 507 GET http://evil.example/a - DIRECT/198.51.100.1 -
 *   common    192.0.2.1 - - [01/Jan/2024:00:00:00 +0800] "GET /a HTTP/1.1" 200 12 "http://evil.example/" "x"
 *   vhost     www.example:80 192.0.2.1 - - [… as common
 *
 * Fields are client, url and peer; client, vhost, request, referer and forwarded.
 *
 * Layer    intel.   Threads any.
 * Owns     decoded values live in the space of the caller.
 * Tests    tests/unit/intel/test_access_log.c, tests/fuzz/fuzz_log.c
 */
#ifndef INTEL_ACCESS_LOG_H
#define INTEL_ACCESS_LOG_H

#include "intel/json_read.h"

/* False when the line is of none of them. */
bool access_log_read(struct str line, struct read_space *space, field_visit_fn *visit, void *context);

#endif
