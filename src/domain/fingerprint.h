/* domain/fingerprint.h — SHA-256 over a few parts, each with its length, so that no two lists of parts agree.
 *
 * For identifiers that two nodes must compute alike (duties) and for commitments to secret values. The
 * ledger's hashes are another matter: base/hash.h.
 *
 * Layer    domain: pure.   Owns nothing.   Threads any.
 * Errors   ERR_CRYPTO.
 * Tests    tests/unit/domain/test_fingerprint.c
 */
#ifndef DOMAIN_FINGERPRINT_H
#define DOMAIN_FINGERPRINT_H

#include "base/str.h"

enum { FINGERPRINT_BYTES = 32, FINGERPRINT_TEXT_SIZE = 2 * FINGERPRINT_BYTES + 1 };

/* The first digits of it make an identifier; all of it is a commitment. */
MUST_USE enum errc fingerprint(const struct str *parts, size_t count, char out[FINGERPRINT_TEXT_SIZE],
                               struct err *err);

#endif
