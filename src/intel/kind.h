/* intel/kind.h — the kinds of indicators, and their names in every list, file and answer.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Data     KINDS below: one row a kind.
 * Tests    tests/unit/intel/test_kind.c
 */
#ifndef INTEL_KIND_H
#define INTEL_KIND_H

#include "base/str.h"

/* Rows: name in C, name outside. Index files store the number of the row: add rows at the end only. */
#define KINDS(ROW)                                                                                           \
    ROW(DOMAIN, "domain")                                                                                    \
    ROW(IPV4, "ipv4")                                                                                        \
    ROW(IPV6, "ipv6")                                                                                        \
    ROW(ENDPOINT, "endpoint") /* an address with a port */                                                   \
    ROW(URL, "url")                                                                                          \
    ROW(MD5, "md5")                                                                                          \
    ROW(SHA1, "sha1")                                                                                        \
    ROW(SHA256, "sha256")                                                                                    \
    ROW(SM3, "sm3")                                                                                          \
    ROW(NUMBER, "number") /* E.164 */

enum kind {
#define ROW(name, text) KIND_##name,
    KINDS(ROW)
#undef ROW
        KIND_COUNT
};

const char *kind_name(enum kind kind);
/* -1 for any other text. */
int kind_parse(struct str name);

bool kind_is_hash(enum kind kind);
/* Bytes of a digest: 16, 20 or 32; 0 for what is no hash. */
size_t kind_digest_bytes(enum kind kind);

#endif
