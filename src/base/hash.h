/* base/hash.h — SM3 and SHA-256 over OpenSSL's EVP, and the suites that name a hash with a signature.
 *
 * A suite fixes both algorithms of a ledger: "p256-sha256" (ECDSA P-256 with SHA-256) and "sm2-sm3".
 *
 * Layer    base.
 * Owns     a hasher holds its fetched algorithm and working state until hasher_free.
 * Threads  one hasher, one thread at a time; no shared state.
 * Errors   ERR_CRYPTO when OpenSSL fails. A failure inside hash_begin / hash_add is kept and told by
 *          hash_end, so a caller tests once.
 * Tests    tests/unit/base/test_hash.c
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/err.h"

enum { HASH_SIZE = 32, HASH_TEXT_SIZE = 2 * HASH_SIZE + 1 };

enum suite { SUITE_P256_SHA256, SUITE_SM2_SM3, SUITE_COUNT };

/* "p256-sha256", "sm2-sm3"; parse gives -1 for any other name. */
const char *suite_name(enum suite suite);
int suite_parse(const char *name);

struct hasher;

MUST_USE enum errc hasher_new(enum suite suite, struct hasher **out, struct err *err);
void hasher_free(struct hasher *hasher);
enum suite hasher_suite(const struct hasher *hasher);

/* Streaming: begin, any number of add, end. begin drops whatever was unfinished. */
void hash_begin(struct hasher *hasher);
void hash_add(struct hasher *hasher, const void *bytes, size_t size_bytes);
MUST_USE enum errc hash_end(struct hasher *hasher, uint8_t out[HASH_SIZE], struct err *err);

MUST_USE enum errc hash_once(struct hasher *hasher, const void *bytes, size_t size_bytes,
                             uint8_t out[HASH_SIZE], struct err *err);

/* Known answers ("abc" and the empty text, both suites): ERR_CRYPTO when this machine's library is wrong. */
MUST_USE enum errc hash_self_test(struct err *err);

#endif
