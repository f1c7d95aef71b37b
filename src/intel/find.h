/* intel/find.h — which indicators of an index hold for one value. Exact: every hit has been compared in full.
 *
 * A name has the indicators that are the name or end it at a label boundary; an address those prefixes that
 * hold it; a URL those of its host whose text it begins with, up to a cut (intel/url.h); a number the
 * ranges around it. The most specific comes first.
 *
 * Layer    intel.
 * Owns     nothing: hits are lent by the index.
 * Threads  any.
 * Errors   ERR_DAMAGED when bytes that a hit was read from do not match their checksum.
 * Tests    tests/unit/intel/test_find.c, tests/unit/intel/test_index.c
 */
#ifndef INTEL_FIND_H
#define INTEL_FIND_H

#include "intel/index.h"
#include "intel/indicator.h"

/* A value may have more; the least specific are then left out and cut is set. */
enum { FIND_HITS_MAX = 160 };

struct find_hit {
    enum kind kind;
    uint32_t note;     /* see index_labels() */
    uint32_t specific; /* length of what matched: labels' characters, bits, digits; more is narrower */
    enum url_scheme scheme;
    struct str text; /* DOMAIN, URL, digests: in the index */
    struct ip ip;    /* IPV4, IPV6, ENDPOINT */
    uint8_t length;
    uint16_t port;
    struct number_range range;
};

struct find_hits {
    size_t count;
    bool cut;
    struct find_hit at[FIND_HITS_MAX];
};

/* Each sets count and cut anew. Names are those of name_value() or name_indicator(). */
MUST_USE enum errc find_name(const struct index *index, struct str name, struct find_hits *out,
                             struct err *err);
MUST_USE enum errc find_ip(const struct index *index, const struct ip *ip, struct find_hits *out,
                           struct err *err);
MUST_USE enum errc find_endpoint(const struct index *index, const struct ip *ip, uint16_t port,
                                 struct find_hits *out, struct err *err);
/* URL indicators only: the host is for find_name or find_ip. */
MUST_USE enum errc find_url(const struct index *index, const struct url *url, struct find_hits *out,
                            struct err *err);
/* kind KIND_COUNT = any algorithm of this size. */
MUST_USE enum errc find_digest(const struct index *index, const uint8_t *digest, size_t size, enum kind kind,
                               struct find_hits *out, struct err *err);
MUST_USE enum errc find_number(const struct index *index, const struct number_range *number,
                               struct find_hits *out, struct err *err);

/* The text of the indicator, as indicator_format() writes it. Returns its size. */
size_t find_format(const struct find_hit *hit, char out[INDICATOR_TEXT_SIZE]);

/* The keys of an index, for it and for who builds it. */
enum { FIND_KEY_MAX = 40 };
size_t find_key_ip6(const struct ip *ip, uint8_t length, uint8_t out[FIND_KEY_MAX]);
size_t find_key_endpoint(const struct ip *ip, uint16_t port, uint8_t out[FIND_KEY_MAX]);
/* kind tells SM3 from SHA-256. */
size_t find_key_digest(const uint8_t *digest, enum kind kind, uint8_t out[FIND_KEY_MAX]);

#endif
