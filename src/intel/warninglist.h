/* intel/warninglist.h — MISP warning lists: what is known to be good, as JSON.
 *
 * {"name": …, "type": "string|hostname|cidr|substring|regex", "list": […]}. "string" holds for the value
 * itself only, "hostname" for a name and what is under it, "cidr" for what is inside. Substrings and
 * regular expressions have no exact place in an index: each is told as a bad line, its number the place in
 * the list.
 *
 * Layer    intel; private to list.c.
 * Owns     nothing after it returns.
 * Threads  one call, one thread.
 * Errors   ERR_SYNTAX for what is no such list, ERR_LIMIT over LIST_JSON_MAX_BYTES.
 * Tests    tests/unit/intel/test_warninglist.c
 */
#ifndef INTEL_WARNINGLIST_H
#define INTEL_WARNINGLIST_H

#include "intel/lines.h"
#include "intel/list.h"

/* The whole rest of lines is the list. */
MUST_USE enum errc warninglist_read(struct lines *lines, const struct list_options *options,
                                    const struct list_sink *sink, struct list_counts *out,
                                    char out_name[LIST_NAME_SIZE], struct err *err);

#endif
