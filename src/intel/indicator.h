/* intel/indicator.h — one indicator: read from a list's text, written back for people.
 *
 * Read as: "algorithm:hex" or bare hex of 32, 40, 64 digits (64 bare digits are taken as SHA-256; an SM3
 * digest has the same length and is told apart by "sm3:" or by the list's column), "+digits" as E.164,
 * anything with "://" or "host/path" or "host:port" as URL, "address", "address/length", "address:port",
 * else a domain name with at least two labels; ".zip" and "*.zip" name a single label. "[.]" and "hxxp" are
 * understood.
 *
 * Layer    intel.   Threads any.   Owns nothing.
 * Errors   false for what is no indicator.
 * Tests    tests/unit/intel/test_indicator.c
 */
#ifndef INTEL_INDICATOR_H
#define INTEL_INDICATOR_H

#include "intel/kind.h"
#include "intel/number.h"
#include "intel/url.h"

enum {
    INDICATOR_KEY_MAX = URL_LISTED_MAX + NAME_SIZE,
    INDICATOR_TEXT_SIZE = INDICATOR_KEY_MAX + 16,
    DIGEST_MAX = 32
};

struct indicator {
    enum kind kind;
    enum url_scheme scheme;    /* URL */
    struct ip ip;              /* IPV4, IPV6, ENDPOINT */
    uint8_t length;            /* IPV4, IPV6: of the prefix */
    uint16_t port;             /* ENDPOINT */
    struct number_range range; /* NUMBER */
    uint8_t digest[DIGEST_MAX];
    size_t text_size; /* DOMAIN, URL */
    char text[INDICATOR_KEY_MAX];
};

/* hash64_kind: what 64 bare hex digits are, KIND_SHA256 or KIND_SM3. */
MUST_USE bool indicator_parse(struct str text, enum kind hash64_kind, struct indicator *out);

/* The one text of an indicator. Returns its size. */
size_t indicator_format(const struct indicator *indicator, char out[INDICATOR_TEXT_SIZE]);

/* A digest in hex, colons between the bytes allowed ("aa:bb:…"); gives its size in bytes, 0 for what is
 * none. */
size_t indicator_digest(struct str text, uint8_t out[DIGEST_MAX]);

#endif
