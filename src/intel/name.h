/* intel/name.h — domain names in one form: lower case, no dot at the end, A-labels (RFC 5891, UTS 46).
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Errors   0 for what is no name.
 * Tests    tests/unit/intel/test_name.c
 */
#ifndef INTEL_NAME_H
#define INTEL_NAME_H

#include "base/str.h"

enum { NAME_SIZE = 256 }; /* 253 characters and a NUL */

/* Strict, for lists: letters, digits, hyphens and underscores in labels of 1 to 63, the last label not all
 * digits; IDN is converted. "" and names of more than 253 characters are refused. Returns the size. */
size_t name_indicator(struct str text, char out[NAME_SIZE]);

/* Lenient, for values of logs: what a resolver may have been asked, "*.evil.example", "_dmarc.x", with \DDD
 * and \. as in zone files (an escaped dot is no label boundary and becomes 0x1F). Refused: empty, too long,
 * control characters. words = false refuses blanks and everything else that no host name holds. Returns the
 * size. */
size_t name_value(struct str text, bool words, char out[NAME_SIZE]);

size_t name_labels(struct str name);

#endif
